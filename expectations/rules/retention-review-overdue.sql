/*
title: An agreement whose keeping was not reviewed for five years
category: staleness
severity: medium
dataset: agreements
why: The notice promises that the need to keep data is assessed regularly; agreements have no other limit.
todo: Assess whether the agreement is still needed, and note the day in the index.
notice: [N37]
mandate: GDPR art. 5(1)(e)
owner: office
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select record_key, 'retention_reviewed_on' as field, 'last reviewed ' || coalesce(retention_reviewed_on, agreed_on) as detail
from registry.agreements
where coalesce(retention_reviewed_on, agreed_on) + interval '5 years' < $as_of
