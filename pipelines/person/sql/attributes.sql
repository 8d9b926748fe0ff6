-- A row is one personal attribute of one record that is the controller's own, with the number that keys join it to.
-- The normal form is computed once per value, not per record. Reads the datasets' own rows. Parameters: none.
create or replace temp table attribute as
with written as materialized (
{% for part in parts %}
    select
        {{ part.system | literal }} as system,
        {{ part.dataset | literal }} as dataset,
        r.record_key,
        r.line,
        {{ part.number }} as number,
        {{ part.kind | literal }} as kind,
        {{ part.role | literal }} as role,
        {{ part.value }} as value,
        {{ part.normal_of }} as normal_of
    from {{ part.rows }} as r{{ part.join }}
    where {{ part.value }} is not null
    {{ "union all" if not loop.last }}
{% else %}
    select null::varchar as system, null::varchar as dataset, null::varchar as record_key, null::bigint as line, null::varchar as number,
        null::varchar as kind, null::varchar as role, null::varchar as value, null::varchar as normal_of
    where false
{% endfor %}
),
forms as (
    select
        kind,
        normal_of,
        case kind
{% for kind, form in forms.items() %}
            when {{ kind | literal }} then {{ form.format("normal_of") }}
{% endfor %}
            else normal_of
        end as normal_value
    from (select distinct kind, normal_of from written)
)
select w.system, w.dataset, w.record_key, w.line, w.number, w.kind, w.role, w.value, f.normal_value
from written as w
left join forms as f on f.kind = w.kind and f.normal_of = w.normal_of
