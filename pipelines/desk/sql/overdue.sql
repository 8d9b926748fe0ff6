-- A row is one finding whose last day lies before $as_of, the oldest first. Reads results.findings. Parameters: as_of.
select rule, severity, system, dataset, record_key, customer_number, due_on, date_diff('day', due_on, $as_of) as days_late
from results.findings
where due_on < $as_of
order by due_on, rule, system, dataset, record_key
