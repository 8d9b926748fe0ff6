-- A row is one open finding's record key, the first $shown of each rule, dataset and field, the longest overdue first.
-- Reads ledger.states. Parameters: shown.
select rule, system, dataset, field, record_key
from (
    select
        rule,
        system,
        dataset,
        field,
        record_key,
        row_number() over (partition by rule, system, dataset, field order by due_on nulls last, record_key) as place
    from ledger.states
    where kind = 'finding' and is_open
) as ranked
where place <= $shown
order by rule, system, dataset, field, place
