-- One row: for each list, how likely two members with values in it are to share one by chance; at most {{ most }}, since in a
-- small register most of those who share are one person. Reads linkage_members. Parameters: none.
select
{% for column in lists %}
    least(greatest(
        (select coalesce(sum(n * (n - 1)), 0) from (select count(*) as n from (select unnest({{ column }}) as v from linkage_members) group by v))
            / greatest((select count({{ column }}) * (count({{ column }}) - 1.0) from linkage_members), 1),
        1 / greatest(count(*) * 10.0, 1000)
    ), {{ most }}) as {{ column }}{{ "," if not loop.last }}
{% endfor %}
from linkage_members
