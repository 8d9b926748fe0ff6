-- A row is one period, kind and state, with the number of findings (or tasks) known by then. Reads ledger.trend_states.
-- Parameters: none.
select cast(period as date) as period, kind, state, cast(sum(findings) as bigint) as findings
from ledger.trend_states
group by period, kind, state
order by period, kind, state
