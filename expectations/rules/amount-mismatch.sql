/*
title: An invoice and its ledger rows differ in amount
category: consistency
severity: medium
dataset: invoices
why: The customer is asked for one sum and the books hold another.
todo: Find out which sum is right and correct the other.
notice: [N19]
mandate: Accounting Act 1336/1997 ch. 2
owner: bookkeeping
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select i.record_key, 'amount' as field
from registry.invoices as i
join (
    select own.invoice_number, sum(own.amount) as amount
    from registry.own_ledger as own
    where own.invoice_number is not null
    group by own.invoice_number
    having count(*) = count(own.amount)
) as l on l.invoice_number = i.invoice_number
where abs(i.amount - l.amount) >= 0.01
