/*
title: A record whose period can never start
category: retention
severity: medium
scope: triggers
why: The event that starts the retention period is missing, so the record would be kept for ever and nobody told.
todo: "Enter the event: the day it ended, was resolved or took place."
mandate: GDPR art. 5(1)(e)
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
{% if way == "required" %}
select dataset, record_key, time_reference as field
from registry.retention
where state = 'trigger missing' and is_reference_required
{% elif way == "overdue" %}
select record_key, {{ field | literal }} as field
from registry.{{ dataset | ident }} as r
where r.{{ field | ident }} is null
  and coalesce({{ last_day }} < $as_of, {{ undated }})
{%- if applies %}

  and {{ applies }}
{% endif %}
{% elif way == "unreadable" %}
select record_key, {{ field | literal }} as field
from registry.{{ dataset | ident }}
where list_contains(unreadable, {{ field | literal }})
{% else %}
select record_key, {{ field | literal }} as field
from registry.{{ dataset | ident }} as s
where s.{{ field | ident }} is null
  and exists (select 1 from registry.{{ other | ident }} as h where h.{{ other_key | ident }} = s.{{ key | ident }} and {{ some_of }})
  and not exists (select 1 from registry.{{ other | ident }} as h where h.{{ other_key | ident }} = s.{{ key | ident }} and {{ none_of }})
{% endif %}
