/*
title: A value that does not fit its type
category: structure
severity: medium
scope: table
why: A date, amount or code that cannot be read is as good as missing, and its record's retention cannot be reckoned.
todo: Correct the value in the system.
mandate: GDPR art. 5(1)(d)
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select
    record_key,
    field,
    case field
{% for column in columns %}
        when {{ column.name | literal }} then {{ ("not in the list of values" if column.valid_values else "not a " ~ column.type) | literal }}
{% endfor %}
    end as detail
from (select record_key, unnest(unreadable) as field from registry.{{ contract.dataset | ident }} where unreadable is not null) as unreadable_cells
