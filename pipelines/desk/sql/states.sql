-- A row is one finding known to the ledger by this period, with its state, longest open first; those no longer there
-- come last. Reads ledger.states. Parameters: none.
select
    rule, severity, system, dataset, record_key, field, customer_number, state, first_seen, age_days, periods_open, due_on
from ledger.states
where kind = 'finding'
order by case when is_there then 0 else 1 end, age_days desc, rule, system, dataset, record_key, field
