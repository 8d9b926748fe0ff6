-- A row is one record that a key joins to a member of `person`: system, dataset, record key, line, and how it was joined.
-- Reads person (temporary: number, reason), the datasets' own rows. Parameters: none.
{% for path in paths %}
select
    {{ path.system | literal }} as system,
    {{ path.dataset | literal }} as dataset,
    r.record_key,
    r.line,
    {{ path.rank }} as rank,
    {{ path.how | literal }} as how,
    p.number,
    {{ path.via or "null::varchar" }} as via
from {{ path.rows }} as r
{{ path.join }}
{% if path.unless %}
where {{ path.unless }}
{% endif %}
{{ "union all" if not loop.last }}
{% endfor %}
