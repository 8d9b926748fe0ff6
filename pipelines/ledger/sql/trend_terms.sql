-- A row is one period, kind, system and severity with findings (or tasks) still to be mended: how many, and how many of them past
-- the day they were to be mended by. What is accepted, or reported done and not yet proved, is not among them. Reads states.
select
    period, as_of, kind, system, severity, count(*) as findings, sum(case when act_by < as_of then 1 else 0 end) as late
from {{ catalog }}.ledger.states
where is_there and state not in ('accepted', 'reported done')
group by period, as_of, kind, system, severity
