-- A row is one finding that may hide behind a rejected row of a period: its key is among the row's cells, or its customer's
-- number among those of another dataset that the rule reads. Reads found, reads and rejected.
with known as (
    select distinct fingerprint, rule, dataset, unnest(key_hashes) as key_hash, customer_hash
    from {{ catalog }}.ledger.found
),
readers as (
    select distinct period, rule, reads
    from {{ catalog }}.ledger.reads
    where needs = 'rows'
)
select r.period, k.fingerprint
from known as k
join {{ catalog }}.ledger.rejected as r on r.dataset = k.dataset and r.cell_hash = k.key_hash
join readers as d on d.period = r.period and d.rule = k.rule and d.reads = r.dataset
union
select r.period, k.fingerprint
from known as k
join {{ catalog }}.ledger.rejected as r on r.dataset <> k.dataset and r.cell_hash = k.customer_hash
join readers as d on d.period = r.period and d.rule = k.rule and d.reads = r.dataset
