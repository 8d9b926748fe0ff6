-- A row is one person (by number) or loose record that the query may mean: matching kinds, whether one matches exactly, matching
-- records, and their total number. Reads attribute and the datasets' own rows. Parameters: query, most.
with fits as (
    select dataset, record_key, line, number, kind, value, is_exact
    from (
        select
            *,
            lower(value) = lower($query)
{% for kind, value in normals.items() %}
                or (kind = {{ kind | literal }} and normal_value is not distinct from {{ value | literal }})
{% endfor %}
            as is_exact
        from attribute
    ) as known
    where is_exact
       or (kind = 'pd:Name' and len({{ words }}) > 0 and list_has_all(name_words(value), {{ words }}))
{% if "pd:PhysicalAddress" in normals %}
       or (kind = 'pd:PhysicalAddress' and starts_with(normal_address(value), {{ (normals["pd:PhysicalAddress"] ~ ",") | literal }}))
{% endif %}
{% for part in parts %}
    union all
    select {{ part.dataset | literal }} as dataset, r.record_key, r.line, {{ part.number }} as number, {{ part.kind | literal }} as kind,
        {{ part.value }} as value, true as is_exact
    from {{ part.rows }} as r{{ part.join }}
    where lower({{ part.value }}) = lower($query)
{% endfor %}
{% for item in business %}
    union all
    select {{ item.dataset | literal }} as dataset, record_key, line, {{ item.number }} as number, 'business id' as kind,
        {{ item.column }} as value, true as is_exact
    from {{ item.rows }}
    where to_business_id({{ item.column }})
        = to_business_id(case when regexp_full_match($query, '[0-9]{6}-?[0-9]') then '0' || $query else $query end)
{% endfor %}
)
select
    number,
    case when number is null then dataset end as dataset,
    case when number is null then record_key end as record_key,
    any_value(value) filter (kind = 'pd:Name') as name,
    list_sort(list(distinct kind)) as kinds,
    coalesce(bool_or(is_exact), false) as is_exact,
    count(distinct (dataset, line)) as records,
    count(*) over () as of_all
from fits
group by 1, 2, 3
order by is_exact desc, records desc, number nulls last, dataset, record_key
limit $most
