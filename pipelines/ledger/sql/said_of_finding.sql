-- A row is one decision or remark on a finding, oldest first. assigned: this home has the table of assignments.
-- Parameters: fingerprint, assigned.
select from_period as period, 'accept' as what, acceptance as about, accepted_by as decided_by, reason
from ledger.acceptances
where fingerprint = $fingerprint
union all
select from_period, 'withdraw', acceptance, withdrawn_by, reason from ledger.withdrawals where fingerprint = $fingerprint
union all
select period, case when is_done is null then 'remark' when is_done then 'reported done' else 'not done' end, '', '', remark
from ledger.reports
where fingerprint = $fingerprint
{% if assigned %}
union all
select from_period, 'assign', who, assigned_by, reason from ledger.assignments where fingerprint = $fingerprint
{% endif %}
order by period, what, about
