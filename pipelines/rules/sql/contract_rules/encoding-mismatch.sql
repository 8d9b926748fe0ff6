/*
title: An export in another encoding than its contract says
category: structure
severity: high
about: feed
why: Letters such as ä and ö are read as others, so names and addresses are garbled and no comparison with another system can be trusted.
todo: Export in the encoding of the contract, or write the encoding of the export into the contract; then take the period in again.
mandate: GDPR art. 5(1)(d) and 5(2)
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select '' as record_key, '' as field, 'seems to be ' || seems as detail
from feed.files
where dataset = {{ contract.dataset | literal }} and status = 'read' and seems <> ''
