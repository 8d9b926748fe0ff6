-- A row is one record that keys join to a member of `person`, by the nearest way. Reads person. Parameters: none.
create or replace temp table taken as
select system, dataset, record_key, line, rank, how, number, via
from ({{ by_key }}) as joined
qualify row_number() over (partition by dataset, line order by rank, number, via) = 1
