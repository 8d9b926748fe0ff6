-- A row is one rule and dataset with parts that could not be evaluated, and why. Reads results.*. Parameters: none.
select e.rule, r.category, coalesce(d.system, '') as system, coalesce(e.dataset, '') as dataset, max(e.reason) as reason, count(*) as parts
from results.evaluations as e
join results.rules as r on r.rule = e.rule
left join results.datasets as d on d.dataset = e.dataset
where e.status = 'not evaluated'
group by e.rule, r.category, coalesce(d.system, ''), coalesce(e.dataset, '')
order by e.rule, coalesce(d.system, ''), coalesce(e.dataset, '')
