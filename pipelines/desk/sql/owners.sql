-- A row is one rule and system with findings, and whose it is to act. Reads results.*. Parameters: as_of.
select
    f.category, f.system, r.owner,
    count(case when f.severity = 'high' then 1 end) as high,
    count(case when f.severity = 'medium' then 1 end) as medium,
    count(case when f.severity = 'low' then 1 end) as low,
    count(case when f.due_on < $as_of then 1 end) as deadlines_passed
from results.findings as f
join results.rules as r on r.rule = f.rule
group by f.category, f.system, r.owner
order by f.category, f.system, r.owner
