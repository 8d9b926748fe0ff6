-- A row is one attribute on a record taken, of the kinds that people do not share, that is in another data subject's own row but
-- not in the person's. Reads person, taken and attribute. Parameters: kinds, subject.
with of_others as (
    select distinct kind, normal_value
    from attribute
    where dataset = $subject and (number is null or number not in (select number from person))
),
own as (
    select distinct kind, normal_value
    from attribute
    where dataset = $subject and number in (select number from person)
)
select a.dataset, a.line, a.kind, a.value
from attribute as a
join taken as t on t.dataset = a.dataset and t.line = a.line and t.rank > 0
join of_others as x on x.kind = a.kind and x.normal_value = a.normal_value
left join own as o on o.kind = a.kind and o.normal_value = a.normal_value
where list_contains($kinds, a.kind) and o.kind is null
