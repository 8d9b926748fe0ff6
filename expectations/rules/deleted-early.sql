/*
title: A record erased before its last day
category: retention
severity: high
term: 72 hours
risk: 2
why: The law wants the record kept; the previous export held it, this one does not.
todo: Restore the record from the previous export or a backup, and find out who erased it and why.
notice: [N36, N39]
mandate: Accounting Act 1336/1997 ch. 2 s. 10
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select 'invoices' as dataset, p.record_key, p.customer_number, p.last_day as due_on
from previous.registry.retention as p
join previous.latest.invoices as latest on latest.record_key = p.record_key and latest.line = p.line
where p.dataset = 'invoices'
  and latest.invoice_number is not null
  and p.last_day >= $as_of
  and p.record_key not in (select known.invoice_number from registry.invoices as known where known.invoice_number is not null)
  and p.record_key not in (select cell from feed.rejected_cells where dataset = 'invoices')
union all
select 'ledger' as dataset, p.record_key, p.customer_number, p.last_day as due_on
from previous.registry.retention as p
join previous.latest.ledger as latest on latest.record_key = p.record_key and latest.line = p.line
where p.dataset = 'ledger'
  and latest.voucher_number is not null
  and p.last_day >= $as_of
  and p.record_key not in (select known.voucher_number from registry.ledger as known where known.voucher_number is not null)
  and p.record_key not in (select cell from feed.rejected_cells where dataset = 'ledger')
union all
select 'agreements' as dataset, p.record_key, '' as customer_number, cast(null as date) as due_on
from previous.registry.retention as p
join previous.latest.agreements as latest on latest.record_key = p.record_key and latest.line = p.line
where p.dataset = 'agreements'
  and latest.agreement_number is not null

  and p.record_key not in (select known.agreement_number from registry.agreements as known where known.agreement_number is not null)
  and p.record_key not in (select cell from feed.rejected_cells where dataset = 'agreements')
