/*
title: A data subject's request not answered in time
category: rights
severity: high
term: at once
risk: 2
dataset: requests
why: A request is answered within one month, three where the time was extended.
todo: Answer the request; tell the person why it is late.
notice: [N28, N30]
mandate: GDPR art. 12(3); Reg. 1182/71 art. 3; Act 150/1930 s. 5
owner: data protection officer
reviewed: 2026-06-01
review_by: 2027-06-30
*/
with deadlines as (
    select
        r.record_key,
        r.kind,
        r.answered_on,
        coalesce(w.working_day, r.last_day) as due_on
    from (
        select record_key, kind, answered_on, cast(received_on + to_months(case when extended then 3 else 1 end) as date) as last_day
        from registry.requests
    ) as r
    left join config.working_days as w on w.day = r.last_day
)
select
    record_key,
    due_on,
    coalesce(kind || ', ', '') || case when answered_on is null then 'unanswered' else 'answered ' || answered_on end as detail
from deadlines
where answered_on > due_on or (answered_on is null and due_on < $as_of)
