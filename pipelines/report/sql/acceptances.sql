-- A row is one acceptance in force and one rule it covers, with the findings or tasks still there; the first to end first.
-- Reads ledger.in_force and results.rules. Parameters: none.
select
    a.acceptance, a.rule, min(r.title) as title, count(*) as items, min(a.accepted_by) as accepted_by,
    min(a.second_name) as second_name, min(a.reason) as reason, cast(min(a.from_period) as date) as from_period, min(a.until_on) as until_on
from ledger.in_force as a
left join results.rules as r on r.rule = a.rule
group by a.acceptance, a.rule
order by min(a.until_on), a.acceptance, a.rule
