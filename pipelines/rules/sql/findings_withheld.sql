-- A row is one finding whose detail quotes a personal text of its own record: the rule's fault, and never shown.
-- Reads results.findings and the registry. Parameters: none.
create or replace table results.withheld as
{% for dataset, columns in texts.items() %}
select distinct f.rule, f.dataset, f.record_key, f.field
from results.findings as f
join registry.{{ dataset | ident }} as r on r.record_key = f.record_key
where f.dataset = {{ dataset | literal }} and f.detail <> '' and (
    {% for column in columns %}
    (length(r.{{ column | ident }}) >= {{ least }} and contains(lower(f.detail), lower(r.{{ column | ident }})))
    {{ "or" if not loop.last }}
    {% endfor %}
)
union all
{% endfor %}
select rule, dataset, record_key, field from results.findings where false
