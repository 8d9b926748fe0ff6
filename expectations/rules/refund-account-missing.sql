/*
title: A refund without an account to pay it to
category: completeness
severity: high
dataset: invoices
why: When a refund is due, the notice promises that the account number is always made sure of.
todo: Ask the customer for the account number; check it before paying.
notice: [N05]
mandate: GDPR art. 5(1)(d)
owner: customer service
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select i.record_key
from registry.invoices as i
join latest.customers as c on c.customer_number = i.customer_number
where i.refund_due and not coalesce(is_iban(c.bank_account), false)
