-- A row is one file of the period; is_export: a contract declares it, not the controller itself. Reads feed.files and
-- results.datasets. Parameters: none.
select
    f.system,
    coalesce(d.product, f.system) as product,
    f.dataset,
    f.file,
    f.status,
    f.reason,
    f.seems,
    f.sha256,
    f.rows_read,
    f.rows_registered,
    f.rows_rejected,
    d.dataset is not null as is_export
from feed.files as f
left join results.datasets as d on d.dataset = f.dataset
order by d.dataset is null, f.system, f.dataset, f.file
