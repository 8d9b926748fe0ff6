-- The tables that every period has, whatever its contracts.
create schema if not exists raw;
create schema if not exists registry;
create schema if not exists feed;
create schema if not exists results;

-- A row is one record that could not be read as a row.
create or replace table raw.rejected_rows (
    system varchar, dataset varchar, file varchar, line bigint, reason varchar, text varchar
);
-- A row is one cell of a rejected row: a key in it is not gone.
create or replace table feed.rejected_cells (dataset varchar, line bigint, cell varchar);
-- A row is one export that a contract declares. rows_read = rows_registered + rows_rejected, or the run stops.
-- status: read, missing, no header line, refused (reason says why: line ends, delimiter, or the apparent encoding).
-- seems: the encoding that the file seems to have, if not its contract's.
-- rows_before: rows in the last period in which the export had any, null if there is none.
create or replace table feed.files (
    system varchar, dataset varchar, file varchar, status varchar, sha256 varchar, bytes bigint,
    lines bigint, rows_read bigint, rows_registered bigint, rows_rejected bigint,
    reason varchar, seems varchar, rows_before bigint
);
-- A row is one column that a contract declares or a file has. status: declared, missing, undeclared; an undeclared one is
-- called by its position in the file, as its header may contain personal data.
create or replace table feed.columns (
    system varchar, dataset varchar, file varchar, position integer, header varchar, column_name varchar, status varchar
);
-- A row is one column that no contract declares, with its header from the file: read on request only, never by a rule.
create or replace table raw.undeclared_headers (system varchar, dataset varchar, file varchar, position integer, header varchar);
