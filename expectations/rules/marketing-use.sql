/*
title: A message of a category that the notice does not know
category: minimisation
severity: high
term: 7 days
risk: 2
dataset: messages
why: There is no targeted marketing; a message outside the declared categories has no purpose that customers were told of.
todo: Stop messages of this category, or declare it and amend the notice.
notice: [N13, N22]
mandate: GDPR art. 5(1)(b)
owner: network maintenance
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select
    record_key,
    case
        when exists (select 1 from config.marketing_words as w where contains(lower(m.category), w.word)) then 'marketing'
        else 'undeclared category'
    end as detail
from registry.messages as m
where category is not null and category not in (select category from config.message_categories)
