-- A row is one row of a former customer.
select *
from registry.customers
where customer_until <= $as_of
