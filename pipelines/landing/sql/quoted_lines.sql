-- A row is one physical line with a quote in it. is_whole: a record by itself; opens: its last cell is still open at
-- the line's end; and, read as the middle of an open cell: closes, closes and opens again, or stays inside it.
-- is_glued: a delimiter may be missing before a quoted text; is_lone: a record with an unpaired quote; is_late: it could open a text if a delimiter came before it; cells: how many.
-- Reads lines. Parameters: none.
create or replace temp table quoted_lines as
with quoted as (
    select line, text, (length(text) - length(replace(text, '"', ''))) % 2 = 1 as is_odd
    from lines
    where contains(text, '"')
),
glued as (
    select
        *,
        regexp_matches(text, {{ pattern.glued | literal }}) as is_glued,
        is_glued
            or regexp_matches(text, {{ pattern.glued_doubled | literal }})
            or regexp_matches(text, {{ pattern.glued_first | literal }})
            or is_odd and regexp_matches(text, {{ pattern.opened_late | literal }}) as may_be_glued
    from quoted
),
whole as (
    select
        *,
        not may_be_glued and regexp_full_match(text, {{ pattern.whole | literal }}) as is_whole
    from glued
)
select
    line,
    text,
    is_whole,
    is_glued,
    regexp_full_match(text, {{ pattern.opens | literal }}) as opens,
    regexp_full_match(text, {{ pattern.closes | literal }}) as closes,
    regexp_full_match(text, {{ pattern.reopens | literal }}) as reopens,
    regexp_full_match(text, {{ pattern.inside | literal }}) as inside,
    is_odd and is_whole as is_lone,
    is_odd and is_whole and regexp_matches(text, {{ pattern.late | literal }}) as is_late,
    case when is_whole then len(regexp_extract_all({{ delimiter | literal }} || text, {{ pattern.split | literal }}, 1)) end as cells
from whole
