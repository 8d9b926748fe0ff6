-- A row is one period, kind, system, severity and age class, with the number of findings (or tasks) still there, and how many
-- of them are open.
-- Reads states.
select
    period, as_of, kind, system, severity,
    case
        when age_days <= 90 then '1: up to 90 days'
        when age_days <= 180 then '2: up to 180 days'
        when age_days <= 365 then '3: up to a year'
        else '4: over a year'
    end as age,
    count(*) as findings,
    count(case when is_open then 1 end) as open,
    sum(case when state = 'accepted' then 1 else 0 end) as accepted
from {{ catalog }}.ledger.states
where is_there
group by period, as_of, kind, system, severity, age
