/*
title: A class of records without a period or a criterion
category: retention
severity: high
about: feed
scope: schedule
why: "Until further notice is no storage period: the controller must define a period, or criteria for one."
todo: Decide on a period or on criteria, and enter them in the disposal schedule and the notice.
mandate: GDPR art. 5(1)(e) and 13(2)(a)
owner: data protection officer
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select dataset, '' as record_key, 'until further notice' as detail
from registry.schedule
where period is null
