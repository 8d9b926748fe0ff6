-- A row is one file of the period, with what was read from it and the findings about its structure. Reads what report/feed.sql
-- reads, and results.findings. Parameters: none.
with files as (
{% include "report/feed.sql" %}
)
select
    f.system, f.dataset, f.file,
    concat_ws(', ', concat_ws(': ', f.status, nullif(f.reason, '')), 'seems to be ' || nullif(f.seems, '')) as status,
    f.rows_read, f.rows_registered, f.rows_rejected,
    (select count(*) from results.findings as x where x.dataset = f.dataset and x.category = 'structure') as findings
from files as f
order by f.system, f.dataset
