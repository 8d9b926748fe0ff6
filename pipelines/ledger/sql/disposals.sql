-- A row is one class of the disposal schedule with records past their last day and not on hold: how many, the earliest last day,
-- and a checksum over their keys, by which an approval recognises its list. Reads registry.retention and registry.schedule.
-- Parameters: none.
select
    r.class, min(s.dataset) as dataset, min(s.title) as title, min(s.mandate) as mandate, count(*) as records, min(r.last_day) as first_day,
    sha256(string_agg(r.dataset || '|' || r.record_key, ',' order by r.dataset, r.record_key)) as keys_sha256
from registry.retention as r
left join registry.schedule as s on s.class = r.class
where r.state = 'due'
group by r.class
order by count(*) desc, r.class
