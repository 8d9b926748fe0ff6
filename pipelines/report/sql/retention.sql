-- A row is one retention class, state and quarter of the last day (null: none set); within_year: due by a year from $as_of.
-- Reads registry.retention. Parameters: as_of.
select
    class,
    state,
    cast(date_trunc('quarter', last_day) as date) as quarter,
    count(*) as records,
    count(*) filter (where last_day <= $as_of + interval 1 year) as within_year
from registry.retention
group by class, state, cast(date_trunc('quarter', last_day) as date)
order by class, state, quarter
