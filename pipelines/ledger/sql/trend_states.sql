-- A row is one period, kind, system, category, severity and state, with the number of findings (or tasks) known by then.
-- Reads states.
select period, as_of, kind, system, category, severity, state, count(*) as findings
from {{ catalog }}.ledger.states
group by period, as_of, kind, system, category, severity, state
