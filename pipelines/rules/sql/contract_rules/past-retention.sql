/*
title: A record past its last day
category: retention
severity: high
scope: schedule
why: Data is kept only as long as its purpose or the law needs; the last day of this record is past.
todo: Erase the record, in every system that holds it.
mandate: GDPR art. 5(1)(e); see the disposal schedule
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select dataset, record_key, last_day as due_on, 'last day set by ' || set_by_class as detail
from registry.retention
where state = 'due'
