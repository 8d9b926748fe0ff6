-- A row is one rule, dataset and field in a period after its first finding. is_observable: if such a finding were gone,
-- this period would prove it. reason: why it would not. Reads found, looks, reads, missing_columns and feed_verdicts.
with places as (
    select p.period, f.rule, f.dataset, f.field
    from (select rule, dataset, field, min(period) as first_period from {{ catalog }}.ledger.found group by rule, dataset, field) as f
    join {{ catalog }}.ledger.periods as p on p.period > f.first_period
),
looked as (
    select
        p.period, p.rule, p.dataset, p.field,
        count(*) filter (where l.is_evaluated) > 0 as is_evaluated,
        count(*) filter (where not l.is_evaluated) > 0 as is_partial
    from places as p
    left join {{ catalog }}.ledger.looks as l
        on l.period = p.period and l.rule = p.rule and l.dataset in (p.dataset, '') and l.field in (p.field, '')
    group by all
),
fed as (
    select
        p.period, p.rule, p.dataset, p.field,
        min(r.reads || ': ' || case
            when v.dataset is null then 'not declared'
            when r.needs = 'header' then case when v.is_read then null else v.reason end
            when not v.is_complete then v.reason
            when v.is_stale and r.reads = p.dataset then 'export stale'
        end) as reason
    from places as p
    join {{ catalog }}.ledger.looks as l
        on l.period = p.period and l.rule = p.rule and l.dataset in (p.dataset, '') and l.field in (p.field, '') and l.is_evaluated
    join {{ catalog }}.ledger.reads as r on r.period = l.period and r.rule = l.rule and r.part = l.part and r.dataset = l.dataset
    left join {{ catalog }}.ledger.feed_verdicts as v on v.period = r.period and v.dataset = r.reads
    group by all
)
select
    l.period, l.rule, l.dataset, l.field,
    case
        when m.field is not null then 'column missing'
        when not l.is_evaluated or l.is_partial then 'not evaluated'
        else coalesce(f.reason, '')
    end as reason,
    m.field is null and l.is_evaluated and not l.is_partial and f.reason is null as is_observable
from looked as l
left join fed as f on f.period = l.period and f.rule = l.rule and f.dataset = l.dataset and f.field = l.field
left join {{ catalog }}.ledger.missing_columns as m on m.period = l.period and m.dataset = l.dataset and m.field = l.field
