-- A row is one system and category with open findings or tasks. Reads ledger.standing. Parameters: period.
select system, category, cast(sum(open) as bigint) as open
from ledger.standing
where is_open and period = $period
group by system, category
order by system, category
