/*
title: A change in the portal that never reached billing
category: staleness
severity: high
dataset: accounts
why: The customer reported the change, as the contract asks; billing goes on with the old data.
todo: Take the change over into billing, and confirm it.
notice: [N23, N38]
mandate: GDPR art. 5(1)(d) and 16
owner: customer service
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select a.record_key, 'email' as field
from registry.accounts as a
join registry.accounts_ahead_of_billing as o on o.line = a.line
join latest.customers as c on c.customer_number = a.customer_number
where a.email <> c.email
  and normal_email(a.email) <> normal_email(c.email)
union all
select a.record_key, 'phone' as field
from registry.accounts as a
join registry.accounts_ahead_of_billing as o on o.line = a.line
join latest.customers as c on c.customer_number = a.customer_number
where a.phone <> c.phone
  and to_e164(a.phone) <> to_e164(c.phone)
union all
select a.record_key, 'street_address' as field
from registry.accounts as a
join registry.accounts_ahead_of_billing as o on o.line = a.line
join latest.customers as c on c.customer_number = a.customer_number
where a.street_address <> c.street_address
  and normal_address(a.street_address) <> normal_address(c.street_address)
union all
select a.record_key, 'postal_code' as field
from registry.accounts as a
join registry.accounts_ahead_of_billing as o on o.line = a.line
join latest.customers as c on c.customer_number = a.customer_number
where a.postal_code <> c.postal_code
union all
select a.record_key, 'city' as field
from registry.accounts as a
join registry.accounts_ahead_of_billing as o on o.line = a.line
join latest.customers as c on c.customer_number = a.customer_number
where a.city <> c.city
  and normal_address(a.city) <> normal_address(c.city)
