-- A row is one attestation of a statement of the notice; rows are added, never changed. Parameters: none.
create table if not exists attestations (
    entry integer, statement varchar, attested_by varchar, attested_on date, valid_until date, note varchar
)
