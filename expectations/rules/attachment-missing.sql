/*
title: An agreement without its site or floor plan
category: completeness
severity: low
dataset: agreements
why: Agreements are kept with their attachments, which show what was agreed and at which price.
todo: Find the plan, or note that there never was one.
notice: [N39]
mandate: notice, N39
owner: office
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select record_key, 'site_plan' as field
from registry.agreements
where not site_plan
union all
select record_key, 'floor_plan' as field
from registry.agreements
where not floor_plan
