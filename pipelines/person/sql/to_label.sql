-- A row is one unlabelled and unanswered pair of members, with the level of every comparison and what each side has; the nearest
-- to the threshold first, as many offered as not. Reads predicted, link, labelled, linkage_members. Parameters: most.
with compared as (
    select
        least(unique_id_l, unique_id_r) as left_member,
        greatest(unique_id_l, unique_id_r) as right_member,
        match_probability as probability,
        abs(match_weight - log2({{ threshold }} / (1 - {{ threshold }}))) as distance,
{% for name in comparisons %}
        coalesce(gamma_{{ name }}, -1) as {{ name }}_level{{ "," if not loop.last }}
{% endfor %}
    from predicted
    where is_of_subject
),
open as (
    select c.*, k.left_member is not null as is_offered
    from compared as c
    left join link as k on least(k.left_member, k.right_member) = c.left_member and greatest(k.left_member, k.right_member) = c.right_member
    left join labelled as s on s.left_id = c.left_member and s.right_id = c.right_member
    where s.answer is null
    qualify row_number() over (partition by k.left_member is not null order by c.distance, c.left_member, c.right_member) <= ceil($most / 2)
)
select
    o.*
{% for column in shown %}
    , l.{{ column }} as left_{{ column }}, r.{{ column }} as right_{{ column }}
{% endfor %}
from open as o
join linkage_members as l on l.unique_id = o.left_member
join linkage_members as r on r.unique_id = o.right_member
order by o.distance, o.left_member, o.right_member
limit $most
