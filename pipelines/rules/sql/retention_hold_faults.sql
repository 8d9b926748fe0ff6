-- A row is one thing that is wrong with a legal hold: the hold, or the line or column of its file, and the fault.
-- Reads registry.holds, the data subjects, results.datasets, feed.columns and raw.rejected_rows. Parameters: none.
select hold, fault
from (
    select file || ':' || line as hold, 'cannot be read: ' || reason as fault
    from raw.rejected_rows
    where dataset = 'holds'
    union all
    select file as hold, 'has no column ' || header as fault
    from feed.columns
    where dataset = 'holds' and status = 'missing'
{% if "until_date" in present %}
    union all
    select record_key as hold, 'expired on ' || until_date as fault
    from registry.holds
    where until_date < date '{{ as_of }}'
{% endif %}
{% if "customer_number" in present %}
    union all
    select record_key as hold, 'names nobody' as fault
    from registry.holds
    where customer_number is null
{% if subjects %}
    union all
    select h.record_key as hold, 'names nobody that is known' as fault
    from registry.holds as h
    where h.customer_number is not null
      and not exists (select 1 from {{ subjects }} as s where s.{{ key | ident }} = h.customer_number)
{% endif %}
{% endif %}
{% for column in ("system", "dataset") if column in present %}
    union all
    select h.record_key as hold, 'names a {{ column }} that no contract has' as fault
    from registry.holds as h
    where h.{{ column }} is not null and h.{{ column }} not in (select d.{{ column }} from results.datasets as d)
{% endfor %}
{% if present %}
    union all
    select record_key as hold, 'its ' || field || ' cannot be read' as fault
    from (select record_key, unnest(unreadable) as field from registry.holds where unreadable is not null) as cells
{% endif %}
) as faults
order by hold, fault
