-- A row is one record without a number that has an attribute of the person which people do not normally share, and
-- whether that is true of this one: no record with a number has it except those taken. One shared by more than {{ most }} is a
-- switchboard's. Whether an unreadable line has the value too: compared by its last characters, which may match one too many.
-- Reads person, taken, attribute, feed.rejected_cells. Parameters: kinds, subject.
with of_others as (
    select distinct kind, normal_value
    from attribute
    where dataset = $subject and (number is null or number not in (select number from person))
),
own as (
    select distinct a.kind, a.normal_value
    from attribute as a
    join taken as t on t.dataset = a.dataset and t.line = a.line
    left join of_others as x on x.kind = a.kind and x.normal_value = a.normal_value
    where a.normal_value is not null and list_contains($kinds, a.kind) and (t.rank = 0 or x.kind is null)
),
rivals as (
    select a.kind, a.normal_value, count(distinct a.number) as others
    from attribute as a
    join own as o on o.kind = a.kind and o.normal_value = a.normal_value
    left join taken as t on t.dataset = a.dataset and t.line = a.line
    where a.number is not null and t.line is null
    group by a.kind, a.normal_value
),
unread as (
    select o.kind, o.normal_value
    from own as o
    join (
        select dataset, line, 'exact' as way, lower(trim(cell)) as sign from feed.rejected_cells
        union all
        select dataset, line, 'end', last_signs(cell) from feed.rejected_cells
    ) as c on c.way = case when o.kind in ('pd:TelephoneNumber', 'pd:BankAccount') then 'end' else 'exact' end
        and c.sign = case when o.kind in ('pd:TelephoneNumber', 'pd:BankAccount') then last_signs(o.normal_value) else lower(o.normal_value) end
    where (c.dataset, c.line) not in (select (x.dataset, x.line) from feed.rejected_cells as x join person as p on p.number = trim(x.cell))
    group by o.kind, o.normal_value
)
select a.system, a.dataset, a.record_key, a.line, a.kind, a.normal_value, bool_and(r.kind is null) as is_exclusive,
    bool_or(u.kind is not null) as is_unread
from attribute as a
join own as o on o.kind = a.kind and o.normal_value = a.normal_value
left join taken as t on t.dataset = a.dataset and t.line = a.line
left join unread as u on u.kind = a.kind and u.normal_value = a.normal_value
left join rivals as r on r.kind = a.kind and r.normal_value = a.normal_value
where a.number is null and t.line is null and coalesce(r.others, 0) <= {{ most }}
group by a.system, a.dataset, a.record_key, a.line, a.kind, a.normal_value
order by a.system, a.dataset, a.line, a.kind, a.normal_value
