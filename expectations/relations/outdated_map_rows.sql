-- A row is one map row of a current customer, copied from billing before the contact data was last confirmed there.
select m.line
from registry.map_customers as m
join latest.customers as c on c.customer_number = m.customer_number
join registry.current_customer_numbers as current on current.customer_number = m.customer_number
where m.imported_on < c.contact_confirmed_on
