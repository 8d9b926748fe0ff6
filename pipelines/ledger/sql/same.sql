-- Whether two cells were once the same key: a spreadsheet takes keys for numbers, drops control characters and cuts what is
-- very long, and CSV guards a sign that begins a formula by an apostrophe.
create or replace temp macro same(a, b) as
    left(regexp_replace(regexp_replace(a, '[\x00-\x1f\x{fffd}]', '', 'g'), '^[ ''0]+| +$', '', 'g'), 30000)
    = left(regexp_replace(regexp_replace(b, '[\x00-\x1f\x{fffd}]', '', 'g'), '^[ ''0]+| +$', '', 'g'), 30000)
