-- Whether two cells were once the same key: a spreadsheet turns keys into numbers, drops control characters and truncates very
-- long texts, and CSV guards a leading formula sign by an apostrophe.
create or replace temp macro same(a, b) as
    left(regexp_replace(regexp_replace(a, '[\x00-\x1f\x{fffd}]', '', 'g'), '^[ ''0]+| +$', '', 'g'), 30000)
    = left(regexp_replace(regexp_replace(b, '[\x00-\x1f\x{fffd}]', '', 'g'), '^[ ''0]+| +$', '', 'g'), 30000)
