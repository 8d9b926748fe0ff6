/*
title: A record that names nobody who is known
category: consistency
severity: high
scope: references
why: Personal data without the person it belongs to has no basis that anybody can see, and no retention that ends.
todo: Correct the number, or erase the record.
mandate: GDPR art. 5(1)(a) and 6
owner: data protection officer
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select record_key, {{ field | literal }} as field
from registry.{{ dataset | ident }} as r
where r.{{ field | ident }} is not null
  and not exists (select 1 from registry.{{ other | ident }} as known where known.{{ other_key | ident }} = r.{{ field | ident }})
{%- if own %}

  and {{ own }}
{% endif %}
