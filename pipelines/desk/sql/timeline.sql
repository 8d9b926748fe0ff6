-- A row is one class and month (its first day) in which records of it reach their last day; is_past: some already did.
-- Reads registry.retention. Parameters: as_of, until.
select
    cast(date_trunc('month', last_day) as date) as month, class, state = 'due' as is_past, count(*) as records
from registry.retention
where state in ('due', 'active') and last_day <= $until
group by cast(date_trunc('month', last_day) as date), class, state = 'due'
order by month, class, is_past
