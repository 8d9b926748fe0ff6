-- A row is one month's end between two periods at which exports were due, and none was taken in; one up to $grace days later
-- counts for it. Parameters: before, period, months, grace.
select last_day($before + to_months(cast($months * step as integer))) as day
from (select unnest(range(1, 121)) as step) as steps
where last_day($before + to_months(cast($months * step as integer))) < $period - to_days(cast($grace as integer))
order by day
