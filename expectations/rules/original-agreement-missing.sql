/*
title: An additional agreement whose original is not in the binders
category: completeness
severity: medium
dataset: agreements
why: The price of an additional connection rests on the original agreement.
todo: Find the original agreement, or correct its number.
notice: [N40]
mandate: notice, N40
owner: office
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select record_key, 'original_agreement_number' as field
from registry.agreements
where agreement_type = 'lisäliittymäsopimus'
  and original_agreement_number is not null
  and original_agreement_number not in (select known.agreement_number from registry.agreements as known where known.agreement_number is not null)
