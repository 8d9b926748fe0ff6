-- A row is one record of a member: a number's records, or the loose record itself. Reads wanted (temporary: member) and attribute.
-- Parameters: subject.
select w.member, a.dataset, a.line, a.dataset = $subject as is_own
from wanted as w
join attribute as a on a.number = split_part(w.member, '/', 2) and split_part(w.member, '/', 1) in ($subject, '?')
union
select w.member, a.dataset, a.line, false
from wanted as w
join attribute as a on a.dataset = split_part(w.member, '/', 1) and a.record_key = substr(w.member, length(a.dataset) + 2)
where split_part(w.member, '/', 1) not in ($subject, '?') or a.number is null
order by all
