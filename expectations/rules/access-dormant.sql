/*
title: An account that nobody has used for a year
category: access
severity: medium
dataset: user_accounts
why: An unused account is access that nobody needs and nobody would miss being misused.
todo: Close the account, or note why it is kept.
notice: [N14, N18, N20]
mandate: GDPR art. 32
owner: managing director
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select
    record_key,
    case when a.system in (select system from config.allowed_access) then a.system else 'another system' end
        || ', last used ' || coalesce(last_login_on, granted_on) as detail
from registry.user_accounts as a
where (ended_on is null or ended_on > $as_of)
  and coalesce(last_login_on, granted_on) + interval '1 year' < $as_of
