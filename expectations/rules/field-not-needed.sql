/*
title: A former customer's field that no purpose needs any more
category: minimisation
severity: medium
dataset: customers
why: Accounting law may still hold the invoice and the name, but not the identity code, phone, email, account or notes.
todo: Erase the field.
notice: [N41]
mandate: GDPR art. 5(1)(c) and (e)
owner: customer service
reviewed: 2026-06-01
review_by: 2027-06-30
*/
with long_gone as (
    select line
    from registry.former_customers
    where customer_until + interval '3 years' < $as_of
      and customer_number is not null
      and customer_number not in (select h.customer_number from registry.active_holds as h)
      and customer_number not in (select known.customer_number from registry.open_customers as known where known.customer_number is not null)
)
select c.record_key, 'personal_identity_code' as field, 'high' as severity
from registry.customers as c
join long_gone as g on g.line = c.line
where c.personal_identity_code is not null
union all
select c.record_key, 'phone' as field, 'medium' as severity
from registry.customers as c
join long_gone as g on g.line = c.line
where c.phone is not null
union all
select c.record_key, 'email' as field, 'medium' as severity
from registry.customers as c
join long_gone as g on g.line = c.line
where c.email is not null
union all
select c.record_key, 'bank_account' as field, 'medium' as severity
from registry.customers as c
join long_gone as g on g.line = c.line
where c.bank_account is not null
union all
select c.record_key, 'notes' as field, 'medium' as severity
from registry.customers as c
join long_gone as g on g.line = c.line
where c.notes is not null
