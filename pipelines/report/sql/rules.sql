-- A row is one rule with what became of it; passed: findings whose last day lies before $as_of. Reads results.*.
-- Parameters: as_of.
with found as (
    select
        rule,
        count(*) as findings,
        count(*) filter (where severity = 'high') as high,
        count(*) filter (where severity = 'medium') as medium,
        count(*) filter (where severity = 'low') as low,
        count(*) filter (where due_on < $as_of) as passed,
        min(due_on) as due_on
    from results.findings
    group by rule
),
looked as (
    select rule, dataset, max(records) as records, max(case when status = 'evaluated' then 1 else 0 end) as evaluated
    from results.evaluations
    group by rule, dataset
),
examined as (
    select rule, sum(case when evaluated = 1 then records end) as records, max(evaluated) as evaluated
    from looked
    group by rule
)
select
    r.*,
    coalesce(f.findings, 0) as findings,
    coalesce(f.high, 0) as high,
    coalesce(f.medium, 0) as medium,
    coalesce(f.low, 0) as low,
    coalesce(f.passed, 0) as passed,
    f.due_on,
    cast(e.records as bigint) as records,
    coalesce(e.evaluated, 0) = 1 as is_evaluated
from results.rules as r
left join found as f on f.rule = r.rule
left join examined as e on e.rule = r.rule
order by r.rule
