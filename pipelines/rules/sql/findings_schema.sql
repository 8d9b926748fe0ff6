-- A row is one offending registry row that one part of a rule returned.
create or replace table results.offences (
    rule varchar, part integer, dataset varchar, record_key varchar, field varchar, customer_number varchar,
    due_on date, detail varchar, severity varchar
);
-- A row is one part of a rule. status: evaluated or not evaluated; records: rows of its dataset; offences: rows returned.
create or replace table results.evaluations (
    rule varchar, part integer, dataset varchar, field varchar, status varchar, reason varchar, records bigint, offences bigint
);
-- A row is one rule as it was when it was evaluated.
create or replace table results.rules (
    rule varchar, title varchar, category varchar, severity varchar, about varchar, why varchar, todo varchar,
    notice varchar[], mandate varchar, owner varchar, reviewed date, review_by date, review_overdue boolean
);
-- A row is one contract.
create or replace table results.datasets (system varchar, product varchar, dataset varchar, file varchar);
