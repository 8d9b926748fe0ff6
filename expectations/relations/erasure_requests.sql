-- A row is one request for erasure that has been received. The ledger makes a task of it for every dataset that still holds
-- records of the person which no law wants kept.
select record_key, customer_number
from registry.requests
where kind = 'poisto' and received_on <= $as_of
