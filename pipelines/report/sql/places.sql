-- A row is one rule, dataset and field with findings. Reads results.findings. Parameters: none.
select rule, system, dataset, field, count(*) as findings, min(due_on) as due_on
from results.findings
group by rule, system, dataset, field
order by rule, system, dataset, field
