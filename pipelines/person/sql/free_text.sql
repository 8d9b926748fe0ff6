-- A row is one free text of a record that no known number leads to, with its member. Reads the datasets' own rows. Parameters: none.
create or replace temp table free_text as
with every as (
{% for part in parts %}
    select {{ part.dataset | literal }} as dataset, r.record_key, {{ part.number }} as number, {{ part.value }} as text
    from {{ part.rows }} as r{{ part.join }}
    where {{ part.value }} is not null
    {{ "union all" if not loop.last }}
{% else %}
    select null::varchar as dataset, null::varchar as record_key, null::varchar as number, null::varchar as text where false
{% endfor %}
)
select case when number is null then dataset || '/' || record_key else '?/' || number end as member, text
from every
{% if number %}
where number is null or number not in (select {{ number | ident }} from registry.{{ subject | ident }} where {{ number | ident }} is not null)
{% endif %}
