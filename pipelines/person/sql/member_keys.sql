-- A row is one member with its blocking keys: two members are a pair if they share one. A key that more than {{ widest }}
-- members have ({{ widest_name }} for names alone) would make more pairs than it finds, and is left out. Reads linkage_members. Parameters: none.
create or replace temp table compared_members as
with keyed as (
{% for name, key in keys.items() %}
    select unique_id, {{ (name ~ ":") | literal }} || key as key
    from (select unique_id, {{ key }} as key from linkage_members)
    where key is not null
    {{ "union" if not loop.last }}
{% endfor %}
),
kept as (
    select unique_id, list_sort(list(key)) as keys
    from (select *, count(*) over (partition by key) as sharing from keyed)
    where sharing between 2 and case when starts_with(key, 'name,') then {{ widest_name }} else {{ widest }} end
    group by unique_id
)
select m.*, m.valid_codes[1] as code, k.keys
from linkage_members as m
join kept as k on k.unique_id = m.unique_id
