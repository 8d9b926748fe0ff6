-- A row is one class of the disposal schedule; period is ISO 8601, null where there is none.
create or replace table registry.schedule (
    class varchar, dataset varchar, title varchar, time_reference varchar, period varchar, mandate varchar, kind varchar, action varchar
)
