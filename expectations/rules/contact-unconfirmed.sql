/*
title: Contact data that nobody has confirmed for three years
category: staleness
severity: medium
dataset: customers
why: Moves do not arrive by themselves; what was not confirmed for three years may lead bills and water cut notices astray.
todo: Have the customer confirm the contact data.
notice: [N10, N38]
mandate: GDPR art. 5(1)(d)
owner: customer service
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select record_key, 'contact_confirmed_on' as field, 'confirmed ' || contact_confirmed_on as detail
from registry.current_customers
where contact_confirmed_on + interval '3 years' < $as_of
