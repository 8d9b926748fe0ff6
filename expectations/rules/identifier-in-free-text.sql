/*
title: An identifier written into free text
category: minimisation
severity: high
why: An identity code, account or contact in a note is in no access list, no correction and no erasure.
todo: Move the identifier into its own field if it is needed, and take it out of the text.
notice: [N03, N35]
mandate: GDPR art. 5(1)(c); Data Protection Act 1050/2018 s. 29
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select 'customers' as dataset, record_key, 'notes' as field, free_text_kinds(notes) as detail
from registry.customers
where free_text_kinds(notes) is not null
union all
select 'claims' as dataset, record_key, 'description' as field, free_text_kinds(description) as detail
from registry.claims
where free_text_kinds(description) is not null
union all
select 'messages' as dataset, record_key, 'text' as field, 'identity code' as detail
from registry.messages
where free_text_identity_code(text)
union all
select 'messages' as dataset, record_key, 'text' as field, 'IBAN' as detail
from registry.messages
where free_text_iban(text)
