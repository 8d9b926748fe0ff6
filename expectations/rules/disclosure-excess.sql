/*
title: More given to an installer than name, address and phone
category: disclosure
severity: high
term: 72 hours
risk: 2
dataset: installer_disclosures
why: Installers are given what is needed to reach a customer, nothing else.
todo: Ask the installer to destroy the rest; note what was given in error.
notice: [N16]
mandate: GDPR art. 5(1)(c) and (f)
owner: office
reviewed: 2026-06-01
review_by: 2027-06-30
*/
with items as (
    select record_key, lower(trim(unnest(string_split(fields, ',')))) as item
    from registry.installer_disclosures
)
select record_key, count(*) || ' items beyond name, address and phone' as detail
from items
where item <> '' and item not in (select field from config.disclosable_fields)
group by record_key
