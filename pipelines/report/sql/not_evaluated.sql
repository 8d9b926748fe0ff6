-- A row is one rule and dataset with parts that could not be evaluated, and why; fields: how many of them name a field.
-- Reads results.evaluations, results.rules and results.datasets. Parameters: none.
select
    coalesce(d.system, '') as system,
    coalesce(e.dataset, '') as dataset,
    coalesce(e.reason, '') as reason,
    e.rule,
    r.category,
    count(*) as parts,
    count(distinct nullif(e.field, '')) as fields
from results.evaluations as e
left join results.rules as r on r.rule = e.rule
left join results.datasets as d on d.dataset = e.dataset
where e.status = 'not evaluated'
group by d.system, e.dataset, e.reason, e.rule, r.category
order by coalesce(d.system, ''), coalesce(e.dataset, ''), coalesce(e.reason, ''), e.rule
