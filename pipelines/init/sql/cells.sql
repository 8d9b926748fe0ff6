-- The cells of an export, trimmed, null where nothing stands in them or a sign for nothing. Reads raw.{{ table }}.
create or replace temp table {{ ("cells of " ~ dataset) | ident }} as
select
    line,
{% for name in names %}
{% if missing %}
    case when lower(trimmed({{ name | ident }})) in ('', {% for sign in missing %}{{ sign | literal }}{{ ", " if not loop.last }}{% endfor %}) then null else trimmed({{ name | ident }}) end as {{ name | ident }}{{ "," if not loop.last }}
{% else %}
    nullif(trimmed({{ name | ident }}), '') as {{ name | ident }}{{ "," if not loop.last }}
{% endif %}
{% endfor %}
from raw.{{ table | ident }}
