/*
title: A value that cannot be right
category: validity
severity: medium
scope: format
why: An identifier that fails its own check digit or form reaches nobody, or somebody else. A phone must be valid by its country's numbering plan, or only possible where the contract says possible-phone; a postal code must stand in the controller's list where there is one.
todo: Correct the value from the customer or the document it was taken from.
mandate: GDPR art. 5(1)(d)
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
{% set value = column.name | ident %}
{% set words = column.format | replace("-", " ") %}
{% set wrong = "no " ~ words if words.startswith("possible") else "no valid " ~ words %}
{% if column.format == "postal-code" %}
select record_key, {{ column.name | literal }} as field,
    case when is_postal_code({{ value }}) then 'not in the list of postal codes' else {{ wrong | literal }} end as detail
from registry.{{ contract.dataset | ident }}
where not is_postal_code({{ value }})
    or {{ value }} not in (select code from config.postal_codes) and (select count(*) from config.postal_codes) > 0
{% else %}
select record_key, {{ column.name | literal }} as field, {{ wrong | literal }} as detail
from registry.{{ contract.dataset | ident }}
where not is_{{ column.format | replace("-", "_") }}({{ value }})
{% endif %}
