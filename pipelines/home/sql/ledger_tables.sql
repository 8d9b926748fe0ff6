-- What is kept of every period, in the period's own database and, once it is in force, in the workbench's. The states of all
-- findings are derived from these rows and the decisions, whatever order the periods were taken in.
create schema if not exists {{ catalog }}.ledger;
-- A row is one period taken in.
create table if not exists {{ catalog }}.ledger.periods (period varchar, as_of date);
-- A row is one finding or task of a period. is_transition: its rule compares two periods, so that only `checks` shows later
-- whether it still holds; value_hash: keyed hash of the value that a task is about.
create table if not exists {{ catalog }}.ledger.found (
    period varchar, fingerprint varchar, kind varchar, is_transition boolean, rule varchar, category varchar, severity varchar,
    system varchar, dataset varchar, record_key varchar, field varchar, customer_number varchar, due_on date, detail varchar,
    value_hash varchar, key_hashes varchar[], customer_hash varchar
);
-- A row is one part of a rule, evaluated or not. An empty dataset or field stands for all of them.
create table if not exists {{ catalog }}.ledger.looks (
    period varchar, rule varchar, part integer, dataset varchar, field varchar, is_evaluated boolean
);
-- A row is one dataset that a part of a rule reads. needs: rows, or header if it only reads the file's header line.
create table if not exists {{ catalog }}.ledger.reads (
    period varchar, rule varchar, part integer, dataset varchar, reads varchar, needs varchar
);
-- A row is one rule or kind of task in one system: who acts, the hours to do it in and the risk to people, null if the
-- finding's severity decides.
create table if not exists {{ catalog }}.ledger.terms (
    period varchar, rule varchar, system varchar, who varchar, term_hours integer, risk integer
);
-- A row is one export that a contract declares. largest_decrease: percent of rows that may disappear between periods.
create table if not exists {{ catalog }}.ledger.feeds (
    period varchar, system varchar, dataset varchar, status varchar, rows_registered bigint, rows_rejected bigint,
    largest_decrease integer, is_stale boolean
);
-- A row is one declared column that an export lacked.
create table if not exists {{ catalog }}.ledger.missing_columns (period varchar, dataset varchar, field varchar);
-- A row is one cell of a rejected row, as a keyed hash: a key found here is not gone.
create table if not exists {{ catalog }}.ledger.rejected (period varchar, dataset varchar, cell_hash varchar);
-- A row is one finding or task of an earlier period whose rule compares periods, checked again in this one. is_proof: the
-- evidence is in a row, so that no complete export is needed.
create table if not exists {{ catalog }}.ledger.checks (period varchar, fingerprint varchar, is_there boolean, is_proof boolean)
