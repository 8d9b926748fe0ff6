/*
title: A portal account that nobody has used for two years
category: staleness
severity: low
dataset: accounts
why: An account that its customer does not use is a door that nobody watches.
todo: Ask the customer whether the account is needed; close it if not.
notice: [N23]
mandate: GDPR art. 5(1)(e) and 32
owner: customer service
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select a.record_key, 'last_login_on' as field, coalesce('last login ' || a.last_login_on, 'no login') as detail
from registry.accounts as a
join registry.current_customer_numbers as c on c.customer_number = a.customer_number
where coalesce(a.last_login_on, a.created_on) + interval '2 years' < $as_of
