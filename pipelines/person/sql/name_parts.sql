-- How often a word is a surname and how often a given name in this register: from the data subjects' own rows, whose order
-- is known, and from columns with only one of the two; call names are given names. Reads placed, call_name.
create or replace temp table written_name as
select value, role, role = 'email' as is_email, name_marks(value) as marks, ordered_words(value, role) as words
from (select distinct value, role from placed where kind = 'pd:Name' union select distinct value, 'email' from placed where kind = 'pd:EmailAddress');
create or replace temp table word_role as
select
    word,
    case
        when count(*) filter (is_surname) >= 4 * count(*) filter (not is_surname) then 'surname'
        when count(*) filter (not is_surname) >= 4 * count(*) filter (is_surname) then 'given'
    end as role
from (
    select unnest(words[1:1]) as word, true as is_surname from written_name where role = 'surname first' and len(marks) = 0
    union all
    select unnest(words[2:]), false from written_name where role = 'surname first' and len(marks) = 0
    union all
    select unnest(words), role = 'surname' from written_name where role in ('surname', 'given')
    union all
    select distinct name, false from call_name
)
where length(word) > 1
group by word;
-- A row is one spelling of a name, split into words: surnames, given names, initials. A word unknown to the register is a
-- surname if the others are given names, and vice versa; if nothing helps, it is both.
create or replace temp table name_part as
with apart as (
    select w.value, w.role, w.is_email, w.position, w.word, r.role as known
    from (
        select value, role, is_email, unnest(words) as word, generate_subscripts(words, 1) as position
        from written_name
    ) as w
    left join word_role as r on r.word = w.word
),
seen as (
    select
        *,
        regexp_full_match(word, '\pL(-\pL)?') as is_initial,
        coalesce(bool_or(known = 'given') over whole, false) as has_given,
        coalesce(bool_or(known = 'surname') over whole, false) as has_surname,
        coalesce(bool_or(position = 1 and known = 'given') over whole and bool_or(position > 1 and known = 'surname') over whole, false) as is_turned
    from apart
    window whole as (partition by value, role)
),
judged as (
    select
        value,
        role,
        position,
        word,
        case
            when role in ('given', 'surname') then role
            when is_email then known
            when is_initial then 'initial'
            when role = 'surname first' and not is_turned then case when position = 1 then 'surname' else 'given' end
            when known is not null and (known = 'surname' or has_surname or position = 1) then known
            when known is null and has_given and not has_surname then 'surname'
            when known is null and has_surname then 'given'
            when known = 'given' then 'given'
            else 'either'
        end as part
    from seen
)
select
    value,
    role,
    list(word order by case when part = 'either' then -position else position end) filter (part in ('surname', 'either')) as surnames,
    list(word order by position) filter (part in ('given', 'either')) as givens,
    list(left(word, 1) order by position) filter (part = 'initial') as initials,
    list(word order by position) as words
from judged
where part is not null
group by value, role
