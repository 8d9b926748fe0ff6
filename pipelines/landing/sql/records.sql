-- A row is one record of a delimited file, split into cells: its first line, its text, its cells.
-- Reads {{ lines }}, quoted_lines and multi_line_records, all temporary. Parameters: none.
create or replace temp view records as
select line, text, string_split(text, {{ delimiter | literal }}) as cells
from {{ lines }} as l
where line >= {{ first_line }} and (text is null or not contains(text, '"'))
{% if any_multi_line %}
  and not exists (select 1 from multi_line_records as m where l.line between m.first_line and m.last_line)
{% endif %}
{% if any_quoted %}
union all
select line, text, unquoted(regexp_extract_all({{ delimiter | literal }} || text, {{ pattern.split | literal }}, 1)) as cells
from quoted_lines
where line >= {{ first_line }} and is_whole
{% if lines != "lines" %}
  and line in (select line from {{ lines }})
{% endif %}
{% if any_multi_line %}
  and not exists (select 1 from multi_line_records as m where quoted_lines.line between m.first_line and m.last_line)
{% endif %}
{% endif %}
{% if any_multi_line %}
union all
select
    line, text, unquoted(regexp_extract_all({{ delimiter | literal }} || text, {{ pattern.split | literal }}, 1)) as cells
from (
    select m.first_line as line, string_agg(coalesce(l.text, ''), {{ line_end | literal }} order by l.line) as text
    from multi_line_records as m
    join {{ lines }} as l on l.line between m.first_line and m.last_line
    group by m.first_line
) as joined
{% endif %}
