/*
title: A record whose keeping was not reviewed in time
category: staleness
severity: medium
scope: reviews
why: A record that has no last day is kept only as long as somebody has found, at a review, that it is still needed.
todo: Assess whether the record is still needed, and note the day of the review.
mandate: GDPR art. 5(1)(e)
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select record_key, {{ field | literal }} as field, {{ "'last reviewed ' || " ~ newest if undated == "false" else "coalesce('last reviewed ' || " ~ newest ~ ", 'never reviewed')" }} as detail
from registry.{{ dataset | ident }} as r
where coalesce({{ last_day }} < $as_of, {{ undated }})
{%- if applies %}

  and {{ applies }}
{% endif %}
