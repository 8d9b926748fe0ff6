/*
title: A record that names nobody billing knows
category: consistency
severity: high
why: Personal data without its customer has no basis that anybody can see, and no retention that ends.
todo: Correct the number, or erase the record.
notice: [N01, N23, N34]
mandate: GDPR art. 5(1)(a) and 6
owner: data protection officer
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select 'meter_readings' as dataset, record_key, 'connection_number' as field
from registry.meter_readings as r
where connection_number is not null and not exists (select 1 from registry.connections as known where known.connection_number = r.connection_number)
union all
select 'consumption' as dataset, record_key, 'connection_number' as field
from registry.consumption as r
where connection_number is not null and not exists (select 1 from registry.connections as known where known.connection_number = r.connection_number)
union all
select 'agreements' as dataset, record_key, 'connection_number' as field
from registry.agreements as r
where connection_number is not null and not exists (select 1 from registry.connections as known where known.connection_number = r.connection_number)
union all
select 'connections' as dataset, record_key, 'customer_number' as field
from registry.connections as r
where customer_number is not null and not exists (select 1 from registry.customers as known where known.customer_number = r.customer_number)
union all
select 'invoices' as dataset, record_key, 'customer_number' as field
from registry.invoices as r
where customer_number is not null and not exists (select 1 from registry.customers as known where known.customer_number = r.customer_number)
union all
select 'claims' as dataset, record_key, 'customer_number' as field
from registry.claims as r
where customer_number is not null and not exists (select 1 from registry.customers as known where known.customer_number = r.customer_number)
union all
select 'ledger' as dataset, record_key, 'customer_number' as field
from registry.own_ledger as r
where customer_number is not null and not exists (select 1 from registry.customers as known where known.customer_number = r.customer_number)
union all
select 'map_customers' as dataset, record_key, 'customer_number' as field
from registry.map_customers as r
where customer_number is not null and not exists (select 1 from registry.customers as known where known.customer_number = r.customer_number)
union all
select 'messages' as dataset, record_key, 'customer_number' as field
from registry.messages as r
where customer_number is not null and not exists (select 1 from registry.customers as known where known.customer_number = r.customer_number)
union all
select 'accounts' as dataset, record_key, 'customer_number' as field
from registry.accounts as r
where customer_number is not null and not exists (select 1 from registry.customers as known where known.customer_number = r.customer_number)
union all
select 'consumption' as dataset, record_key, 'customer_number' as field
from registry.consumption as r
where customer_number is not null and not exists (select 1 from registry.customers as known where known.customer_number = r.customer_number)
union all
select 'installer_disclosures' as dataset, record_key, 'customer_number' as field
from registry.installer_disclosures as r
where customer_number is not null and not exists (select 1 from registry.customers as known where known.customer_number = r.customer_number)
union all
select 'requests' as dataset, record_key, 'customer_number' as field
from registry.requests as r
where customer_number is not null and not exists (select 1 from registry.customers as known where known.customer_number = r.customer_number)
union all
select 'consents' as dataset, record_key, 'customer_number' as field
from registry.consents as r
where customer_number is not null and not exists (select 1 from registry.customers as known where known.customer_number = r.customer_number)
