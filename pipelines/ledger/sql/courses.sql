-- A row is one finding or task in one period from its first on. is_there: found, or its check says that it still holds;
-- is_gone: proved gone; course: the state before decisions; spell: increases with every return; found_in: the last
-- period with it among its findings; resolved_in: the first proof that it is gone. Reads sights.
with so_far as (
    select
        *,
        max(case when is_found then period end) over upto as found_in,
        max(case when is_there then period end) over upto as last_seen,
        max(case when is_there then period end) over before as seen_before,
        max(case when is_gone then period end) over upto as gone_by,
        max(case when is_gone then period end) over before as gone_before,
        count(case when is_there then 1 end) over upto as periods_open
    from {{ catalog }}.ledger.sights
    window
        upto as (partition by fingerprint order by period),
        before as (partition by fingerprint order by period rows between unbounded preceding and 1 preceding)
),
judged as (
    select
        *,
        case
            when is_there and seen_before is null then 'new'
            when is_there and gone_before > seen_before then 'reappeared'
            when is_there then 'open'
            when gone_by > last_seen then 'resolved'
            else 'not observable'
        end as course
    from so_far
),
spelt as (
    select *, sum(case when course in ('new', 'reappeared') then 1 else 0 end) over (partition by fingerprint order by period) as spell
    from judged
)
select
    fingerprint, period, as_of, first_period as first_seen, found_in, last_seen, periods_open, is_found, is_there, is_gone, course,
    case when course = 'not observable' then reason else '' end as reason,
    spell,
    min(period) over (partition by fingerprint, spell) as came_in,
    min(case when is_gone then period end) over (partition by fingerprint, spell order by period) as resolved_in
from spelt
