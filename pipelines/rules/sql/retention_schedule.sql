-- A row is one class of the disposal schedule. counted_from: what the event is moved to before the period starts, in words,
-- null if it is not moved; period is ISO 8601, null if there is none; is_subject: the data subjects' own record. Parameters: none.
create or replace table registry.schedule (
    class varchar, dataset varchar, title varchar, time_reference varchar, counted_from varchar, period varchar,
    mandate varchar, kind varchar, action varchar, is_subject boolean
)
