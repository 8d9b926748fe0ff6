-- A row is one data subject's number: whether it is an organisation's, and its business ids. Reads the data subjects. Parameters: none.
create or replace temp table member_organisation as
{% if number %}
select
    {{ (subject ~ "/") | literal }} || r.{{ number | ident }} as member,
    bool_or(coalesce({{ organisation }}, false)) as is_organisation,
    not_none(list_sort(list(distinct {{ business_id }}) filter ({{ business_id }} is not null))) as business_ids
from latest.{{ subject | ident }} as r
where r.{{ number | ident }} is not null
group by 1
{% else %}
select null::varchar as member, false as is_organisation, null::varchar[] as business_ids where false
{% endif %}
