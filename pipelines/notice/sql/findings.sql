-- A row is one statement, rule, dataset and field with findings that break the statement, or hide whether it holds.
-- Reads results.findings, raw.undeclared_headers, notice_evidence and notice_lasting (temporary). Parameters: none.
with named as (
    select e.statement, e.blinds, e.lasting, f.rule, f.dataset, f.record_key, f.field
    from results.findings as f
    join notice_evidence as e on e.rule = f.rule
    -- A finding names an undeclared column by its position; its header is known only here.
    left join raw.undeclared_headers as h
        on f.rule = 'undeclared-column' and h.dataset = f.dataset and f.field = 'column ' || h.position
    where not e.rest
      and (len(e.datasets) = 0 or list_contains(e.datasets, f.dataset))
      and (len(e.fields) = 0 or list_contains(e.fields, f.field))
      and (e.headers is null or regexp_matches(coalesce(h.header, f.field), e.headers))
      and (e.not_headers is null or not regexp_matches(coalesce(h.header, f.field), e.not_headers))
      and starts_with(f.detail, e.detail)
),
lasting as (
    select n.statement, n.blinds, n.rule, n.dataset, n.record_key, n.field
    from named as n
    join notice_lasting as l on l.rule = n.rule and l.dataset = n.dataset and l.record_key = n.record_key and l.field = n.field
    where n.lasting
),
remaining as (
    select e.statement, e.blinds, f.rule, f.dataset, f.record_key, f.field
    from results.findings as f
    join notice_evidence as e on e.rule = f.rule and e.rest
    left join (select distinct rule, dataset, record_key, field from named where not lasting) as n
        on n.rule = f.rule and n.dataset = f.dataset and n.record_key = f.record_key and n.field = f.field
    where n.rule is null
)
select statement, blinds, rule, dataset, field, count(*) as findings
from (
    select statement, blinds, rule, dataset, record_key, field from named where not lasting
    union
    select statement, blinds, rule, dataset, record_key, field from lasting
    union
    select statement, blinds, rule, dataset, record_key, field from remaining
) as every_finding
group by statement, blinds, rule, dataset, field
order by statement, blinds, rule, dataset, field
