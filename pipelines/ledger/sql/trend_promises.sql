-- A row is one period and system with findings reported done there: how many, and what later exports showed.
-- Reads promises, courses and found.
select
    p.period, f.system,
    count(*) as promised,
    sum(case when p.outcome = 'kept' then 1 else 0 end) as kept,
    sum(case when p.outcome = 'missed' then 1 else 0 end) as missed,
    sum(case when p.outcome = 'pending' then 1 else 0 end) as pending
from {{ catalog }}.ledger.promises as p
join {{ catalog }}.ledger.courses as c on c.fingerprint = p.fingerprint and c.period = p.period
join {{ catalog }}.ledger.found as f on f.fingerprint = c.fingerprint and f.period = c.found_in
group by p.period, f.system
