/*
title: A ledger row whose invoice billing does not know
category: consistency
severity: medium
dataset: ledger
why: Billing and ledger should agree invoice by invoice as long as billing has to keep the invoice.
todo: Find the invoice, or correct its number in the ledger.
notice: [N19]
mandate: Accounting Act 1336/1997 ch. 2
owner: bookkeeping
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select record_key, 'invoice_number' as field
from registry.own_ledger
where invoice_number is not null
  and invoice_number not in (select known.invoice_number from registry.invoices as known where known.invoice_number is not null)
  and not coalesce(last_day_of_vesikanta_invoices(voucher_date) < $as_of, false)
