-- A row is one answer of the officer on whether two members are one person; the newest of a pair counts. Only added to.
create table if not exists subject_answers (
    said_at varchar, said_by varchar, why varchar, left_member varchar, right_member varchar, answer varchar
);
-- A row is one answer of the officer on what may go out of a field: release, redact, withhold or withdrawn; place: the keyed sum of record, field
-- and value. The newest of a place counts. Only added to.
create table if not exists subject_redactions (
    said_at varchar, said_by varchar, why varchar, member varchar, field varchar, place varchar, answer varchar
);
-- A row is one access package that was made; request_number is empty where none was named. Only added to.
create table if not exists subject_packages (
    made_at varchar, made_by varchar, request_number varchar, customer_number varchar, period varchar, records bigint, sha256 varchar
);
-- A row is one label of the officer on whether two members are one person, to measure the links: yes, no or do not know. The newest of a
-- pair counts. Only added to; joins nobody.
create table if not exists subject_labels (said_at varchar, said_by varchar, left_member varchar, right_member varchar, answer varchar)
