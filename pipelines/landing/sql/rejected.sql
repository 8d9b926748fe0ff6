-- A row is one record that could not be read as a row, with its reason and its text as it stands in the file.
-- Reads records, malformed_lines, lines (temporary). Parameters: none.
create or replace table raw.{{ ('rejected of ' ~ table) | ident }} as
select {{ system | literal }} as system, {{ dataset | literal }} as dataset, {{ file | literal }} as file, line, verdict as reason, {{ outward('restored(text)') }} as text
from (select line, text, {{ verdict }} as verdict from records) as judged
where verdict <> 'blank'
union all
select {{ system | literal }}, {{ dataset | literal }}, {{ file | literal }}, line,
    case
        when contains(text, {{ marks.too_long | literal }}) then 'line too long'
        when contains(text, {{ marks.undecodable | literal }}) then 'byte unknown to the encoding'
        else 'malformed quoting'
    end,
    {{ outward('restored(text)') }}
from lines
where line in (select line from malformed_lines);

create or replace table feed.{{ ('rejected of ' ~ table) | ident }} as
select {{ dataset | literal }} as dataset, line, trimmed({{ outward('unnest(cells)') }}) as cell
from (select line, cells, {{ verdict }} as verdict from records) as judged
where verdict <> 'blank'
union all
select {{ dataset | literal }}, line, trimmed(replace(unnest(string_split(text, {{ delimiter | literal }})), '"', ''))
from lines
where line in (select line from malformed_lines)
{% if any_multi_line %}
-- A quote too many can swallow rows: what stood in them is not gone.
union all
select {{ dataset | literal }}, m.first_line, trimmed(replace(unnest(string_split(l.text, {{ delimiter | literal }})), '"', ''))
from multi_line_records as m
join lines as l on l.line between m.first_line and m.last_line
{% endif %}
