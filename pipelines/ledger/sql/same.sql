-- Whether two cells were once the same key: a spreadsheet turns keys into numbers, drops control characters and truncates very
-- long texts, CSV guards a leading formula sign by an apostrophe, and our sheets show hidden characters by their code.
create or replace temp macro same(a, b) as
    left(regexp_replace(regexp_replace(a, '[\p{C}\p{Zl}\p{Zp}\x{fffd}]|⟨U\+[0-9A-F]{4,6}⟩', '', 'g'), '^[ ''0]+| +$', '', 'g'), 30000)
    = left(regexp_replace(regexp_replace(b, '[\p{C}\p{Zl}\p{Zp}\x{fffd}]|⟨U\+[0-9A-F]{4,6}⟩', '', 'g'), '^[ ''0]+| +$', '', 'g'), 30000)
