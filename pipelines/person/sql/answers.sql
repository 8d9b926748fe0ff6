-- A row is one pair of members with the newest answer on them. Reads subject_answers. Parameters: none.
select left_member, right_member, arg_max(answer, rowid) as answer, max(said_at) as said_at
from subject_answers
group by left_member, right_member
order by left_member, right_member
