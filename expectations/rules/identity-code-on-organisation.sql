/*
title: An identity code on an organisation
category: minimisation
severity: high
dataset: customers
why: An organisation has no personal identity code; whose it is cannot be seen, nor why it is held.
todo: Erase the identity code, or correct the type of customer.
notice: [N03]
mandate: Data Protection Act 1050/2018 s. 29; GDPR art. 5(1)(c)
owner: customer service
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select record_key
from registry.customers
where customer_type = 'Y' and personal_identity_code is not null
