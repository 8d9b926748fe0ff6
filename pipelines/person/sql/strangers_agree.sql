-- A row is one level of a comparison, and how often two people are on it: counted over {{ most }} members who are certainly different
-- persons (each with a valid identity code; if too few have one, over any), each with the {{ each }} after it in hash order.
-- Reads linkage_members. Parameters: none.
with certain as (
    select * from linkage_members
    where kind is null and (valid_codes is not null or (select count(valid_codes) < {{ least }} from linkage_members)) and is_subject
    qualify row_number() over (partition by valid_codes[1], case when valid_codes is null then unique_id end order by unique_id) = 1
),
chosen as (
    select *, row_number() over (order by md5(unique_id), unique_id) as place
    from (select * from certain order by md5(unique_id), unique_id limit {{ most }})
),
pair as materialized (
    select l.*, r.* exclude (place_r)
    from (select columns(*) as "\0_l", unnest(range(1, 1 + {{ each }})) as step from chosen) as l
    join (select columns(*) as "\0_r" from chosen) as r on r.place_r = l.place_l + l.step
),
judged as materialized (
    select
{% for name, comparison in comparisons.items() %}
        case
            when {{ comparison[0] }} then null
{% for level in comparison[1] %}
            when {{ level.sql }} then {{ loop.index }}
{% endfor %}
            else {{ comparison[1] | length + 1 }}
        end as {{ name | ident }}{{ "," if not loop.last }}
{% endfor %}
    from pair
)
{% for name in comparisons %}
select {{ name | literal }} as comparison, {{ name | ident }} as level, count(*) as pairs
from judged
where {{ name | ident }} is not null
group by 1, 2
{{ "union all" if not loop.last }}
{% endfor %}
order by 1, 2
