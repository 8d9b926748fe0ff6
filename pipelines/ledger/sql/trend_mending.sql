-- A row is one period, kind, system and severity with findings that this period proves fixed: how many, and the mean and
-- maximum days from the export that first showed them to the one that did not. Reads courses and found.
select
    c.period, c.as_of, f.kind, f.system, f.severity,
    count(*) as mended,
    avg(date_diff('day', cast(c.came_in as date), cast(c.period as date))) as mean_days,
    max(date_diff('day', cast(c.came_in as date), cast(c.period as date))) as most_days
from {{ catalog }}.ledger.courses as c
join {{ catalog }}.ledger.found as f on f.fingerprint = c.fingerprint and f.period = c.found_in
where c.resolved_in = c.period
group by c.period, c.as_of, f.kind, f.system, f.severity
