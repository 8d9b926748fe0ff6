-- A row is one pair of members with the newest label on them. Reads subject_labels. Parameters: none.
select left_member, right_member, arg_max(answer, rowid) as answer
from subject_labels
group by left_member, right_member
order by left_member, right_member
