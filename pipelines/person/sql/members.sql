-- A row is one member: a data subject's number, a number that no data subject has, or a record without a number; what is
-- known of it as normal forms. What more than {{ most }} members share is nobody's. Reads attribute and the data subjects. Parameters: none.
create or replace temp table linkage_members as
with known as (
{% if number %}
    select distinct r.{{ number | ident }} as number
    from registry.{{ subject | ident }} as r
    where r.{{ number | ident }} is not null
{% else %}
    select null::varchar as number where false
{% endif %}
),
placed as (
    select
        case
            when a.number is null then a.dataset || '/' || a.record_key
            when k.number is null then '?/' || a.number
            else {{ (subject ~ "/") | literal }} || a.number
        end as member,
        a.dataset = {{ subject | literal }} as is_own,
        a.kind,
        a.value,
        a.normal_value,
        a.line
    from attribute as a
    left join known as k on k.number = a.number
),
usual as (
    select kind, normal_value
    from placed
    where normal_value is not null
    group by kind, normal_value
    having count(distinct member) <= {{ most }} or kind = 'pd:Name'
),
rare as (
    select member, list_sort(list(word)) as rare_words
    from (
        select word, min(member) as member
        from (select distinct unnest(name_words(value)) as word, member from placed where kind = 'pd:Name')
        group by word
        having count(*) = 1
    ) as alone
    group by member
),
listed as (
    select
        p.member,
        max_by(p.value, (p.is_own, -p.line)) filter (p.kind = 'pd:Name') as written,
{% for column, kind in lists.items() %}
        list_sort(list(distinct p.normal_value) filter (p.kind = {{ kind | literal }}{{ " and p.is_own" if column == "codes" }})) as {{ column }},
{% endfor %}
        bool_or(p.is_own) as is_subject
    from placed as p
    join usual as u on u.kind = p.kind and u.normal_value = p.normal_value
    group by p.member
)
select
    l.member as unique_id,
    folded_name(l.written) as name,
    case when len(name_words(l.written)) > 0 then list_sort(name_words(l.written)) end as words,
    w.rare_words,
    {{ "case when l.is_subject then folded_name(split_part(trim(l.written), ' ', 2)) end" if surname_first else "null::varchar" }} as given_name,
{% for column in lists %}
    case when len(l.{{ column }}) > 0 then l.{{ column }} end as {{ column }},
{% endfor %}
    case
        when len(list_filter(l.codes, lambda c: is_identity_code(c))) > 0 then list_filter(l.codes, lambda c: is_identity_code(c))
    end as valid_codes,
    left(l.codes[1], 6) as birth,
    coalesce(l.is_subject, false) as is_subject,
    o.is_organisation,
    o.business_ids
from listed as l
left join rare as w on w.member = l.member
left join (
{% if not number %}
    select null::varchar as member, false as is_organisation, null::varchar[] as business_ids where false
{% else %}
    select {{ (subject ~ "/") | literal }} || r.{{ number | ident }} as member, bool_or(coalesce({{ organisation }}, false)) as is_organisation,
        list(distinct {{ business_id }}) filter ({{ business_id }} is not null) as business_ids
    from latest.{{ subject | ident }} as r
    where r.{{ number | ident }} is not null
    group by 1
{% endif %}
) as o on o.member = l.member
