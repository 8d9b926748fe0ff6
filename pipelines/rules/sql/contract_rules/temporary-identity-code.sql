/*
title: A temporary identity code
category: validity
severity: low
scope: identity-code
why: Individual numbers 900-999 are given to nobody for good; a register of customers should hold none.
todo: Ask the customer for the permanent identity code, or erase it where it is not needed.
mandate: GDPR art. 5(1)(d); Data Protection Act 1050/2018 s. 29
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select record_key, {{ column.name | literal }} as field
from registry.{{ contract.dataset | ident }}
where not $synthetic_data and is_temporary_identity_code({{ column.name | ident }})
