-- A row is one number of full years from the date to $as_of, or null if there is no date, and its records.
-- Reads {{ relation }}. Parameters: as_of.
select years, count(*) as records, count(*) / sum(count(*)) over () as share
from (
    select
        year($as_of) - year({{ column }})
        - case when month({{ column }}) * 100 + day({{ column }}) > month($as_of) * 100 + day($as_of) then 1 else 0 end as years
    from {{ relation }}
) as aged
group by years
order by years nulls last
