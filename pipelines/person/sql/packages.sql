-- A row is one access package that was made, oldest first. Reads subject_packages. Parameters: none.
select made_at, made_by, request_number, customer_number, period, records, sha256
from subject_packages
order by made_at, customer_number
