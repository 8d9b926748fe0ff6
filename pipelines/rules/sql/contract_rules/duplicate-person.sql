/*
title: One person or organisation under several keys
category: consistency
severity: high
scope: identifiers
why: What one asks to see, correct or erase is done under one key and forgotten under the other.
todo: Merge the records, or correct the identifier.
mandate: GDPR art. 5(1)(d) and 15
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
with several as (
    select {{ normal }} as identifier
    from registry.{{ dataset | ident }}
    where {{ key | ident }} is not null and {{ valid }}
    group by {{ normal }}
    having count(distinct {{ key | ident }}) > 1
)
select record_key, {{ field | literal }} as field, {{ severity | literal }} as severity
from registry.{{ dataset | ident }}
where {{ key | ident }} is not null and {{ normal }} in (select identifier from several)
