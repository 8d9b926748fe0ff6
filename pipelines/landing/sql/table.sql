-- A row is one row of the export as text, unchanged, with file, SHA-256 and line.
-- Reads records (temporary). Parameters: none.
create or replace table raw.{{ table | ident }} as
select
    {{ file | literal }} as file,
    {{ sha256 | literal }} as sha256,
    line,
{% for column in columns %}
    {{ outward(("restored(" if restore else "") ~ "cells[" ~ loop.index ~ "]" ~ (")" if restore else "")) }} as {{ column | ident }},
{% endfor %}
from (select line, cells, {{ verdict }} as verdict from records) as judged
where verdict is null
