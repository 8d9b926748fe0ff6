-- A row is one class of the disposal schedule: its records by state. within_year: those whose last day comes by a year from
-- $as_of. Reads registry.schedule and registry.retention. Parameters: as_of.
select
    s.class, s.period, s.mandate, s.action,
    count(r.record_key) as records,
    count(case when r.state = 'due' then 1 end) as past_due,
    count(case when r.state = 'active' and r.last_day <= $as_of + interval 1 year then 1 end) as within_year,
    count(case when r.state = 'active' and r.last_day > $as_of + interval 1 year then 1 end) as later,
    count(case when r.state = 'held' then 1 end) as held,
    count(case when r.state = 'not running' then 1 end) as not_running,
    count(case when r.state = 'trigger missing' then 1 end) as date_missing,
    count(case when r.state = 'no criterion' then 1 end) as no_criterion
from registry.schedule as s
left join registry.retention as r on r.class = s.class
group by s.class, s.period, s.mandate, s.action
order by count(case when r.state = 'due' then 1 end) desc, s.class
