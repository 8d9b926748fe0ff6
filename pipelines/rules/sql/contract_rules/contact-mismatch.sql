/*
title: The same person, told differently by two systems
category: consistency
severity: medium
scope: copies
why: One of the two is wrong, and a correction has not reached every system that holds the data.
todo: Find out which is right and correct the other.
mandate: GDPR art. 5(1)(d) and 19
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select r.record_key, {{ field | literal }} as field
from registry.{{ dataset | ident }} as r
join latest.{{ other | ident }} as c on c.{{ other_key | ident }} = r.{{ key | ident }}
where r.{{ field | ident }} <> {{ original }}
{% if normal %}
  and {{ normal.format("r." ~ (field | ident)) }} <> {{ normal.format(original) }}
{% endif %}
{% for condition in conditions %}
  and {{ condition }}
{% endfor %}
{% if except_ %}
  and r.line not in (select o.line from registry.{{ except_ | ident }} as o)
{% endif %}
