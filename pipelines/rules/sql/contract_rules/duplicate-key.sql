/*
title: A key that stands on several rows
category: structure
severity: high
scope: key
why: Two records under one key cannot be told apart when one of them must be corrected, disclosed or erased.
todo: Find out which row is right; merge or renumber.
mandate: GDPR art. 5(1)(d)
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select record_key, {{ column.name | literal }} as field, count(*) || ' rows' as detail
from registry.{{ contract.dataset | ident }}
where {{ column.name | ident }} is not null
group by record_key
having count(*) > 1
