-- A row is one non-working day, with the next working day. Reads holiday (temporary). Parameters: none.
create or replace table config.working_days as
with days as (
    select cast(unnest(generate_series(date '{{ first }}-01-01', date '{{ last }}-12-31', interval 1 day)) as date) as day
),
judged as (
    select day, isodow(day) < 6 and day not in (select h.day from holiday as h) as is_working
    from days
),
followed as (
    select
        day,
        is_working,
        min(case when is_working then day end) over (order by day rows between current row and unbounded following) as working_day
    from judged
)
select day, working_day
from followed
where not is_working and working_day is not null
