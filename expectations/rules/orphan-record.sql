/*
title: A record that names nobody billing knows
category: consistency
severity: high
why: Personal data without its customer has no basis that anybody can see, and no retention that ends.
todo: Correct the number, or erase the record.
notice: [N01, N34]
mandate: GDPR art. 5(1)(a) and 6
owner: data protection officer
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select 'meter_readings' as dataset, record_key, 'connection_number' as field
from registry.meter_readings
where connection_number is not null and connection_number not in (select connection_number from registry.connections where connection_number is not null)
union all
select 'consumption' as dataset, record_key, 'connection_number' as field
from registry.consumption
where connection_number is not null and connection_number not in (select connection_number from registry.connections where connection_number is not null)
union all
select 'agreements' as dataset, record_key, 'connection_number' as field
from registry.agreements
where connection_number is not null and connection_number not in (select connection_number from registry.connections where connection_number is not null)
union all
select 'connections' as dataset, record_key, 'customer_number' as field
from registry.connections
where customer_number is not null and customer_number not in (select customer_number from registry.customers where customer_number is not null)
union all
select 'invoices' as dataset, record_key, 'customer_number' as field
from registry.invoices
where customer_number is not null and customer_number not in (select customer_number from registry.customers where customer_number is not null)
union all
select 'claims' as dataset, record_key, 'customer_number' as field
from registry.claims
where customer_number is not null and customer_number not in (select customer_number from registry.customers where customer_number is not null)
union all
select 'ledger' as dataset, record_key, 'customer_number' as field
from registry.own_ledger
where customer_number is not null and customer_number not in (select customer_number from registry.customers where customer_number is not null)
union all
select 'map_customers' as dataset, record_key, 'customer_number' as field
from registry.map_customers
where customer_number is not null and customer_number not in (select customer_number from registry.customers where customer_number is not null)
union all
select 'messages' as dataset, record_key, 'customer_number' as field
from registry.messages
where customer_number is not null and customer_number not in (select customer_number from registry.customers where customer_number is not null)
union all
select 'accounts' as dataset, record_key, 'customer_number' as field
from registry.accounts
where customer_number is not null and customer_number not in (select customer_number from registry.customers where customer_number is not null)
union all
select 'consumption' as dataset, record_key, 'customer_number' as field
from registry.consumption
where customer_number is not null and customer_number not in (select customer_number from registry.customers where customer_number is not null)
union all
select 'installer_disclosures' as dataset, record_key, 'customer_number' as field
from registry.installer_disclosures
where customer_number is not null and customer_number not in (select customer_number from registry.customers where customer_number is not null)
union all
select 'requests' as dataset, record_key, 'customer_number' as field
from registry.requests
where customer_number is not null and customer_number not in (select customer_number from registry.customers where customer_number is not null)
union all
select 'consents' as dataset, record_key, 'customer_number' as field
from registry.consents
where customer_number is not null and customer_number not in (select customer_number from registry.customers where customer_number is not null)
