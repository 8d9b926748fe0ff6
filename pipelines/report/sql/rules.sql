-- A row is one rule with its open findings; passed: those past their last day; decided: accepted or reported done, and not among
-- them. Reads ledger.states and results.*. Parameters: none.
with found as (
    select
        rule,
        count(case when is_open then 1 end) as findings,
        count(case when is_open and severity = 'high' then 1 end) as high,
        count(case when is_open and severity = 'medium' then 1 end) as medium,
        count(case when is_open and severity = 'low' then 1 end) as low,
        count(case when is_passed then 1 end) as passed,
        count(case when is_there and not is_open then 1 end) as decided,
        min(case when is_open then rank end) as rank,
        min(case when is_open then risk end) as risk,
        min(case when is_open then due_on end) as due_on
    from ledger.states
    where kind = 'finding'
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
    coalesce(f.decided, 0) as decided,
    f.rank,
    f.risk,
    f.due_on,
    cast(e.records as bigint) as records,
    coalesce(e.evaluated, 0) = 1 as is_evaluated
from results.rules as r
left join found as f on f.rule = r.rule
left join examined as e on e.rule = r.rule
order by r.rule
