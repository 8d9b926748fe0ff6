-- A row is one record that could not be read as a row, with its reason and its text as it stands in the file.
-- Reads records, malformed_lines, lines (temporary). Parameters: none.
insert into raw.rejected_rows
select {{ system | literal }}, {{ dataset | literal }}, {{ file | literal }}, line, verdict, restored(text)
from (select line, text, {{ verdict }} as verdict from records) as judged
where verdict <> 'blank'
union all
select {{ system | literal }}, {{ dataset | literal }}, {{ file | literal }}, line,
    case
        when contains(text, {{ marks.too_long | literal }}) then 'line too long'
        when contains(text, {{ marks.undecodable | literal }}) then 'byte unknown to the encoding'
        else 'malformed quoting'
    end,
    restored(text)
from lines
where line in (select line from malformed_lines);

insert into feed.rejected_cells
select {{ dataset | literal }}, line, trimmed(unnest(cells))
from (select line, cells, {{ verdict }} as verdict from records) as judged
where verdict <> 'blank'
union all
select {{ dataset | literal }}, line, trimmed(replace(unnest(string_split(text, {{ delimiter | literal }})), '"', ''))
from lines
where line in (select line from malformed_lines)
