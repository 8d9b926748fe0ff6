/*
title: Contact data from a source that the notice does not name
category: minimisation
severity: low
dataset: customers
why: "The notice names the sources of contact data: customers, Finder for persons, public registers for companies."
todo: Confirm the data with the customer and correct its source.
notice: [N06, N07, N08, N09]
mandate: GDPR art. 14(2)(f)
owner: customer service
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select
    record_key,
    'contact_source' as field,
    case
        when contact_source in (select source from config.contact_sources) then contact_source || ', not a source for this type of customer'
        else 'not declared'
    end as detail
from registry.customers as c
where contact_source is not null
  and not exists (
    select 1
    from config.contact_sources as s
    where s.source = c.contact_source
      and (s.customer_type = '' or c.customer_type is null or s.customer_type = c.customer_type)
  )
