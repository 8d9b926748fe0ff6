/*
title: One person or organisation under several customer numbers
category: consistency
severity: high
dataset: customers
why: What one asks to see, correct or erase is done for one number and forgotten for the other.
todo: Merge the customers, or correct the identifier.
notice: [N38]
mandate: GDPR art. 5(1)(d) and 15
owner: customer service
reviewed: 2026-06-01
review_by: 2027-06-30
*/
with identity_codes as (
    select upper(personal_identity_code) as code
    from registry.customers
    where customer_number is not null and is_identity_code(personal_identity_code)
    group by upper(personal_identity_code)
    having count(distinct customer_number) > 1
),
business_ids as (
    select to_business_id(business_id) as id
    from registry.customers
    where customer_number is not null and to_business_id(business_id) is not null
    group by to_business_id(business_id)
    having count(distinct customer_number) > 1
)
select record_key, 'personal_identity_code' as field, 'high' as severity
from registry.customers
where customer_number is not null and upper(personal_identity_code) in (select code from identity_codes)
union all
select record_key, 'business_id' as field, 'low' as severity
from registry.customers
where customer_number is not null and to_business_id(business_id) in (select id from business_ids)
