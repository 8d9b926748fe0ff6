-- A row is one open finding or task whose last day by law or schedule is before $as_of, oldest first.
-- Reads ledger.states. Parameters: as_of.
select rule, severity, system, dataset, record_key, customer_number, due_on, date_diff('day', due_on, $as_of) as days_late
from ledger.states
where is_passed
order by due_on, rule, system, dataset, record_key
