/*
title: A line that is no row
category: structure
severity: high
about: feed
why: The record on this line is in no check, no access package and no erasure until it can be read.
todo: Mend the record in the system, or the export of it, at the line named.
mandate: GDPR art. 5(1)(d) and 5(2)
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select file || ':' || line as record_key, '' as field, reason as detail
from raw.rejected_rows
where dataset = {{ contract.dataset | literal }}
