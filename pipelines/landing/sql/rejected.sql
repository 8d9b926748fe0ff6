-- A row is one record that could not be read as a row, with its reason and its text as in the file.
-- Reads records, malformed_lines, lines (temporary). Parameters: none.
create or replace temp table unfit as
select * from (select line, text, cells, {{ verdict }} as verdict from records) as judged where verdict <> 'blank';

create or replace table raw.{{ ('rejected of ' ~ table) | ident }} as
select {{ system | literal }} as system, {{ dataset | literal }} as dataset, {{ file | literal }} as file, line, verdict as reason, {{ outward('restored(text)') }} as text
from unfit
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

{% macro each(cells) -%}
{% if returns %}unnest(flatten(list_transform({{ cells }}, lambda c: string_split(c, {{ marks.carriage_return | literal }})))){% else %}unnest({{ cells }}){% endif %}
{%- endmacro %}
{% set parts = "string_split(text, " ~ (delimiter | literal) ~ ")" %}
-- A carriage return in a row may have ended it: the text on both sides of it is present too.
create or replace table feed.{{ ('rejected of ' ~ table) | ident }} as
select {{ dataset | literal }} as dataset, line, trimmed({{ outward(each('cells')) }}) as cell
from unfit
union all
select {{ dataset | literal }}, line, trimmed(replace({{ each(parts) }}, '"', ''))
from lines
where line in (select line from malformed_lines)
{% if any_multi_line %}
-- A surplus quote can swallow rows: their keys are not gone.
union all
select {{ dataset | literal }}, m.first_line, trimmed(replace({{ each(parts | replace('text', 'l.text')) }}, '"', ''))
from multi_line_records as m
join lines as l on l.line between m.first_line and m.last_line
{% endif %}
