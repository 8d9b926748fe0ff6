/*
title: The address of a protected customer was disclosed
category: disclosure
severity: high
term: 72 hours
risk: 1
dataset: installer_disclosures
why: A customer with non-disclosure for personal safety may be in danger where the address is known.
todo: Tell the customer and the managing director at once; have the paper destroyed.
notice: [N16]
mandate: GDPR art. 5(1)(f), 33 and 34
owner: managing director
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select d.record_key
from registry.installer_disclosures as d
join latest.customers as c on c.customer_number = d.customer_number
where c.protected_address
  and list_contains(list_transform(string_split(d.fields, ','), lambda item: lower(trim(item))), 'osoite')
