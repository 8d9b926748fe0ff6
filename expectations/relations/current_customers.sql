-- A row is one row of a current customer: customer_until is missing, but not unreadable, or lies after the as-of date.
select *
from registry.customers
where customer_until > $as_of
   or (customer_until is null and not coalesce(list_contains(unreadable, 'customer_until'), false))
