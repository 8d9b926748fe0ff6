-- A row is one record of {{ cls.id }}: its event, its last day and its state as of {{ as_of }}.
-- Reads registry.{{ dataset }}, the data subjects if the event is theirs, and registry.active_holds.
select
    {{ system | literal }} as system,
    {{ dataset | literal }} as dataset,
    record_key,
    line,
    {{ cls.id | literal }} as class,
    customer_number,
    {{ (cls.reference if cls.period else "") | literal }} as time_reference,
    {{ "true" if reference_required else "false" }} as is_reference_required,
    started_on,
    last_day,
    {{ cls.id | literal }} as set_by_class,
    record_key as set_by_key,
    case
{% if not cls.period %}
        when true then 'no criterion'
{% else %}
        when started_on is null and not may_be_missing then 'trigger missing'
        when is_held then 'held'
        when started_on is null then 'not running'
        when last_day < date '{{ as_of }}' then 'due'
        else 'active'
{% endif %}
    end as state
from (
    select
        record_key,
        line,
        customer_number,
        is_held,
        may_be_missing,
        started_on,
{% if cls.period %}
        {{ last_day }} as last_day
{% else %}
        cast(null as date) as last_day
{% endif %}
    from (
        select
            r.record_key,
            r.line,
            {{ subject_sql }} as customer_number,
            {{ held_sql }} as is_held,
{% if not cls.period %}
            true as may_be_missing,
            cast(null as date) as started_on
{% elif cls.of_subject %}
            c.record_key is not null and not coalesce(list_contains(c.unreadable, {{ cls.column | literal }}), false) as may_be_missing,
            cast(c.{{ cls.column | ident }} as date) as started_on
{% else %}
            {{ "true" if cls.may_be_missing else "false" }} as may_be_missing,
            cast(r.{{ cls.column | ident }} as date) as started_on
{% endif %}
        from registry.{{ dataset | ident }} as r
        {{ subject_join }}
{% if cls.of_subject %}
        left join latest.{{ subject[0] | ident }} as c on c.{{ subject[1] | ident }} = {{ subject_sql }}
{% endif %}
{% if applies %}
        where {{ applies }}
{% endif %}
    ) as events
) as periods
{% if held_sql == "null" and cls.period %}
-- What is held is unknown: only a missing event can be reported.
where started_on is null and not may_be_missing
{% endif %}
