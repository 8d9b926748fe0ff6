-- A row is one finding: a rule, a record and a field. occurrences: the registry rows behind it, more than one if a key
-- is on several rows. Reads results.* and the latest rows of the datasets. Parameters: none.
create or replace table results.findings as
with collapsed as (
    select
        rule,
        dataset,
        coalesce(record_key, '') as record_key,
        coalesce(field, '') as field,
        max(customer_number) as customer_number,
        min(due_on) as due_on,
        string_agg(distinct detail, ', ' order by detail) as detail,
        min(severity) as severity,
        count(*) as occurrences
    from results.offences
    group by all
),
named as (
{% for dataset, column in subjects.items() %}
    select record_key, {{ dataset | literal }} as dataset, cast({{ column | ident }} as varchar) as customer_number
    from latest.{{ dataset | ident }}
    where record_key in (select record_key from collapsed where dataset = {{ dataset | literal }})
    {{ "union all" if not loop.last }}
{% else %}
    select null::varchar as record_key, null::varchar as dataset, null::varchar as customer_number where false
{% endfor %}
)
select
    f.rule,
    r.category,
    coalesce(f.severity, r.severity) as severity,
    d.system,
    f.dataset,
    f.record_key,
    f.field,
    coalesce(f.customer_number, case when r.about = 'record' then n.customer_number end, '') as customer_number,
    f.due_on,
    coalesce(f.detail, '') as detail,
    f.occurrences
from collapsed as f
join results.rules as r on r.rule = f.rule
join results.datasets as d on d.dataset = f.dataset
left join named as n on n.dataset = f.dataset and n.record_key = f.record_key
order by f.rule, d.system, f.dataset, f.record_key, f.field
