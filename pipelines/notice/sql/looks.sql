-- A row is one statement and one part of a rule that could find a breach of it, evaluated or not.
-- Reads results.evaluations, results.rules, feed.files and notice_evidence (temporary). Parameters: none.
with parts as (
    -- A rule about the feed is evaluated even if there is no file; it saw nothing there.
    select
        v.rule, v.part, v.dataset, v.field, v.records,
        case when unseen.dataset is null then v.status else 'not evaluated' end as status,
        case when unseen.dataset is null then v.reason else 'export missing' end as reason
    from results.evaluations as v
    left join (
        select r.rule, f.dataset
        from feed.files as f
        cross join results.rules as r
        where f.status <> 'read' and r.about = 'feed'
    ) as unseen on unseen.rule = v.rule and unseen.dataset = v.dataset
),
named as (
    select
        e.statement, e.lasting, len(e.datasets) + len(e.fields) > 0 and e.detail = '' and e.headers is null and e.not_headers is null as whole,
        v.rule, v.part, v.dataset, v.field, v.status, v.reason, v.records
    from parts as v
    join notice_evidence as e on e.rule = v.rule
    where not e.rest and not e.blinds
      and (len(e.datasets) = 0 or coalesce(v.dataset, '') = '' or list_contains(e.datasets, v.dataset))
      and (len(e.fields) = 0 or coalesce(v.field, '') = '' or list_contains(e.fields, v.field))
),
remaining as (
    select e.statement, v.rule, v.dataset, v.field, v.status, v.reason, v.records
    from parts as v
    join notice_evidence as e on e.rule = v.rule and e.rest and not e.blinds
    left join (select distinct rule, part from named where whole and not lasting and dataset <> '') as n
        on n.rule = v.rule and n.part = v.part
    where n.rule is null
)
select distinct statement, rule, coalesce(dataset, '') as dataset, coalesce(field, '') as field, status, coalesce(reason, '') as reason, records
from (
    select statement, rule, dataset, field, status, reason, records from named
    union all
    select statement, rule, dataset, field, status, reason, records from remaining
) as every_part
order by statement, rule, dataset, field, status, reason, records
