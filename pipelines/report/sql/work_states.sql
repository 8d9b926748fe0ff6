-- A row is one period, kind and state, with the number of findings (or tasks) known by then. Reads ledger.standing.
-- Parameters: none.
select cast(period as date) as period, kind, state, cast(sum(items) as bigint) as findings
from ledger.standing
group by period, kind, state
order by period, kind, state
