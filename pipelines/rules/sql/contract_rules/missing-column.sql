/*
title: A declared column is missing
category: structure
severity: high
about: feed
why: Rules that read the column cannot be evaluated; nobody can say whether its data is complete or due.
todo: Export the column again, or withdraw it from the contract.
mandate: GDPR art. 5(2)
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select header as record_key, column_name as field
from feed.columns
where dataset = {{ contract.dataset | literal }} and status = 'missing'
