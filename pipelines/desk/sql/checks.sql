-- A row is one rule on one dataset and field, with the dataset's records and the findings among them; status: evaluated, or
-- not evaluated if the period lacks what a part reads. Reads results.* and feed.files. Parameters: none.
with found as (
    select rule, dataset, field, count(*) as findings
    from results.findings
    group by rule, dataset, field
),
looked as (
    select
        rule, dataset, coalesce(field, '') as field, max(reason) as reason,
        max(case when status = 'evaluated' then 0 else 1 end) as lacking
    from results.evaluations
    where dataset <> ''
    group by rule, dataset, coalesce(field, '')
),
places as (
    select rule, dataset, field
    from found
    union
    select rule, dataset, field
    from looked
    where field <> '' or lacking = 1 or not exists (
        select 1 from found where found.rule = looked.rule and found.dataset = looked.dataset
    )
)
select
    r.category, p.rule, d.system, p.dataset, p.field, n.rows_registered as records,
    coalesce(f.findings, 0) as findings,
    coalesce(f.findings, 0) / nullif(n.rows_registered, 0) as share,
    case when l.lacking = 1 then 'not evaluated: ' || l.reason else 'evaluated' end as status
from places as p
join results.rules as r on r.rule = p.rule
join results.datasets as d on d.dataset = p.dataset
left join feed.files as n on n.dataset = p.dataset and n.status = 'read'
left join found as f on f.rule = p.rule and f.dataset = p.dataset and f.field = p.field
left join looked as l on l.rule = p.rule and l.dataset = p.dataset and l.field = p.field
order by coalesce(f.findings, 0) desc, p.rule, d.system, p.dataset, p.field
