-- A row is one legal hold in force and the number of its customer's records that it currently keeps. The reason is free text and
-- is not returned. Reads registry.active_holds and registry.retention. Parameters: none.
select
    h.hold_id, coalesce(h.system, 'every system') as system, coalesce(h.dataset, 'every dataset') as dataset, h.customer_number,
    count(r.record_key) as records_kept
from registry.active_holds as h
left join registry.retention as r
    on r.customer_number = h.customer_number and r.state = 'held'
   and coalesce(h.system, r.system) = r.system and coalesce(h.dataset, r.dataset) = r.dataset
group by h.hold_id, h.system, h.dataset, h.customer_number
order by h.hold_id
