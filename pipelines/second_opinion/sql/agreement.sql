-- A row is one rule and dataset that was checked. offences: rows our own evaluation returned; gx_unexpected: Great Expectations'
-- count, null if it could not count. findings are fewer where a key repeats. Reads results.*. Parameters: none.
create or replace table results.agreement as
with checked as (
    select
        rule,
        dataset,
        case when count(*) filter (status = 'error') = 0 then sum(unexpected_count)::bigint end as gx_unexpected
    from results.expectations
    where status <> 'skipped'
    group by rule, dataset
),
returned as (
    select rule, dataset, count(*) as offences
    from results.offences
    group by rule, dataset
),
found as (
    select rule, dataset, count(*) as findings, sum(occurrences)::bigint as occurrences
    from results.findings
    group by rule, dataset
)
select
    rule,
    dataset,
    coalesce(found.findings, 0) as findings,
    coalesce(returned.offences, 0) as offences,
    checked.gx_unexpected,
    coalesce(checked.gx_unexpected = coalesce(returned.offences, 0), false)
        and coalesce(found.occurrences, 0) = coalesce(returned.offences, 0) as agrees
from checked
full join returned using (rule, dataset)
full join found using (rule, dataset)
order by rule, dataset
