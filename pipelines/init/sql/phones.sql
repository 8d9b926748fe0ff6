-- Of columns that may hold telephone numbers: how many values the country's numbering plan knows, of how many asked for.
with asked as (
    select dataset, column_name, value as v
    from samples
    where (dataset, column_name) in ({% for dataset, name in columns %}({{ dataset | literal }}, {{ name | literal }}){{ ", " if not loop.last }}{% endfor %}) and length(value) < 30
    qualify row_number() over (partition by dataset, column_name order by hash(value)) <= {{ most }}
)
select dataset, column_name, count(*) filter (where is_phone(v)) as known, count(*) as asked
from asked
group by dataset, column_name
