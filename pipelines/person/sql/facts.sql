-- A row is one personal attribute of a record being compared, of the kinds that are compared. Reads looked (temporary: dataset,
-- line) and attribute. Parameters: kinds.
select l.dataset, l.line, a.kind, a.role, a.value, a.normal_value
from looked as l
join attribute as a on a.dataset = l.dataset and a.line = l.line
where list_contains($kinds, a.kind)
order by l.dataset, l.line, a.kind, a.role, a.value
