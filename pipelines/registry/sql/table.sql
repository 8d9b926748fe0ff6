{# `in` with many constants would be a join for every column. #}
{% macro present(cell) -%}
case when strlen({{ cell }}) > {{ longest_missing }} then {{ cell }} when {{ cell }} = '' or list_contains([{{ missing }}], lower({{ cell }})) then null else {{ cell }} end
{%- endmacro %}
-- {{ grain }} Columns of the contract that the file has, typed; unreadable lists those whose text did not fit.
-- Reads raw.{{ raw }}. Parameters: none.
create or replace table registry.{{ table | ident }} as
with trimmed_cells as (
    select
        file,
        line,
{% for column in columns %}
        trimmed({{ column.name | ident }}) as {{ column.name | ident }}{{ "," if not loop.last }}
{% endfor %}
    from raw.{{ raw | ident }}
),
cells as (
    select
        file,
        line,
{% for column in columns %}
        {{ present(column.name | ident) }} as {{ column.name | ident }}{{ "," if not loop.last }}
{% endfor %}
    from trimmed_cells
),
typed as (
    select
        file,
        line,
{% for column in columns if column.parse %}
        {{ column.name | ident }} as {{ ("text " ~ column.name) | ident }},
{% endfor %}
{% for column in columns %}
        {{ column.parse or (column.name | ident) }} as {{ column.name | ident }}{{ "," if not loop.last }}
{% endfor %}
    from cells
)
select
    {{ record_key }} as record_key,
    line,
{% for column in columns %}
    {{ column.name | ident }},
{% endfor %}
{% set parsed = columns | selectattr("parse") | list %}
{% if parsed %}
    case when {% for column in parsed %}({{ column.name | ident }} is null and {{ ("text " ~ column.name) | ident }} is not null){{ " or " if not loop.last }}{% endfor %}

        then list_filter([
{% for column in parsed %}
            case when {{ column.name | ident }} is null and {{ ("text " ~ column.name) | ident }} is not null then {{ column.name | literal }} end{{ "," if not loop.last }}
{% endfor %}
        ], lambda field: field is not null)
    end as unreadable
{% else %}
    null::varchar[] as unreadable
{% endif %}
from typed
