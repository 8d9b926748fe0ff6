-- The commonest shapes of every column's values in the samples: digits as 9, letters as a, but those of times (T, Z, AM, PM).
with shaped as (
    select
        dataset,
        column_name,
        case
            when regexp_matches(value, '^[0-9]{4}.?[0-9]{2}.?[0-9]{2}T[0-9]|[0-9](?: ?[AaPp][Mm]|Z)$') then regexp_replace(value, '[0-9]', '9', 'g')
            else regexp_replace(regexp_replace(value, '[0-9]', '9', 'g'), '\pL', 'a', 'g')
        end as shape,
        number
    from samples
    where length(value) < 40
)
select dataset, column_name, shape, sum(number)::bigint as found
from shaped
group by dataset, column_name, shape
qualify row_number() over (partition by dataset, column_name order by sum(number) desc, shape) <= {{ most }}
order by dataset, column_name, found desc, shape
