-- One row: members, data subjects, and pairs of data subjects that are one person by all that is known: given name and day of birth
-- agree, or given name and something that people do not share. Reads linkage_members. Parameters: none.
with certain as (
{% for column in ["births", "phones", "emails", "accounts", "codes"] %}
    select unique_id, {{ column | literal }} || given || v as key, valid_codes
    from (select unique_id, given, valid_codes, unnest({{ column }}) as v from linkage_members where is_subject and kind is null)
    where given is not null
    {{ "union all" if not loop.last }}
{% endfor %}
)
select
    (select count(*) from linkage_members) as members,
    (select count(*) from linkage_members where is_subject) as subjects,
    (
        select count(distinct (l.unique_id, r.unique_id))
        from certain as l
        join certain as r on r.key = l.key and r.unique_id > l.unique_id
        where l.valid_codes is null or r.valid_codes is null
    ) as doubles
