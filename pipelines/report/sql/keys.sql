-- A row is one open finding's record key, the first $shown of each rule, dataset and field, longest overdue first. A key that
-- contains the number of a customer who must not be revealed is left out. Reads ledger.states and, if it exists, results.reserved.
-- Parameters: shown, is_reserved.
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
{% if is_reserved %}
    anti join (select rule, dataset, record_key, field from results.reserved where hides_key) as r
        using (rule, dataset, record_key, field)
{% endif %}
    where kind = 'finding' and is_open
) as ranked
where place <= $shown
order by rule, system, dataset, field, place
