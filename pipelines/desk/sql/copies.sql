-- A row is one kind of personal data that two datasets both hold on the same people: how many people, and for how many the two
-- have no value in common. Values are compared in their normal form and are not returned. Two datasets that agree on nobody
-- hold different things under one name, and are left out. Reads registry.subject_attributes. Parameters: none.
with held as (
    select distinct dataset, kind, customer_number, normal_value
    from registry.subject_attributes
    where customer_number is not null and normal_value is not null
),
compared as (
    select
        a.kind, a.dataset as first_dataset, b.dataset as second_dataset, a.customer_number,
        max(case when a.normal_value = b.normal_value then 1 else 0 end) as alike
    from held as a
    join held as b on b.customer_number = a.customer_number and b.kind = a.kind and b.dataset > a.dataset
    where a.kind in ({% for kind in kinds %}{{ kind | literal }}{{ ", " if not loop.last }}{% endfor %})
    group by a.kind, a.dataset, b.dataset, a.customer_number
)
select
    replace(replace(kind, 'pd:', ''), 'dpv:', '') as kind, first_dataset as dataset, second_dataset as other_dataset,
    count(*) as people, count(case when alike = 0 then 1 end) as differ, count(case when alike = 0 then 1 end) / count(*) as share
from compared
group by kind, first_dataset, second_dataset
having max(alike) = 1
order by differ desc, kind, dataset, other_dataset
