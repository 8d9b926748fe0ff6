/*
title: An e-invoicing address that the register does not confirm
category: consistency
severity: medium
dataset: customers
why: An invoice sent to an address that belongs to another discloses who consumes how much.
todo: Look the address up in the register of e-invoicing addresses and correct it.
notice: [N09]
mandate: GDPR art. 5(1)(d) and (f)
owner: customer service
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select c.record_key, 'e_invoice_address' as field, 'not in the register' as detail
from registry.customers as c
where c.customer_type = 'Y'
  and c.e_invoice_address is not null
  and c.e_invoice_address not in (select known.e_invoice_address from registry.e_invoice_addresses as known where known.e_invoice_address is not null)
union all
select c.record_key, 'e_invoice_address' as field, 'registered for another business id' as detail
from registry.customers as c
join latest.e_invoice_addresses as r on r.e_invoice_address = c.e_invoice_address
where c.customer_type = 'Y' and replace(r.business_id, '-', '') <> replace(c.business_id, '-', '')
