-- A row is one pair of a data subject and a member whose free text names them by surname and given name (or its initial, or a call name),
-- in any grammatical case, together with their phone, email or home. Texts of records that a known number leads to are skipped:
-- they are that customer's. Reads free_text (temporary: member, text), linkage_members. Parameters: none.
create or replace temp table mention as
with said as (
    select
        member,
        text,
        string_split(trim(regexp_replace(strip_accents(case_folded(text)), '[^\pL-]+', ' ', 'g')), ' ') as words,
        regexp_extract_all(regexp_replace(regexp_replace(text, '([0-9])[ -]([0-9])', '\1\2', 'g'), '([0-9])[ -]([0-9])', '\1\2', 'g'), '[0-9]{7,}') as runs,
        regexp_extract_all(strip_accents(case_folded(text)), '\pL[\pL-]+ [0-9]+') as places,
        regexp_extract_all(lower(text), '[^\s<>(),;:]+@[^\s<>(),;:]+') as emails
    from free_text
),
clues as (
    select distinct member, 'phone' as kind, run[i:i + 6] as clue
    from (select member, unnest(runs) as run from said), unnest(range(1, length(run) - 5)) as x (i)
    union
    select member, 'address', house_key(unnest(places)) from said
    union
    select member, 'email', rtrim(unnest(emails), '.') from said
),
known as (
    select unique_id, 'phone' as kind, right(unnest(phones), 7) as clue from linkage_members where is_subject
    union
    select unique_id, 'address', house_key(unnest(houses)) from linkage_members where is_subject
    union
    select unique_id, 'email', unnest(emails) from linkage_members where is_subject
),
together as (
    select k.unique_id, c.member, list_sort(list(distinct c.kind)) as kinds
    from clues as c
    join known as k on k.kind = c.kind and k.clue = c.clue
    where c.clue is not null
    group by k.unique_id, c.member
)
select t.unique_id, t.member, t.kinds
from together as t
join linkage_members as m on m.unique_id = t.unique_id
join said as s on s.member = t.member
where t.unique_id <> t.member
  and len(list_filter(m.surnames, lambda name: says(s.words, name))) > 0
  and len(list_filter(list_concat(m.givens, m.calls), lambda name: says(s.words, name))) + len(list_intersect(m.initials, s.words)) > 0
group by t.unique_id, t.member, t.kinds
