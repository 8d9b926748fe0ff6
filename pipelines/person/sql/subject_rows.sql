-- A row is one row of a data subject: number, line, whether it is the last of its number, whether it is an organisation's (null:
-- unknown), first and last day, and its valid keys in normal form. Reads the data subjects. Parameters: none.
create or replace temp table subject_row as
select
    r.{{ number | ident }} as number,
    r.line,
    r.line = max(r.line) over (partition by r.{{ number | ident }}) as is_last,
    {{ organisation }} as is_organisation,
    {{ since }} as since_on,
{% for key in keys %}
    {{ key.normal }} as {{ key.name | ident }}{{ "," if not loop.last }}
{% endfor %}
from registry.{{ subject | ident }} as r
where r.{{ number | ident }} is not null
