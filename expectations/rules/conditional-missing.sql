/*
title: A field that the record itself calls for is empty
category: completeness
severity: medium
why: "What the record says of itself makes the field necessary: an organisation without its id, an ended connection without its end."
todo: Complete the field from the customer, the agreement or the public register.
notice: [N08, N09, N10, N33, N40]
mandate: GDPR art. 5(1)(d)
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select 'customers' as dataset, record_key, 'business_id' as field, 'organisation' as detail
from registry.customers
where customer_type = 'Y' and business_id is null
union all
select 'customers' as dataset, record_key, 'e_invoice_operator' as field, 'e-invoice address without operator' as detail
from registry.customers
where e_invoice_address is not null and e_invoice_operator is null
union all
select 'customers' as dataset, record_key, 'e_invoice_address' as field, 'operator without e-invoice address' as detail
from registry.customers
where e_invoice_operator is not null and e_invoice_address is null
union all
select 'connections' as dataset, record_key, 'ended_on' as field, 'ended connection' as detail
from registry.connections
where status = 'päättynyt' and ended_on is null
union all
select 'agreements' as dataset, record_key, 'original_agreement_number' as field, 'additional agreement' as detail
from registry.agreements
where agreement_type = 'lisäliittymäsopimus' and original_agreement_number is null
union all
select 'customers' as dataset, record_key, 'contact_confirmed_on' as field, 'current customer' as detail
from registry.current_customers
where contact_confirmed_on is null
