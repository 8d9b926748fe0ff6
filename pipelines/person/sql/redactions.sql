-- A row is one place of the data with the newest answer on it. Reads subject_redactions. Parameters: none.
select place, arg_max(answer, rowid) as answer
from subject_redactions
group by place
order by place
