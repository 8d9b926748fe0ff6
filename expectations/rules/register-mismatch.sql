/*
title: An organisation that the public register tells differently
category: consistency
severity: medium
dataset: customers
why: Company data is corrected from the public registers; a ceased company is no party to a contract.
todo: Correct the name, or settle who took the contract over.
notice: [N08, N38]
mandate: GDPR art. 5(1)(d)
owner: customer service
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select c.record_key, 'name' as field, 'another name' as detail
from registry.customers as c
join latest.companies as r on to_business_id(r.business_id) = to_business_id(c.business_id)
where c.customer_type = 'Y' and normal_name(c.name) <> normal_name(r.name)
union all
select c.record_key, 'business_id' as field, 'ceased' as detail
from registry.customers as c
join latest.companies as r on to_business_id(r.business_id) = to_business_id(c.business_id)
where c.customer_type = 'Y' and r.status = 'lakannut'
