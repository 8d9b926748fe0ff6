-- A row is one month's end at which exports were due between two periods, and none was taken in; one that came up to
-- $grace days later counts for it. Parameters: before, period, months, grace.
select last_day($before + to_months(cast($months * step as integer))) as day
from (select unnest(range(1, 121)) as step) as steps
where last_day($before + to_months(cast($months * step as integer))) < $period - to_days(cast($grace as integer))
order by day
