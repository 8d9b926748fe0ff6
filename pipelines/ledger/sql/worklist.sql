-- A row is one open finding or task of a keeper: place is its number in the list, gravest first; chunk counts the thousands
-- (`most`) of its dataset and rule. Reads states, systems, the period's rules and task_texts.
{% set order = "s.rank, s.risk, s.act_by, s.rule, s.dataset, s.record_key, s.field, s.fingerprint" %}
create or replace temp table worklist as
select
    s.fingerprint, s.period, coalesce(y.name, s.system) as system, s.dataset, s.record_key, s.field, s.severity,
    coalesce(r.title, t.title, s.rule) as title,
    trim(regexp_replace(coalesce(r.todo, t.todo, ''), '\s+', ' ', 'g')) as todo,
    s.due_on, s.act_by, s.state, s.rule, s.remark,
    row_number() over (order by {{ order }}) as place,
    (row_number() over (partition by s.dataset, s.rule order by {{ order }}) - 1) // {{ most }} as chunk
from ledger.states as s
left join ledger.systems as y on y.system = s.system
left join results.rules as r on r.rule = s.rule
left join task_texts as t on t.rule = s.rule
where s.who = {{ keeper | literal }} and s.is_open
