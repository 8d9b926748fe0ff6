-- A row is one request with its last day: one month after receipt, three if the time was extended, moved to the next working
-- day. Reads the register of requests, config.working_days. Parameters: none.
with counted as (
    select
        record_key as request_number,
        {{ kind }} as kind,
        {{ number }} as number,
        {{ received }} as received_on,
        {{ answered }} as answered_on,
        cast({{ received }} + to_months(case when {{ extended }} then {{ months_extended }} else {{ months }} end) as date) as last_day
    from registry.{{ dataset | ident }}
)
select request_number, kind, number, received_on, answered_on, coalesce(w.working_day, c.last_day) as last_day
from counted as c
left join config.working_days as w on w.day = c.last_day
order by last_day nulls first, request_number
