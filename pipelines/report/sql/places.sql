-- A row is one rule, dataset and field with open findings. Reads ledger.states. Parameters: none.
select rule, system, dataset, field, count(*) as findings, min(due_on) as due_on
from ledger.states
where kind = 'finding' and is_open
group by rule, system, dataset, field
order by rule, system, dataset, field
