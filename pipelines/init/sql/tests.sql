-- How many values of the samples pass each test, by column.
select
    dataset,
    column_name,
    sum(number)::bigint as looked_at,
{% for test in tests.values() %}
    coalesce(sum(number) filter (where {{ test }}), 0)::bigint{{ "," if not loop.last }}
{% endfor %}
from (select dataset, column_name, value as v, number from samples)
group by dataset, column_name
order by dataset, column_name
