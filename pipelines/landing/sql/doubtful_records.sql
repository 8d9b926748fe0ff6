-- A row is the first line of a record that has as many cells as the header and yet may be split wrongly:
--   the record before a lone closing quote in a line with another number of cells: the text that ends there may begin in it;
--   a row with a lone quote right after a letter, and the line that closes it, however many cells that has;
--   a record of several lines whose first could equally end a text;
--   the row after a short line that opens a text: it may belong to the text;
--   a record of several lines of which the first and the last, or one between, could be a row, or whose last has paired
--   quotes: a surplus quote may have joined them;
--   a row with a lone quote and a quoted text with delimiters; one with a lone quote after a short or broken line with quotes;
--   a record of several lines, or one with a lone quote, beside a record with quotes that is not a row;
--   a record of several lines whose first may lack a delimiter before a text.
-- Reads lines, quoted_lines, multi_line_records and malformed_lines (temporary). Parameters: none.
{% set d = delimiter | literal %}
create or replace temp table doubtful_records as
with facts as materialized (
    select l.line, trimmed(l.text) = '' as is_blank, q.line is not null as has_quotes, coalesce(q.is_whole, true) as is_whole,
        coalesce(q.is_lone, false) as is_lone, coalesce(q.is_glued, false) as is_glued, coalesce(q.is_late, false) as is_late,
        coalesce(q.closes or q.reopens, false) as is_closing, coalesce(q.opens, false) as is_opening,
        length(l.text) - length(replace(l.text, '"', '')) as quotes,
        length(l.text) - length(replace(l.text, {{ d }}, '')) + 1 as parts, coalesce(q.cells, parts) as cells,
        case when l.line <= m.last_line then m.first_line end as first_line,
        case when l.line <= m.last_line then m.last_line end as last_line
    from lines as l
    left join quoted_lines as q on q.line = l.line
    -- Records of several lines do not overlap: only the last that begins before a line can contain it.
    asof left join multi_line_records as m on l.line >= m.first_line
    where l.line >= {{ first_line }}
),
ends as materialized (
    select f.*, f.is_opening and f.line in (select line from malformed_lines) and f.cells < {{ width }} as is_open,
        f.cells = {{ width }} and f.is_whole as is_full_ending
    from facts as f
    left join facts as p on p.line = f.line - 1
    where (f.is_lone or not f.is_whole) and coalesce(f.line < f.first_line + f.is_closing::int, true)
      -- The first line of a record that could also end a text does so only if the line before is not a row and ends none.
      and (
          f.line is distinct from f.first_line
          or not (f.line = {{ first_line }} or coalesce(p.line = p.last_line or p.is_whole and p.cells >= {{ width }}, false))
      )
),
rows_before as (
    select line, coalesce(first_line, line) as of_row, is_late, line is not distinct from last_line or is_whole as is_row
    from (select * replace (case when line = last_line then first_line end as first_line) from facts) as f
    where cells >= {{ width }} or not is_whole or first_line is not null
),
rows_after as (
    select line, line is not distinct from first_line or is_whole as is_row
    from facts
    where cells >= {{ width }} or not is_whole or line is not distinct from first_line
),
before_them as (
    select e.line as ending, e.is_full_ending, r.of_row, r.is_late
    from (from ends where is_closing) as e
    asof join rows_before as r on e.line > r.line
    where e.line - r.line <= {{ near }} and r.is_row
),
after_them as (
    select r.line
    from (from ends where is_open) as e
    asof join rows_after as r on e.line < r.line
    where r.line - e.line <= {{ near }} and r.is_row
),
after_quotes as (
    select e.line as ending
    from (from ends where is_closing and is_full_ending) as e
    asof join (from facts where not is_blank) as r on e.line > r.line
    where e.line - r.line <= {{ near }} and r.has_quotes
      and not (r.cells >= {{ width }} and (r.line is not distinct from r.last_line or r.is_whole))
),
-- Records that a missing or surplus quote may have begun or ended, and their neighbours; short lines without quotes do not count.
strange as (
    select line, coalesce(last_line, line) as last
    from facts
    where line = first_line or is_lone and first_line is null
),
rows_beside as materialized (
    select line, first_line, last_line, has_quotes and not (is_whole and cells = {{ width }}) as is_broken
    from facts
    where has_quotes or cells >= {{ width }}
),
beside as materialized (
    select s.line as strange, r.*
    from strange as s
    asof join rows_beside as r on s.line > r.line
    where s.line - r.line <= {{ near }}
    union all
    select s.line, r.*
    from strange as s
    asof join rows_beside as r on s.last < r.line
    where r.line - s.last <= {{ near }}
),
joined_beside as (
    select
        m.first_line,
        len(regexp_extract_all({{ d }} || string_agg(coalesce(l.text, ''), chr(10) order by l.line), {{ split | literal }}, 1)) as cells
    from (select distinct first_line, last_line from beside where first_line is not null) as m
    join lines as l on l.line between m.first_line and m.last_line
    group by m.first_line
),
beside_broken as (
    select b.strange
    from beside as b
    left join joined_beside as j on j.first_line = b.first_line
    where case when b.first_line is null then b.is_broken else j.cells <> {{ width }} end
),
joined as (
    select first_line as line,
        count(*) filter (parts = {{ width }} and line in (first_line, last_line)) as ends,
        count(*) filter (parts = {{ width }} and line not in (first_line, last_line)) as between_them,
        count(*) filter (quotes % 2 = 0 and line = last_line) as pairs
    from facts
    where first_line is not null
    group by first_line
)
select of_row as line from before_them where is_late or not is_full_ending
union
select ending from before_them where is_late
union
select line from after_them
union
select ending from after_quotes
union
select line from facts where line = first_line and is_glued
union
select strange from beside_broken
union
select line from ends where is_lone and cells <> parts
union
select line from ends where line = first_line
union
select line from joined where {{ width }} > 2 and (ends = 2 or pairs = 1 or between_them > 0 and {{ width }} > 4)
