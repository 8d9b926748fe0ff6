-- A row is the first line of a record that has as many cells as the header and yet may be cut wrongly:
--   the record before a lone closing quote in a line of another number of cells: the text that ends there may have begun in it;
--   a row with a lone quote right behind a letter, and the line that closes it, whatever number of cells that has;
--   a record of several lines whose first may as well end a text;
--   the row after a short line that opens a text: it may be the text's;
--   a record of several lines, of which the first and the last, or one between, could be a row, or the last of which has quotes
--   in pairs: a quote too many may have joined them.
--   a row with a lone quote and a text in quotes that has delimiters; one with a lone quote after a short or broken line with quotes.
-- Reads lines, quoted_lines, multi_line_records and malformed_lines (temporary). Parameters: none.
{% set d = delimiter | literal %}
create or replace temp table doubtful_records as
with ends as (
    select line, closes or reopens as is_closing, not is_whole as is_malformed, is_lone,
        opens and line in (select line from malformed_lines) as is_open,
        is_late, text, coalesce(cells, length(text) - length(replace(text, {{ d }}, '')) + 1) as cells
    from quoted_lines
    where line >= {{ first_line }} and (is_lone or not is_whole)
      and not exists (
          select 1 from multi_line_records as m where line between m.first_line + (closes or reopens)::int and m.last_line
      )
      -- The first line of a record that as well ends a text ends one only where the line before is no row and ends none.
      and (
          line not in (select first_line from multi_line_records)
          or not (
              line - 1 in (select last_line from multi_line_records)
              or line - 1 in (select line from quoted_lines where is_whole and cells >= {{ width }})
              or line - 1 in (
                  select line from lines
                  where not contains(text, '"') and length(text) - length(replace(text, {{ d }}, '')) + 1 >= {{ width }}
              )
              or line = {{ first_line }}
          )
      )
),
near as (
    select e.line as ending, e.cells = {{ width }} and not is_malformed as is_full_ending, before, l.line, coalesce(q.is_late, false) as is_late,
        m.first_line, m.first_line is not null or coalesce(q.is_whole, true) as is_row,
        coalesce(q.cells, length(l.text) - length(replace(l.text, {{ d }}, '')) + 1) >= {{ width }} as is_full,
        q.line is not null as has_quotes, l.text
    from (
        select *, line - step as at, step > 0 as before
        from (select *, unnest(generate_series(-{{ near }}, {{ near }})) as step from ends)
        where case when step > 0 then is_closing when step < 0 then is_open and cells < {{ width }} else false end
    ) as e
    join lines as l on l.line = e.at
    left join quoted_lines as q on q.line = l.line
    left join multi_line_records as m on l.line = case when before then m.last_line else m.first_line end
    where l.line >= {{ first_line }}
),
nearest as (
    select ending, before, any_value(is_full_ending) as is_full_ending,
        arg_min(coalesce(first_line, line), abs(ending - line)) as line,
        arg_min(is_late, abs(ending - line)) as is_late, arg_min(is_row, abs(ending - line)) as is_row
    from near
    where is_full or not is_row or first_line is not null
    group by ending, before
),
after_quotes as (
    select ending, is_full_ending, arg_min(has_quotes and not (is_full and is_row), ending - line) as is_after
    from near
    where before and trimmed(text) <> ''
    group by ending, is_full_ending
),
joined as (
    select m.first_line as line,
        count(*) filter (cells = {{ width }} and l.line in (m.first_line, m.last_line)) as ends,
        count(*) filter (cells = {{ width }} and l.line not in (m.first_line, m.last_line)) as between_them,
        count(*) filter (quotes % 2 = 0 and l.line = m.last_line) as pairs
    from multi_line_records as m
    join (
        select line, length(text) - length(replace(text, {{ d }}, '')) + 1 as cells, length(text) - length(replace(text, '"', '')) as quotes
        from lines
    ) as l on l.line between m.first_line and m.last_line
    group by m.first_line
)
select line from nearest where is_row and (not before or is_late or not is_full_ending)
union
select ending from nearest where is_row and before and is_late
union
select ending from after_quotes where is_full_ending and is_after
union
select line from ends where is_lone and cells <> length(text) - length(replace(text, {{ d }}, '')) + 1
union
select first_line from multi_line_records join ends on line = first_line
union
select line from joined where {{ width }} > 2 and (ends = 2 or pairs = 1 or between_them > 0 and {{ width }} > 4)
