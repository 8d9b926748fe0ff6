-- A row is one rule, category, severity and change since the previous period. change: new, gone, still; comparable: the
-- other period looked too, so that new means arisen and gone means dealt with. Reads results.* and previous.results.*.
-- Parameters: none.
with both_periods as (
    select
        coalesce(n.rule, p.rule) as rule,
        coalesce(n.dataset, p.dataset) as dataset,
        coalesce(n.field, p.field) as field,
        coalesce(n.category, p.category) as category,
        coalesce(n.severity, p.severity) as severity,
        case when p.rule is null then 'new' when n.rule is null then 'gone' else 'still' end as change
    from results.findings as n
    full join previous.results.findings as p
        on p.rule = n.rule and p.dataset = n.dataset and p.record_key = n.record_key and p.field = n.field
),
counted as (
    select rule, dataset, field, category, severity, change, count(*) as findings
    from both_periods
    group by rule, dataset, field, category, severity, change
),
looks as (
    select 'gone' as change, e.rule, e.dataset, e.field, e.status from results.evaluations as e
    union all
    select 'gone' as change, r.rule, f.dataset, '' as field, 'not evaluated' as status
    from feed.files as f cross join results.rules as r
    where f.status <> 'read'
    union all
    select 'new' as change, e.rule, e.dataset, e.field, e.status from previous.results.evaluations as e
    union all
    select 'new' as change, r.rule, f.dataset, '' as field, 'not evaluated' as status
    from previous.feed.files as f cross join previous.results.rules as r
    where f.status <> 'read'
),
judged as (
    select
        c.*,
        c.change = 'still' or (
            exists (select 1 from looks as l where l.change = c.change and l.rule = c.rule and l.status = 'evaluated')
            and not exists (
                select 1 from looks as l
                where l.change = c.change and l.rule = c.rule and l.status = 'not evaluated'
                  and coalesce(l.dataset, '') in (c.dataset, '') and coalesce(l.field, '') in (c.field, '')
            )
        ) as comparable
    from counted as c
)
select rule, category, severity, change, comparable, cast(sum(findings) as bigint) as findings
from judged
group by rule, category, severity, change, comparable
order by rule, category, severity, change, comparable
