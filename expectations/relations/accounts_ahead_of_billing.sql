-- A row is one portal account of a current customer whose contact data was changed there after billing last confirmed it.
select a.line
from registry.accounts as a
join latest.customers as c on c.customer_number = a.customer_number
join registry.current_customer_numbers as current on current.customer_number = a.customer_number
where a.contact_changed_on > c.contact_confirmed_on
   or (a.contact_changed_on is not null and c.contact_confirmed_on is null)
