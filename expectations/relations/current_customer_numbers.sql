-- A row is one number of a current customer, by the last row of the file that has it.
select customer_number
from latest.customers
where customer_number is not null
  and (
    customer_until > $as_of
    or (customer_until is null and not coalesce(list_contains(unreadable, 'customer_until'), false))
  )
