/*
title: An account that the notice does not allow
category: access
severity: high
term: at once
risk: 2
dataset: user_accounts
why: The notice says who reaches the data in each program; this account is outside that.
todo: Close the account, or decide who needs it and amend the notice.
notice: [N14, N18, N20]
mandate: GDPR art. 5(1)(f) and 32
owner: managing director
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select record_key, case when a.system in (select system from config.allowed_access) then a.system else 'another system' end as detail
from registry.user_accounts as a
where (ended_on is null or ended_on > $as_of)
  and not exists (
    select 1
    from config.allowed_access as allowed
    where allowed.system = a.system
      and (allowed.organisation = '' or allowed.organisation = a.organisation)
      and (allowed.role = '' or allowed.role = a.role)
      and a.organisation is not null
      and a.role is not null
  )
