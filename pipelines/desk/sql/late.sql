-- A row is one period and severity: findings and tasks that are open, and those of them past the day to act by.
-- Reads ledger.standing. Parameters: none.
select period, severity, cast(sum(open) as bigint) as to_be_mended, cast(sum(late) as bigint) as past_their_day
from ledger.standing
where is_open
group by period, severity
order by period, severity
