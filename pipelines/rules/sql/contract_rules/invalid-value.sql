/*
title: A value that cannot be right
category: validity
severity: medium
scope: format
why: An identifier that fails its own check digit or form reaches nobody, or somebody else.
todo: Correct the value from the customer or the document it was taken from.
notice: [N02, N03, N04, N08, N09, N21, N22, N23, N38]
mandate: GDPR art. 5(1)(d)
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select record_key, {{ column.name | literal }} as field, {{ ("no valid " ~ column.format | replace("-", " ")) | literal }} as detail
from registry.{{ contract.dataset | ident }}
where not is_{{ column.format | replace("-", "_") }}({{ column.name | ident }})
