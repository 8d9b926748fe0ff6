-- A row is one physical line that is in no row of the raw table: blank, part of a rejected record, or before the first.
-- multi_line_records has only those that became no row. Reads lines, multi_line_records and raw.{{ table }}. Parameters: none.
create or replace temp table left_lines as
select l.line, l.text
from lines as l
where l.line not in (select line from raw.{{ table | ident }});
{% if any_multi_line %}

delete from left_lines
where exists (
    select 1
    from multi_line_records as m
    where left_lines.line between m.first_line and m.last_line
      and m.first_line in (select line from raw.{{ table | ident }})
);

delete from multi_line_records where first_line in (select line from raw.{{ table | ident }});
{% endif %}
