-- A row is one legal hold in force as of {{ as_of }}, by the customer it names. Reads registry.holds. Parameters: none.
create or replace table registry.active_holds as
{% if present %}
select hold_id, system, dataset, customer_number, reason
from (
    select
        record_key as hold_id,
        {{ "system" if "system" in present else "null::varchar" }} as system,
        {{ "dataset" if "dataset" in present else "null::varchar" }} as dataset,
        {{ "customer_number" if "customer_number" in present else "null::varchar" }} as customer_number,
        {{ "reason" if "reason" in present else "null::varchar" }} as reason,
        {{ "from_date" if "from_date" in present else "null::date" }} as from_date,
        {{ "until_date" if "until_date" in present else "null::date" }} as until_date
    from registry.holds
) as holds
where customer_number is not null
  and (from_date is null or from_date <= date '{{ as_of }}')
  and (until_date is null or until_date >= date '{{ as_of }}')
{% else %}
select null::varchar as hold_id, null::varchar as system, null::varchar as dataset, null::varchar as customer_number, null::varchar as reason
where false
{% endif %}
