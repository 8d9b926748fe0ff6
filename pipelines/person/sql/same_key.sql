-- A row is one other number with a valid key of a member's last row that only one person (identity code) or organisation
-- (business id) can have. Reads subject_row, member (temporary: number). Parameters: none.
{% for key in keys %}
select a.number as known, b.number, {{ key.name | literal }} as field
from subject_row as a
join subject_row as b on b.{{ key.name | ident }} = a.{{ key.name | ident }} and b.number <> a.number
where a.is_last and a.number in (select number from member)
{{ "union" if not loop.last }}
{% endfor %}
order by known, number, field
