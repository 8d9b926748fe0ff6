-- A row is one system, category, severity and owner with findings; passed: those whose last day lies before $as_of.
-- Reads results.findings and results.rules. Parameters: as_of.
select
    f.system,
    f.category,
    f.severity,
    r.owner,
    count(*) as findings,
    count(*) filter (where f.due_on < $as_of) as passed
from results.findings as f
join results.rules as r on r.rule = f.rule
group by f.system, f.category, f.severity, r.owner
order by f.system, f.category, f.severity, r.owner
