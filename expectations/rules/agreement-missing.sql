/*
title: A connection whose agreement is not in the binders
category: completeness
severity: medium
dataset: connections
why: All connection agreements are kept; one that is not in the index cannot be shown, assessed or erased.
todo: Find the agreement, or correct its number in billing or in the index.
notice: [N39]
mandate: GDPR art. 6(1)(b)
owner: office
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select record_key, 'agreement_number' as field
from registry.connections
where status = 'voimassa'
  and agreement_number is not null
  and agreement_number not in (select known.agreement_number from registry.agreements as known where known.agreement_number is not null)
