-- A row is one check that Great Expectations made, or could not make: a part of a rule on one dataset. status: success, failed,
-- error (it raised), skipped (the period lacks what it reads). element_count: rows checked; for a set of columns, columns.
create or replace table results.expectations (
    rule varchar, part integer, dataset varchar, field varchar, expectation_type varchar, status varchar,
    unexpected_count bigint, element_count bigint
);
