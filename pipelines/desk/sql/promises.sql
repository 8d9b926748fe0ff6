-- A row is one period and system with findings reported done: how many, and what later exports showed.
-- Reads ledger.trend_promises. Parameters: none.
select period, system, promised, kept, missed, pending
from ledger.trend_promises
order by period, system
