-- The values of a sample of an export's rows, each once a column, with how often it stands there.
insert into samples
select {{ dataset | literal }}, column_name, value, count(*)
from (unpivot (select {% for name in names %}{{ name | ident }}{{ ", " if not loop.last }}{% endfor %} from temp.{{ ("cells of " ~ dataset) | ident }} where line % {{ step }} = 0) on columns(*) into name column_name value value)
group by column_name, value
