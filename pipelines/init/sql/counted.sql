-- Of every column: cells with something in them, different values, shortest and longest. One row.
select
{% for name in names %}
    count({{ name | ident }}), count(distinct {{ name | ident }}),
    coalesce(min(length({{ name | ident }})), 0), coalesce(max(length({{ name | ident }})), 0){{ "," if not loop.last }}
{% endfor %}
from temp.{{ ("cells of " ~ dataset) | ident }}
