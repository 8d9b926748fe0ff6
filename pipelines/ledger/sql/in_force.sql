-- A row is one accepted finding or task that this period still shows: who accepted it, with whom, why and until when.
-- Reads states and the decisions. One period: that of the draft.
select
    s.acceptance, s.rule, s.severity, s.system, s.dataset, s.record_key, s.field, s.fingerprint, s.who, a.accepted_by,
    coalesce(a.second_name, '') as second_name, a.reason, a.from_period, s.accepted_until as until_on
from {{ catalog }}.ledger.states as s
join workbench.ledger.acceptances as a on a.acceptance = s.acceptance and a.fingerprint = s.fingerprint
where s.state = 'accepted' and s.period = (select max(period) from {{ catalog }}.ledger.periods)
