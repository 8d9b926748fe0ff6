/*
title: A withdrawn consent still in use
category: rights
severity: high
term: at once
risk: 2
dataset: consents
why: Once a consent is withdrawn, nothing may rest on it any more.
todo: Stop the processing that rests on the consent.
notice: [N32]
mandate: GDPR art. 7(3)
owner: data protection officer
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select record_key, 'withdrawn ' || withdrawn_on as detail
from registry.consents
where withdrawn_on <= $as_of and in_use
