/*
title: A phone number on the map that billing does not have
category: minimisation
severity: medium
dataset: map_customers
why: The map holds phone numbers only where billing has them; a copy without its source is never corrected.
todo: Take the number over into billing from the customer, or erase it from the map.
notice: [N21]
mandate: GDPR art. 5(1)(c)
owner: network maintenance
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select m.record_key, 'phone' as field
from registry.map_customers as m
join latest.customers as c on c.customer_number = m.customer_number
where m.phone is not null and c.phone is null
