/*
title: An identifier written into free text
category: minimisation
severity: high
scope: free-text
why: An identity code, account or contact in a note is in no access list, no correction and no erasure.
todo: Move the identifier into its own field if it is needed, and take it out of the text.
mandate: GDPR art. 5(1)(c) and 87
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
{% if kind %}
select * exclude (text), {{ kind.words | literal }} as detail
from ({{ rows }}) as texts
where {{ kind.function }}(text)
{% else %}
-- A list of one or no element instead of a filter, with which DuckDB would plan, and compute, the long expression twice.
select * exclude (text), unnest(list_filter([free_text_kinds(text)], lambda kinds: kinds is not null)) as detail
from ({{ rows }}) as texts
{% endif %}
