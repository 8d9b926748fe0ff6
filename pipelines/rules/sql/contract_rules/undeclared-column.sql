/*
title: A column that nobody declared
category: structure
severity: high
about: feed
why: A column that the contract does not know is processing that the notice does not know.
todo: Remove the column from the export, or declare it in the contract and amend the notice.
mandate: GDPR art. 5(1)(b), 13 and 30
owner: data protection officer
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select header as record_key, header as field
from feed.columns
where dataset = {{ contract.dataset | literal }} and status = 'undeclared'
