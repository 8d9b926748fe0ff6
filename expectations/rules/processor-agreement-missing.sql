/*
title: A supplier without a valid processing agreement
category: disclosure
severity: high
dataset: processors
why: Suppliers may process data only under an agreement that holds what GDPR requires.
todo: Sign or renew the agreement, or end the access.
notice: [N17]
mandate: GDPR art. 28(3)
owner: managing director
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select record_key, 'not signed' as detail
from registry.processors
where agreement_signed_on is null
union all
select record_key, 'expired ' || agreement_valid_until as detail
from registry.processors
where agreement_valid_until < $as_of
