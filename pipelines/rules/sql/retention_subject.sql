-- subject_holds: a row is one thing that keeps a data subject's own record: a record of another class with its last day, or
-- without one if it is not running; the subject's own period comes in retention_of_subjects.
-- Reads registry.class_retention, the datasets of held_while, registry.active_holds. Parameters: none.
create or replace view registry.subject_holds as
select customer_number, class, dataset, record_key, last_day, case when last_day is null then state end as because
from registry.class_retention
where customer_number is not null and {% if subject.held_by %}class in ({% for id in subject.held_by %}{{ id | literal }}{{ ", " if not loop.last }}{% endfor %}){% else %}false{% endif %}

{% for hold in subject.held_while %}
union all
select {{ hold.key | ident }} as customer_number, {{ hold.class_id | literal }} as class, {{ hold.dataset | literal }} as dataset, record_key,
    cast(null as date) as last_day, {{ hold.because | literal }} as because
from registry.{{ hold.dataset | ident }} as h
where {{ hold.key | ident }} is not null and {{ hold.where }}
{% endfor %}
union all
select customer_number, 'controller.holds' as class, 'holds' as dataset, hold_id as record_key, cast(null as date) as last_day, 'legal hold' as because
from registry.active_holds;

-- A row is one data subject kept by something: the latest last day and what sets it, or that it is not running.
create or replace table registry.subject_limits as
select
    customer_number,
    max(last_day) as last_day,
    arg_max(class, (last_day, class, record_key)) filter (last_day is not null) as class,
    arg_max(record_key, (last_day, class, record_key)) filter (last_day is not null) as record_key,
    bool_or(last_day is null) as never_ends,
    bool_or(because = 'legal hold') as is_held,
    min(because) filter (last_day is null) as because
from registry.subject_holds
where customer_number in (select {{ key | ident }} from registry.{{ dataset | ident }} where {{ column | ident }} <= date '{{ as_of }}')
group by customer_number;

-- A row is one data subject's own record. Same columns as a class of its own.
create or replace view registry.retention_of_subjects as
select
    {{ system | literal }} as system,
    {{ dataset | literal }} as dataset,
    record_key,
    line,
    {{ subject.id | literal }} as class,
    customer_number,
    {{ column | literal }} as time_reference,
    false as is_reference_required,
    started_on,
    case when state in ('due', 'active') then last_day end as last_day,
    case when state in ('due', 'active') then set_by_class end as set_by_class,
    case when state in ('due', 'active') then set_by_key else because end as set_by_key,
    state
from (
    select
        s.record_key,
        s.line,
        s.{{ key | ident }} as customer_number,
        s.{{ column | ident }} as started_on,
        greatest(own.last_day, l.last_day) as last_day,
        case when l.last_day > own.last_day then l.class else {{ subject.id | literal }} end as set_by_class,
        case when l.last_day > own.last_day then l.record_key else s.record_key end as set_by_key,
        coalesce(l.because, 'customer relationship') as because,
        case
            when coalesce(list_contains(s.unreadable, {{ column | literal }}), false) then 'trigger missing'
{% if ended_when %}
            when s.{{ column | ident }} is null
             and s.{{ key | ident }} in (select h.{{ ended_when.key | ident }} from registry.{{ ended_when.dataset | ident }} as h where {{ ended_when.some }})
             and s.{{ key | ident }} not in (
                select h.{{ ended_when.key | ident }} from registry.{{ ended_when.dataset | ident }} as h
                where {{ ended_when.none }} and h.{{ ended_when.key | ident }} is not null)
                then 'trigger missing'
{% endif %}
            when s.{{ key | ident }} is null then 'not running'
            when s.{{ key | ident }} in (select customer_number from registry.active_holds) then 'held'
            when s.{{ column | ident }} is null or s.{{ column | ident }} > date '{{ as_of }}' or coalesce(l.never_ends, false) then 'not running'
            when greatest(own.last_day, l.last_day) < date '{{ as_of }}' then 'due'
            else 'active'
        end as state
    from registry.{{ dataset | ident }} as s
    cross join lateral (
        select {{ own_last_day }} as last_day
    ) as own
    left join registry.subject_limits as l on l.customer_number = s.{{ key | ident }}
) as judged
