/*
title: An invoice that the ledger does not know
category: consistency
severity: medium
dataset: invoices
why: Billing data moves to the ledger; an invoice that did not arrive is collected from nobody, or twice.
todo: Transfer the invoice to the ledger.
notice: [N19]
mandate: Accounting Act 1336/1997 ch. 2
owner: bookkeeping
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select record_key
from registry.invoices
where invoice_number is not null
  and invoice_number not in (select known.invoice_number from registry.own_ledger as known where known.invoice_number is not null)
