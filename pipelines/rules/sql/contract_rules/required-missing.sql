/*
title: A required field is empty
category: completeness
severity: high
scope: required
why: The notice and the contract with the customer presuppose the field; without it the record cannot serve its purpose.
todo: Complete the field from the customer or the agreement.
mandate: GDPR art. 5(1)(d)
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select record_key, {{ column.name | literal }} as field
from registry.{{ contract.dataset | ident }}
where {{ column.name | ident }} is null
