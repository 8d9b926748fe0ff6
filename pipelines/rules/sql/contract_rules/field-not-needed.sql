/*
title: A field that no purpose needs any more
category: minimisation
severity: medium
scope: needed
why: The contract says until when the field is needed; that day is past, although the record itself may have to stay.
todo: Erase the field.
mandate: GDPR art. 5(1)(c) and (e)
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select r.record_key, {{ field | literal }} as field, {{ severity | literal }} as severity
from registry.{{ dataset | ident }} as r
{{ join }}
where r.{{ field | ident }} is not null
  and {{ last_day }} < $as_of
{% if person %}
  and {{ person }} is not null
  and {{ person }} not in (select h.customer_number from registry.active_holds as h)
{% for item in open %}
  and {{ person }} not in (select o.{{ item.key | ident }} from registry.{{ item.dataset | ident }} as o where o.{{ item.key | ident }} is not null and {{ item.where }})
{% endfor %}
{% endif %}
