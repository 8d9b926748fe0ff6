/*
title: An export is missing
category: structure
severity: high
about: feed
why: What is not exported cannot be checked, and its silence must not pass for health.
todo: Export the file again and put it into the period's folder, with its header line, and with the line ends, delimiter and encoding of its contract.
mandate: GDPR art. 5(2)
owner: data protection officer
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select '' as record_key, '' as field, concat_ws(': ', status, nullif(reason, '')) as detail
from feed.files
where dataset = {{ contract.dataset | literal }} and status <> 'read'
