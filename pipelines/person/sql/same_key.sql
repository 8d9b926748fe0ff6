-- A row is one pair of data subjects, of whom `known` is a member, with the same valid key that only one person (identity
-- code) or organisation (business id) has; agree: their names can be one person's. What an organisation is called changes.
-- Reads the data subjects, member (temporary: number). Parameters: none.
with keyed as (
{% for key in keys %}
    select
        r.{{ number | ident }} as number,
        {{ key.name | literal }} as field,
        {{ key.normal }} as value,
        {{ person_name }} as name,
        {{ "true" if key.of_organisations else "false" }} as is_organisation
    from {{ rows }} as r
    where r.{{ number | ident }} is not null
      and {{ key.normal }} is not null
      and coalesce({{ organisation }}, false) = {{ "true" if key.of_organisations else "false" }}
    {{ "union all" if not loop.last }}
{% endfor %}
)
select
    a.number as known,
    b.number,
    b.field,
    bool_or(b.is_organisation or names_agree(a.name, b.name)) as agree
from keyed as a
join keyed as b on b.field = a.field and b.value = a.value and b.number <> a.number
where a.number in (select number from member)
group by a.number, b.number, b.field
order by a.number, b.number, b.field
