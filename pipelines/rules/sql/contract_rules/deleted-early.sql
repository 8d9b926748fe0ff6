/*
title: A record erased before its last day
category: retention
severity: high
term: 72 hours
risk: 2
scope: guarded
why: The law wants the record kept; the previous export held it, this one does not.
todo: Restore the record from the previous export or a backup, and find out who erased it and why.
mandate: GDPR art. 5(1)(f) and 6(1)(c); see the disposal schedule
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select p.record_key, {{ "p.customer_number" if names_person else "''" }} as customer_number, {{ "p.last_day" if period else "cast(null as date)" }} as due_on
from previous.registry.retention as p
join previous.latest.{{ dataset | ident }} as latest on latest.record_key = p.record_key and latest.line = p.line
where p.dataset = {{ dataset | literal }}
  and p.class = {{ class_id | literal }}
{% if period %}
  and p.last_day >= $as_of
{% endif %}
{% for key in keys %}
  and latest.{{ key | ident }} is not null
{% endfor %}
  and p.record_key not in (
    select known.record_key from registry.{{ dataset | ident }} as known where {% for key in keys %}known.{{ key | ident }} is not null{{ " and " if not loop.last }}{% endfor %}
  )
{% if keys | length == 1 %}
  and p.record_key not in (select cell from feed.rejected_cells where dataset = {{ dataset | literal }})
{% else %}
  and not list_has_all((select coalesce(list(cell), []) from feed.rejected_cells where dataset = {{ dataset | literal }}), string_split(p.record_key, '|'))
{% endif %}
