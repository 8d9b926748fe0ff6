-- A row is one record without a number that carries an attribute of the person which people do not share as a rule, and
-- whether that is true of this one: no record with another number has it. What more than {{ most }} have is a switchboard's. Reads person and attribute. Parameters: kinds.
with own as (
    select distinct kind, normal_value
    from attribute
    where number in (select number from person) and normal_value is not null and list_contains($kinds, kind)
),
rivals as (
    select kind, normal_value, count(distinct number) as others
    from attribute
    where number is not null and number not in (select number from person)
    group by kind, normal_value
)
select a.system, a.dataset, a.record_key, a.line, a.kind, bool_and(r.kind is null) as is_exclusive
from attribute as a
join own as o on o.kind = a.kind and o.normal_value = a.normal_value
left join rivals as r on r.kind = a.kind and r.normal_value = a.normal_value
where a.number is null and coalesce(r.others, 0) <= {{ most }}
group by a.system, a.dataset, a.record_key, a.line, a.kind
order by a.system, a.dataset, a.line, a.kind
