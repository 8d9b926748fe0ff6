-- A row is one finding that the previous period already had. Reads results.findings and previous.results.findings.
-- Parameters: none.
create or replace table results.lasting as
{% if previous %}
select f.rule, f.dataset, f.record_key, f.field
from results.findings as f
join previous.results.findings as p
    on p.rule = f.rule and p.dataset = f.dataset and p.record_key = f.record_key and p.field = f.field
{% else %}
select rule, dataset, record_key, field
from results.findings
where false
{% endif %}
