-- A row is one part of the list `worklist`, gravest first: rows of one dataset and rule.
select
    dataset, rule, chunk, count(*) as rows, arg_min(system, place) as system, arg_min(title, place) as title, min(act_by) as act_by,
    bool_or(record_key <> '') as has_keys
from worklist
group by dataset, rule, chunk
order by min(place)
