-- A row is one finding. Reads results.findings. Parameters: none.
select rule, category, severity, system, dataset, record_key, field, customer_number, due_on, detail
from results.findings
order by rule, system, dataset, record_key, field
