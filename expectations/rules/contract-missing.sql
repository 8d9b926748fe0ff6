/*
title: A current customer without any connection
category: completeness
severity: medium
dataset: customers
why: The basis of the processing is a contract; without a connection, past or present, there is none to be seen.
todo: Connect the customer to the connection, or end the customer relationship.
notice: [N33]
mandate: GDPR art. 6(1)(b)
owner: customer service
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select record_key
from registry.current_customers
where customer_number is not null
  and customer_number not in (select known.customer_number from registry.connections as known where known.customer_number is not null)
