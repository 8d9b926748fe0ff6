-- A row is one day that is no working day, with the next working day. Reads holiday (temporary). Parameters: none.
create or replace table config.working_days as
with days as (
    select cast(unnest(generate_series(date '{{ first }}-01-01', date '{{ last }}-12-31', interval 1 day)) as date) as day
),
working as (
    select day
    from days
    where isodow(day) < 6 and day not in (select day from holiday)
)
select days.day, working.day as working_day
from days
asof join working on working.day >= days.day
where days.day <> working.day
