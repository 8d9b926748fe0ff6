/*
title: A copy on the map older than what billing confirmed
category: staleness
severity: medium
dataset: map_customers
why: Messages about water cuts go by the copy on the map; an old copy reaches the wrong place or number.
todo: Copy the customer from billing again.
notice: [N21, N38]
mandate: GDPR art. 5(1)(d) and 19
owner: network maintenance
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select m.record_key, 'imported_on' as field, 'name' as detail
from registry.map_customers as m
join registry.outdated_map_rows as o on o.line = m.line
join latest.customers as c on c.customer_number = m.customer_number
where m.name <> c.name
  and normal_name(m.name) <> normal_name(c.name)
union all
select m.record_key, 'imported_on' as field, 'address' as detail
from registry.map_customers as m
join registry.outdated_map_rows as o on o.line = m.line
join latest.customers as c on c.customer_number = m.customer_number
where m.address <> (c.street_address || ', ' || c.postal_code || ' ' || c.city)
  and normal_address(m.address) <> normal_address(c.street_address || ', ' || c.postal_code || ' ' || c.city)
union all
select m.record_key, 'imported_on' as field, 'phone' as detail
from registry.map_customers as m
join registry.outdated_map_rows as o on o.line = m.line
join latest.customers as c on c.customer_number = m.customer_number
where m.phone <> c.phone
  and to_e164(m.phone) <> to_e164(c.phone)
