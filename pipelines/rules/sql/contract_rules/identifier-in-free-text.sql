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
select record_key, {{ field | literal }} as field, {{ kind.words | literal }} as detail
from registry.{{ dataset | ident }}
where {{ kind.function }}({{ field | ident }})
{% else %}
select record_key, field, detail
from (
    -- Named once: to plan this expression takes longer than to run it on a small table.
    select record_key, {{ field | literal }} as field, free_text_kinds({{ field | ident }}) as detail
    from registry.{{ dataset | ident }}
) as searched
where detail is not null
{% endif %}
