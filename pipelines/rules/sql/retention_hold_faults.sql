-- A row is one fault of a legal hold: the hold, or the line or column of its file, and the fault.
-- Reads registry.{{ dataset or "holds" }}, the data subjects, results.datasets, feed.columns and raw.rejected_rows. Parameters: none.
select hold, fault
from (
    select file || ':' || line as hold, 'cannot be read: ' || reason as fault
    from raw.rejected_rows
    where dataset = {{ dataset | literal }}
    union all
    select file as hold, 'has no column ' || header as fault
    from feed.columns
    where dataset = {{ dataset | literal }} and status = 'missing'
{% if "until" in columns %}
    union all
    select record_key as hold, 'expired on ' || {{ columns.until | ident }} as fault
    from registry.{{ dataset | ident }}
    where {{ columns.until | ident }} < date '{{ as_of }}'
{% endif %}
{% if present and not says_whom %}
    union all
    select file as hold, 'no column says whom a hold is on: nothing that it may cover is called overdue' as fault
    from feed.files
    where dataset = {{ dataset | literal }}
{% endif %}
{% if "subject" in columns %}
    union all
    select record_key as hold, 'names nobody: nothing that it may cover is called overdue' as fault
    from registry.{{ dataset | ident }}
    where {{ columns.subject | ident }} is null
{% if subjects %}
    union all
    select h.record_key as hold, 'names nobody that is known' as fault
    from registry.{{ dataset | ident }} as h
    where h.{{ columns.subject | ident }} is not null
      and not exists (select 1 from {{ subjects }} as s where s.{{ key | ident }} = h.{{ columns.subject | ident }})
{% endif %}
{% endif %}
{% for what in ("system", "dataset") if what in columns %}
    union all
    select h.record_key as hold, 'names a {{ what }} that no contract has' as fault
    from registry.{{ dataset | ident }} as h
    where h.{{ columns[what] | ident }} is not null and h.{{ columns[what] | ident }} not in (select d.{{ what }} from results.datasets as d)
{% endfor %}
{% if present %}
    union all
    select record_key as hold, 'its ' || field || ' cannot be read' as fault
    from (select record_key, unnest(unreadable) as field from registry.{{ dataset | ident }} where unreadable is not null) as cells
{% endif %}
) as faults
order by hold, fault
