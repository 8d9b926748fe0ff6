-- A row is one finding or task in one period from its first on: found there, still there by its check, or proved gone; reason:
-- why it is unknown. Reads found, checks, observability and hidden.
with known as (
    select
        fingerprint, min(period) as first_period, min(rule) as rule, min(dataset) as dataset, min(field) as field,
        bool_or(is_transition) as is_transition
    from {{ catalog }}.ledger.found
    group by fingerprint
),
looked as (
    select
        k.fingerprint, k.first_period, k.is_transition, p.period, p.as_of,
        f.fingerprint is not null as is_found,
        c.is_there as is_still_there,
        case
            when c.is_proof then ''
            when o.reason is null then 'not evaluated'
            when o.reason <> '' then o.reason
            when h.fingerprint is not null then 'row rejected'
            when k.is_transition and c.is_there is null then 'not looked for'
            else ''
        end as reason
    from known as k
    join {{ catalog }}.ledger.periods as p on p.period >= k.first_period
    left join {{ catalog }}.ledger.found as f on f.fingerprint = k.fingerprint and f.period = p.period
    left join {{ catalog }}.ledger.checks as c on c.fingerprint = k.fingerprint and c.period = p.period
    left join {{ catalog }}.ledger.observability as o
        on o.period = p.period and o.rule = k.rule and o.dataset = k.dataset and o.field = k.field
    left join {{ catalog }}.ledger.hidden as h on h.fingerprint = k.fingerprint and h.period = p.period
)
select
    fingerprint, first_period, period, as_of, is_found,
    is_found or coalesce(is_still_there, false) as is_there,
    not is_found and not coalesce(is_still_there, false) and reason = '' as is_gone,
    reason
from looked
