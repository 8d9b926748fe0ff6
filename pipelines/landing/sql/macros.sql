-- What landing and typing need on every connection: temporary, since they are not part of a period.
-- A list of cells without their quotes.
create or replace temp macro unquoted(cells) as list_transform(
    cells,
    lambda c: case
        when starts_with(c, '"') then replace(substr(rtrim(c, ' ' || chr(9)), 2, length(rtrim(c, ' ' || chr(9))) - 2), '""', '"')
        else c
    end
);
-- Restores what the line reader had to replace.
create or replace temp macro restored(text) as
    translate(text, {{ (marks.carriage_return ~ marks.separator) | literal }}, chr(13) || chr(1));
-- Begins and ends with a printable ASCII character, so there is nothing to trim; most values do, and the test is cheap.
create or replace temp macro is_bare(v) as v >= '!' and v < chr(127) and right(v, 1) between '!' and '~';
-- Without surrounding white space of any kind.
create or replace temp macro trimmed(v) as
    case
        when is_bare(v) then v
        when regexp_matches(v, {{ ("^[" ~ whitespace_class ~ "]|[" ~ whitespace_class ~ "]$") | literal }}) then trim(v, {{ whitespace | literal }})
        else v
    end;
