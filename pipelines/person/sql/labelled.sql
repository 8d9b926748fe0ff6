-- A row is one band of probability, offered or not: how many pairs it has, and the labels of those judged. Reads predicted, link,
-- labelled. Parameters: none.
with compared as (
    select
        k.left_member is not null as is_offered,
        greatest({% for band in bands %}case when p.match_probability >= {{ band }} then {{ band }} else 0 end{{ ", " if not loop.last }}{% endfor %}) as least,
        s.answer
    from predicted as p
    left join link as k on least(k.left_member, k.right_member) = least(p.unique_id_l, p.unique_id_r)
        and greatest(k.left_member, k.right_member) = greatest(p.unique_id_l, p.unique_id_r)
    left join labelled as s on s.left_id = least(p.unique_id_l, p.unique_id_r) and s.right_id = greatest(p.unique_id_l, p.unique_id_r)
    where p.is_of_subject
)
select
    is_offered,
    cast(least as double) as least,
    count(*) as pairs,
    count(*) filter (answer = 'yes') as yes,
    count(*) filter (answer = 'no') as no,
    count(*) filter (answer = 'do not know') as unknown
from compared
group by is_offered, least
order by is_offered desc, least desc
