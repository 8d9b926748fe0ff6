-- A row is one rule with its open findings; passed: those past their last day; decided: accepted or reported done, not counted as
-- open. Numbers come from ledger.standing; the sort keys from ledger.states. Reads results.* too. Parameters: none.
with now as (
    select *
    from ledger.standing
    where kind = 'finding' and period = (select max(period) from ledger.periods)
),
found as (
    select
        rule,
        cast(sum(open) as bigint) as findings,
        cast(sum(case when severity = 'high' then open else 0 end) as bigint) as high,
        cast(sum(case when severity = 'medium' then open else 0 end) as bigint) as medium,
        cast(sum(case when severity = 'low' then open else 0 end) as bigint) as low,
        cast(sum(passed) as bigint) as passed,
        cast(sum(case when state in ('accepted', 'reported done') then items else 0 end) as bigint) as decided
    from now
    group by rule
),
gravity as (
    select rule, min(rank) as rank, min(risk) as risk, min(due_on) as due_on
    from ledger.states
    where kind = 'finding' and is_open
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
    g.rank,
    g.risk,
    g.due_on,
    cast(e.records as bigint) as records,
    coalesce(e.evaluated, 0) = 1 as is_evaluated
from results.rules as r
left join found as f on f.rule = r.rule
left join gravity as g on g.rule = r.rule
left join examined as e on e.rule = r.rule
order by r.rule
