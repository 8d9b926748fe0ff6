-- What people decided or reported: rows are added, never changed. Periods name the newest one taken in at that time.
create schema if not exists ledger;
-- One row: the secret that keys the fingerprints.
create table if not exists ledger.secrets (secret varchar);
-- A row is one accepted finding, from a period on and for periods as of until_on at the latest.
create table if not exists ledger.acceptances (
    acceptance varchar, fingerprint varchar, from_period varchar, until_on date, reason varchar, accepted_by varchar
);
-- second_name: the other person who decided, if the controller requires two.
alter table ledger.acceptances add column if not exists second_name varchar default '';
-- A row is one accepted finding whose acceptance was withdrawn, from a period on.
create table if not exists ledger.withdrawals (
    acceptance varchar, fingerprint varchar, from_period varchar, reason varchar, withdrawn_by varchar
);
-- A row is what one line of a worklist said when it was read back: is_done, or only a remark. The highest number counts.
create table if not exists ledger.reports (
    number bigint, fingerprint varchar, period varchar, is_done boolean, remark varchar, source varchar
);
-- A row is one period whose outputs no longer agree with the ledger, until they are written again.
create table if not exists ledger.stale_outputs (period varchar)
;
-- A row is one finding or task handed to another person or office than its rule names, from a period on; an empty who undoes that.
-- The highest number counts.
create table if not exists ledger.assignments (
    number bigint, fingerprint varchar, from_period varchar, who varchar, reason varchar, assigned_by varchar
);
-- A row is one decision on the disposal of a class of records: approved, or withdrawn. records, keys_sha256: of the list at that time.
create table if not exists ledger.disposals (
    number bigint, period varchar, class varchar, records bigint, keys_sha256 varchar, answer varchar, reason varchar,
    approved_by varchar, second_name varchar
);
-- A row is one decision as it was entered: what was done about what, on which day, by whom and why. period: the newest one then.
create table if not exists ledger.journal (
    number bigint, decided_on date, period varchar, what varchar, about varchar, findings bigint, decided_by varchar,
    second_name varchar, reason varchar
)
