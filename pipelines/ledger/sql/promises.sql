-- A row is one finding reported done in one period. outcome: kept, missed or pending; answered_in: the period that showed it.
-- Reads courses and the worklists read back.
with promised as (
    select fingerprint, period, arg_max(is_done, number) as is_done, arg_max(remark, number) as remark, arg_max(source, number) as source
    from workbench.ledger.reports
    where is_done is not null
    group by fingerprint, period
),
answers as (
    select
        p.fingerprint, p.period, p.remark, p.source,
        min(case when (c.is_gone and c.period >= p.period) or (c.is_there and c.period > p.period) then c.period end) as answered_in
    from promised as p
    left join {{ catalog }}.ledger.courses as c on c.fingerprint = p.fingerprint
    where p.is_done
    group by p.fingerprint, p.period, p.remark, p.source
)
select
    a.fingerprint, a.period, a.remark, a.source, a.answered_in,
    case when a.answered_in is null then 'pending' when c.is_gone then 'kept' else 'missed' end as outcome
from answers as a
left join {{ catalog }}.ledger.courses as c on c.fingerprint = a.fingerprint and c.period = a.answered_in
