-- One row: non-blank records, counted from the physical lines; physical lines in all.
-- Reads lines and, for delimited files, multi_line_records and records (temporary). Parameters: none.
{% if kind != "csv" %}
select count(*) filter (line >= {{ first_line }} and trimmed(text) <> '') as rows_read, count(*) as lines
from lines
{% else %}
select
    count(*) filter (
        line >= {{ first_line }}
        and case
            when text between '!' and '~' and not starts_with(text, {{ delimiter | literal }}) then true
            else trimmed(replace(text, {{ delimiter | literal }}, '')) <> ''
        end
    )
    {% if any_multi_line %}
    -- Lines that only continue a record.
    - (
        select count(*)
        from lines as l
        join multi_line_records as m on l.line > m.first_line and l.line <= m.last_line
        where trimmed(replace(l.text, {{ delimiter | literal }}, '')) <> ''
    )
    {% endif %}
    {% if any_quoted %}
    -- Records whose cells are all quoted and empty.
    - (
        select count(*)
        from records
        where contains(text, '"') and trimmed(array_to_string(cells, '')) = ''
    )
    {% endif %}
    as rows_read,
    count(*) as lines
from lines
{% endif %}
