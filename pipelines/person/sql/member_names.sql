-- A row is one member's name: the first surname and given name of its newest own row, and all others that it uses. A surname
-- on another record of the member counts if its given name is the member's too: it is a former one. A member without a
-- name gets the one that its email address spells. Reads placed, name_part, call_name, member_organisation. Parameters: none.
create or replace temp table member_name as
with spelt as (
    select
        p.member,
        p.is_own,
        p.line,
        q.surnames,
        q.givens[1] as given,
        list_distinct(list_concat(q.givens, flatten(list_transform(q.givens, lambda w: case when contains(w, '-') then string_split(w, '-') else [] end)))) as givens,
        list_concat(q.initials, list_transform(q.givens, lambda w: left(w, 1))) as initials,
        q.words,
        name_marks(p.value) as marks,
        p.value,
        p.kind <> 'pd:Name' as is_spelt
    from placed as p
    join name_part as q on q.value = p.value and q.role = case when p.kind = 'pd:Name' then p.role else 'email' end
    where p.kind = 'pd:Name' or (p.kind = 'pd:EmailAddress' and not p.is_own)
    qualify p.kind = 'pd:Name' or not bool_or(p.kind = 'pd:Name') over (partition by p.member)
),
owned as (
    select *, bool_or(is_own) over (partition by member) as has_own
    from spelt
),
main as (
    select
        member,
        max_by(surnames[1], (is_own, line)) filter (len(surnames) > 0) as surname,
        max_by(given, (is_own, line)) filter (given is not null) as given,
        not_none(list_sort(list_distinct(flatten(list(initials) filter (is_own or not has_own))))) as initials,
        bool_or(is_own) as has_own,
        bool_or(is_spelt) as is_spelt,
        not_none(list_sort(list_distinct(flatten(list(givens) filter (is_own or not has_own))))) as givens,
        max_by(marks, (is_own, line)) as marks,
        max_by(folded_name(value), (is_own, line)) as name,
        not_none(list_sort(list_distinct(flatten(list(words))))) as words
    from owned
    group by member
),
others as (
    select o.member, not_none(list_sort(list_distinct(flatten(list(o.surnames))))) as surnames
    from owned as o
    join main as m on m.member = o.member
    where o.is_own or not o.has_own or list_has_any(o.givens, m.givens)
    group by o.member
),
rare as (
    -- Names that at most one data subject has, and no list of names: a typing error, or a private call name.
    select member, list_sort(list(word)) as rare_words
    from (
        select member, word, count(*) filter (has_own) over (partition by word) as subjects
        from (select member, has_own, unnest(words) as word from main)
    )
    where subjects <= 1 and word not in (select name from call_name)
    group by member
),
called as (
    select g.member, list_sort(list(distinct c.called)) as calls
    from (select member, unnest(givens) as given from main) as g
    join (select name, called from call_name union select called, name from call_name) as c on c.name = g.given
    group by g.member
)
select
    m.member,
    m.surname,
    m.given,
    count(m.given) over (partition by m.given) as bearers,
    m.initials,
    o.surnames,
    not_none(list_distinct(list_concat(o.surnames, flatten(list_transform(o.surnames, lambda w: case when contains(w, '-') then string_split(w, '-') else [] end))))) as surname_parts,
    m.givens,
    c.calls,
    member_kind(m.marks, g.is_organisation, m.given is not null and m.surname is not null) as kind,
    m.is_spelt,
    m.name,
    m.words,
    r.rare_words
from main as m
left join others as o on o.member = m.member
left join called as c on c.member = m.member
left join rare as r on r.member = m.member
left join member_organisation as g on g.member = m.member
