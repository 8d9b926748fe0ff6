-- Which of the known signs for nothing stand in a sample of the rows.
select distinct lower(trimmed(value)) as sign
from (unpivot (select {% for name in names %}{{ name | ident }}{{ ", " if not loop.last }}{% endfor %} from raw.{{ table | ident }} where line % {{ step }} = 0) on columns(*) into name column_name value value)
where lower(trimmed(value)) in ({% for sign in missing %}{{ sign | literal }}{{ ", " if not loop.last }}{% endfor %})
