-- A row is one attribute of one member: a data subject's number, a number without a data subject, or a record without
-- one. If a record names another of its own dataset (`references`), both get that as an attribute.
-- Reads attribute and the datasets' own rows. Parameters: none.
create or replace temp table placed as
with known as (
{% if number %}
    select distinct r.{{ number | ident }} as number
    from registry.{{ subject | ident }} as r
    where r.{{ number | ident }} is not null
{% else %}
    select null::varchar as number where false
{% endif %}
),
every as (
    select dataset, record_key, line, number, kind, role, value, normal_value from attribute
{% for item in references %}
    union all
    select {{ item.dataset | literal }}, r.record_key, r.line, {{ item.number }}, 'reference', '', x.value, x.value
    from {{ item.rows }} as r{{ item.join }},
        unnest([r.record_key, r.{{ item.column | ident }}]) as x (value)
    where x.value is not null
{% endfor %}
)
select
    case
        when a.number is null then a.dataset || '/' || a.record_key
        when k.number is null then '?/' || a.number
        else {{ (subject ~ "/") | literal }} || a.number
    end as member,
    a.dataset = {{ subject | literal }} as is_own,
    a.kind,
    a.role,
    a.value,
    a.normal_value,
    a.line
from every as a
left join known as k on k.number = a.number
