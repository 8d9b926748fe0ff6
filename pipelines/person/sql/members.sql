-- A row is one member: a data subject's number, a number without a data subject, or a record without a number; what is
-- known of it as normal forms. Values shared by more than {{ most }} members count for nobody. Reads placed, member_name,
-- member_organisation. Parameters: none.
create or replace temp table linkage_members as
with usual as (
    select kind, normal_value
    from placed
    where normal_value is not null and kind not in ('pd:Name', 'pd:BirthDate')
    group by kind, normal_value
    having count(distinct member) <= {{ most }}
),
listed as (
    select
        p.member,
{% for column, kind in lists.items() %}
        not_none(list_sort(list(distinct p.normal_value) filter (p.kind = {{ kind | literal }}{{ " and p.is_own" if column == "codes" }}))) as {{ column }},
{% endfor %}
    from placed as p
    join usual as u on u.kind = p.kind and u.normal_value = p.normal_value
    group by p.member
),
standing as (
    select
        member,
        bool_or(is_own) as is_subject,
        not_none(list_sort(list(distinct birth_digits(value)) filter (kind = 'pd:BirthDate' or (kind = 'pd:OfficialID' and is_own)))) as births,
        not_none(list_sort(list(distinct postcode_of(value)) filter (kind = 'pd:PhysicalAddress'))) as postcodes
    from placed
    group by member
),
homes as (
    select member, not_none(list_sort(list(distinct street))) as streets, not_none(list_sort(list(distinct house_of(street)))) as houses
    from (
        select member, street_of(value) as street, count(distinct member) over (partition by street_of(value)) as sharing
        from (select distinct member, value from placed where kind = 'pd:PhysicalAddress')
    )
    where sharing <= {{ most }}
    group by member
)
select
    s.member as unique_id,
    n.* exclude (member, kind, surname, given, initials, surnames),
    n.kind,
    -- A firm has a name, but no given name.
    case when n.kind = 'firm' then n.name else n.surname end as surname,
    case when n.kind = 'firm' then [n.name] else n.surnames end as surnames,
    case when n.kind is distinct from 'firm' then n.given end as given,
    case when n.kind is distinct from 'firm' then n.initials end as initials,
{% for column in lists %}
    l.{{ column }},
{% endfor %}
    not_none(list_filter(l.codes, lambda c: is_identity_code(c))) as valid_codes,
    s.births,
    s.postcodes,
    h.streets,
    h.houses,
    s.is_subject,
    o.business_ids
from standing as s
left join listed as l on l.member = s.member
left join homes as h on h.member = s.member
left join member_name as n on n.member = s.member
left join member_organisation as o on o.member = s.member
