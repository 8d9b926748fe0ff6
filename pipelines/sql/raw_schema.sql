-- The tables that every period has, whatever its contracts say.
create schema if not exists raw;
create schema if not exists registry;
create schema if not exists feed;
create schema if not exists results;

-- A row is one record that could not be read as a row.
create or replace table raw.rejected_rows (
    system varchar, dataset varchar, file varchar, line bigint, reason varchar, text varchar
);
-- A row is one cell of a rejected row: a key that stands here is not gone.
create or replace table feed.rejected_cells (dataset varchar, line bigint, cell varchar);
-- A row is one export that a contract declares. rows_read = rows_registered + rows_rejected, or the run stops.
create or replace table feed.files (
    system varchar, dataset varchar, file varchar, status varchar, sha256 varchar, bytes bigint,
    lines bigint, rows_read bigint, rows_registered bigint, rows_rejected bigint
);
-- A row is one column that a contract declares or a file has. status: declared, missing, undeclared.
create or replace table feed.columns (
    system varchar, dataset varchar, file varchar, position integer, header varchar, column_name varchar, status varchar
);

-- A list of cells without their quotes.
create or replace temp macro unquoted(cells) as list_transform(
    cells,
    lambda c: case
        when starts_with(c, '"') then replace(substr(rtrim(c, ' ' || chr(9)), 2, length(rtrim(c, ' ' || chr(9))) - 2), '""', '"')
        else c
    end
);
-- What the line reader had to replace, put back.
create or replace temp macro restored(text) as
    translate(text, {{ (marks.carriage_return ~ marks.separator) | literal }}, chr(13) || chr(1));
-- Begins and ends with a printable ASCII character, so there is nothing to trim; most values do, and the test costs little.
create or replace temp macro is_bare(v) as v >= '!' and v < chr(127) and right(v, 1) between '!' and '~';
-- Without surrounding white space of any kind.
create or replace temp macro trimmed(v) as
    case
        when is_bare(v) then v
        when regexp_matches(v, {{ ("^[" ~ whitespace_class ~ "]|[" ~ whitespace_class ~ "]$") | literal }}) then trim(v, {{ whitespace | literal }})
        else v
    end;
