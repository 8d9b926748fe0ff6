-- A row is one row of a member's number that is not the last of the file and cannot be the same person: another valid key, or
-- a name with nothing in common. Reads person and the data subjects. Parameters: none.
select r.line
from registry.{{ dataset | ident }} as r
join latest.{{ dataset | ident }} as l on l.{{ number | ident }} = r.{{ number | ident }} and l.line <> r.line
where r.{{ number | ident }} in (select number from person)
  and (
    not names_agree({{ person_name }}, {{ person_name | replace("r.", "l.") }})
{% for key in keys %}
    or coalesce({{ key.normal }} <> {{ key.normal | replace("r.", "l.") }}, false)
{% endfor %}
  )
