/*
title: A record whose period can never start
category: retention
severity: medium
why: The event that starts the retention period is missing, so the record would be kept for ever and nobody told.
todo: "Enter the event: the day it ended, was resolved or took place."
notice: [N35]
mandate: GDPR art. 5(1)(e)
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select dataset, record_key, time_reference as field
from registry.retention
where state = 'trigger missing' and is_reference_required
union all
select 'claims' as dataset, record_key, 'resolved_on' as field
from registry.claims
where resolved_on is null and opened_on + interval '5 years' < $as_of
union all
select 'user_accounts' as dataset, record_key, 'ended_on' as field
from registry.user_accounts
where ended_on is null
  and coalesce(greatest(last_login_on, granted_on) + interval '3 years' < $as_of, true)
union all
select 'customers' as dataset, record_key, 'customer_until' as field
from registry.customers
where list_contains(unreadable, 'customer_until')
union all
select 'customers' as dataset, record_key, 'customer_until' as field
from registry.customers as c
where customer_until is null
  and exists (select 1 from registry.connections as k where k.customer_number = c.customer_number and k.status = 'päättynyt')
  and not exists (select 1 from registry.connections as k where k.customer_number = c.customer_number and k.status = 'voimassa')
