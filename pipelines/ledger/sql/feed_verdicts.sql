-- A row is one export of a period. is_complete: it was read and lost no more rows than its contract allows since
-- baseline_period, the last complete one, not counting records that were due for erasure and are gone. Reads feeds and found.
with recursive pairs as (
    select a.dataset, a.period as from_period, b.period as to_period, a.rows_registered - b.rows_registered as lost
    from {{ catalog }}.ledger.feeds as a
    join {{ catalog }}.ledger.feeds as b on b.dataset = a.dataset and b.period > a.period
    where a.status = 'read' and b.status = 'read'
      and a.rows_registered - b.rows_registered > greatest({{ few }}, a.rows_registered * b.largest_decrease / 100)
),
erased as (
    select p.dataset, p.from_period, p.to_period, count(distinct f.record_key) as records
    from pairs as p
    join {{ catalog }}.ledger.found as f on f.period = p.from_period and f.dataset = p.dataset and f.rule in ({{ erasures }})
    where f.field = ''
      and f.fingerprint not in (select g.fingerprint from {{ catalog }}.ledger.found as g where g.period = p.to_period)
    group by p.dataset, p.from_period, p.to_period
),
numbered as (
    select *, row_number() over (partition by dataset order by period) as place
    from {{ catalog }}.ledger.feeds
),
walk as (
    select
        dataset, period, place, cast(null as varchar) as baseline_period, cast(null as bigint) as baseline_rows, system, status,
        rows_registered, rows_rejected, is_stale,
        case
            when status <> 'read' then case when status = 'missing' then 'export missing' else status end
            when rows_rejected > {{ most_rejected }} then 'too many rejected rows'
            else ''
        end as reason
    from numbered
    where place = 1
    union all
    select
        n.dataset, n.period, n.place, b.period, b.rows_registered, n.system, n.status, n.rows_registered, n.rows_rejected, n.is_stale,
        case
            when n.status <> 'read' then case when n.status = 'missing' then 'export missing' else n.status end
            when n.rows_rejected > {{ most_rejected }} then 'too many rejected rows'
            when n.rows_registered = 0 and b.rows_registered > 0 then 'export empty'
            when b.rows_registered - n.rows_registered - coalesce(e.records, 0)
                > greatest({{ few }}, b.rows_registered * n.largest_decrease / 100) then 'export shrunk'
            else ''
        end
    from walk as w
    join numbered as n on n.dataset = w.dataset and n.place = w.place + 1
    cross join lateral (
        select
            case when w.reason = '' then w.period else w.baseline_period end as period,
            case when w.reason = '' then w.rows_registered else w.baseline_rows end as rows_registered
    ) as b
    left join erased as e on e.dataset = n.dataset and e.from_period = b.period and e.to_period = n.period
)
select period, system, dataset, status = 'read' as is_read, reason = '' as is_complete, is_stale, reason, baseline_period
from walk
