/*
title: An export without recent activity
category: structure
severity: medium
about: feed
scope: freshness
why: An export that holds nothing recent was cut off or made from an old copy; what it does not show proves nothing.
todo: Export the whole register again; look at the export's own filter.
mandate: GDPR art. 5(2)
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
{% set day = ("last_day(" ~ (column.name | ident) ~ ")") if column.type == "month" else ("cast(" ~ (column.name | ident) ~ " as date)") %}
select '' as record_key, {{ column.name | literal }} as field, coalesce('newest activity ' || newest, 'no activity') as detail
from (
    select max({{ day }}) filter ({{ day }} <= $as_of) as newest
    from registry.{{ contract.dataset | ident }}
) as activity
where newest is null or date_diff('day', newest, cast($as_of as date)) > {{ contract.freshness[1] }}
