-- legal_holds: a row is one legal hold of the register, whatever its columns are called; its reason is free text.
-- Reads registry.{{ dataset or "holds" }}. Parameters: none.
create or replace table registry.legal_holds as
{% macro cell(what, type) -%}
{{ columns[what] if what in columns else "cast(null as " ~ type ~ ")" }}
{%- endmacro %}
{% if present %}
select
    record_key as hold_id,
    {{ cell("system", "varchar") }} as system,
    {{ cell("dataset", "varchar") }} as dataset,
    {{ cell("subject", "varchar") }} as customer_number,
    {{ cell("reason", "varchar") }} as reason,
    {{ cell("from", "date") }} as from_date,
    {{ cell("until", "date") }} as until_date,
    coalesce({{ cell("from", "date") }} <= date '{{ as_of }}', true) and coalesce({{ cell("until", "date") }} >= date '{{ as_of }}', true) as in_force
from registry.{{ dataset | ident }}
{% else %}
select
    cast(null as varchar) as hold_id, cast(null as varchar) as system, cast(null as varchar) as dataset, cast(null as varchar) as customer_number,
    cast(null as varchar) as reason, cast(null as date) as from_date, cast(null as date) as until_date, false as in_force
where false
{% endif %};

-- active_holds: a row is one legal hold in force as of {{ as_of }}, by the data subject it names.
create or replace table registry.active_holds as
select hold_id, system, dataset, customer_number, reason
from registry.legal_holds
where in_force and customer_number is not null;

-- unclear_holds: a row is one in force on an unknown person, a line of the register that could not be read, or the register
-- itself. Reads raw.rejected_rows and feed.files too.
create or replace table registry.unclear_holds as
select hold_id, system, dataset
from registry.legal_holds
where in_force and customer_number is null
union all
select file || ':' || line as hold_id, cast(null as varchar) as system, cast(null as varchar) as dataset
from raw.rejected_rows
where dataset = {{ dataset | literal }}
union all
select file as hold_id, cast(null as varchar) as system, cast(null as varchar) as dataset
from feed.files
where dataset = {{ dataset | literal }} and status not in ('read', 'missing') and bytes > 0
