/*
title: A paper given to an installer and not back in time
category: disclosure
severity: medium
dataset: installer_disclosures
why: Papers with contact data are returned or destroyed within 30 days.
todo: Have the paper returned or destroyed, and note the day.
notice: [N16]
mandate: GDPR art. 5(1)(e) and 32
owner: office
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select record_key, disclosed_on + 30 as due_on, case when destroyed_on is null then 'not yet' else 'late, ' || destroyed_on end as detail
from registry.installer_disclosures
where channel = 'paperi'
  and (destroyed_on > disclosed_on + 30 or (destroyed_on is null and disclosed_on + 30 < $as_of))
