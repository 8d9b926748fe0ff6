/*
title: Personal data used for testing
category: disclosure
severity: high
term: 7 days
risk: 2
dataset: processors
why: Test systems are seen by more people and guarded by fewer; their data must be anonymous.
todo: Replace the test data by made-up or anonymised data.
notice: [N17]
mandate: GDPR art. 5(1)(f) and 25
owner: managing director
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select record_key
from registry.processors
where test_use and not coalesce(test_data_anonymised, false)
