-- A row is one class of the disposal schedule: its records by state, as report/retention.sql counts them. within_year: those whose
-- last day comes by a year from $as_of. Reads registry.schedule and registry.retention. Parameters: as_of.
with counted as (
{% include "report/retention.sql" %}
)
select
    s.class, s.period, s.mandate, s.action,
    cast(coalesce(sum(c.records), 0) as bigint) as records,
    cast(coalesce(sum(case when c.state = 'due' then c.records end), 0) as bigint) as past_due,
    cast(coalesce(sum(case when c.state = 'active' then c.within_year end), 0) as bigint) as within_year,
    cast(coalesce(sum(case when c.state = 'active' then c.records - c.within_year end), 0) as bigint) as later,
    cast(coalesce(sum(case when c.state = 'held' then c.records end), 0) as bigint) as held,
    cast(coalesce(sum(case when c.state = 'not running' then c.records end), 0) as bigint) as not_running,
    cast(coalesce(sum(case when c.state = 'trigger missing' then c.records end), 0) as bigint) as date_missing,
    cast(coalesce(sum(case when c.state = 'no criterion' then c.records end), 0) as bigint) as no_criterion
from registry.schedule as s
left join counted as c on c.class = s.class
group by s.class, s.period, s.mandate, s.action
order by coalesce(sum(case when c.state = 'due' then c.records end), 0) desc, s.class
