/*
title: Another company's row in the shared ledger
category: minimisation
severity: high
dataset: ledger
why: The ledger holds several companies' data; this export may show this company's rows only.
todo: Have the export filtered by company, and tell the keeper of the ledger.
notice: [N20]
mandate: GDPR art. 5(1)(f) and 25
owner: bookkeeping
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select record_key
from registry.ledger
where company <> $own_company
