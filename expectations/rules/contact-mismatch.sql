/*
title: The same customer, told differently by two systems
category: consistency
severity: medium
why: One of the two is wrong, and a correction has not reached every system that holds the data.
todo: Find out which is right and correct the other.
notice: [N19, N21, N23, N38]
mandate: GDPR art. 5(1)(d) and 19
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select 'map_customers' as dataset, m.record_key, 'name' as field
from registry.map_customers as m
join latest.customers as c on c.customer_number = m.customer_number
where m.name <> c.name
  and normal_name(m.name) <> normal_name(c.name)
  and m.line not in (select o.line from registry.outdated_map_rows as o)
union all
select 'map_customers' as dataset, m.record_key, 'address' as field
from registry.map_customers as m
join latest.customers as c on c.customer_number = m.customer_number
where m.address <> (c.street_address || ', ' || c.postal_code || ' ' || c.city)
  and normal_address(m.address) <> normal_address(c.street_address || ', ' || c.postal_code || ' ' || c.city)
  and m.line not in (select o.line from registry.outdated_map_rows as o)
union all
select 'map_customers' as dataset, m.record_key, 'phone' as field
from registry.map_customers as m
join latest.customers as c on c.customer_number = m.customer_number
where m.phone <> c.phone
  and to_e164(m.phone) <> to_e164(c.phone)
  and m.line not in (select o.line from registry.outdated_map_rows as o)
union all
select 'ledger' as dataset, l.record_key, 'name' as field
from registry.own_ledger as l
join latest.customers as c on c.customer_number = l.customer_number
where l.open_amount <> 0 and l.name <> c.name
  and normal_name(l.name) <> normal_name(c.name)
union all
select 'accounts' as dataset, a.record_key, 'email' as field
from registry.accounts as a
join latest.customers as c on c.customer_number = a.customer_number
where a.email <> c.email
  and normal_email(a.email) <> normal_email(c.email)
  and a.line not in (select o.line from registry.accounts_ahead_of_billing as o)
union all
select 'accounts' as dataset, a.record_key, 'phone' as field
from registry.accounts as a
join latest.customers as c on c.customer_number = a.customer_number
where a.phone <> c.phone
  and to_e164(a.phone) <> to_e164(c.phone)
  and a.line not in (select o.line from registry.accounts_ahead_of_billing as o)
union all
select 'accounts' as dataset, a.record_key, 'street_address' as field
from registry.accounts as a
join latest.customers as c on c.customer_number = a.customer_number
where a.street_address <> c.street_address
  and normal_address(a.street_address) <> normal_address(c.street_address)
  and a.line not in (select o.line from registry.accounts_ahead_of_billing as o)
union all
select 'accounts' as dataset, a.record_key, 'postal_code' as field
from registry.accounts as a
join latest.customers as c on c.customer_number = a.customer_number
where a.postal_code <> c.postal_code
  and a.line not in (select o.line from registry.accounts_ahead_of_billing as o)
union all
select 'accounts' as dataset, a.record_key, 'city' as field
from registry.accounts as a
join latest.customers as c on c.customer_number = a.customer_number
where a.city <> c.city
  and normal_address(a.city) <> normal_address(c.city)
  and a.line not in (select o.line from registry.accounts_ahead_of_billing as o)
