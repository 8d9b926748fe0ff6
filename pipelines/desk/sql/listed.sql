-- A row is one finding or task known by this period, for the desk's list and its pages. hides: its key is the number of somebody of
-- whom the finding tells that the address is protected; it is shown for a reason only. Reads ledger.states, ledger.systems and
-- results.rules. Parameters: telling, holds_number.
select
    s.fingerprint, s.kind, s.rule, coalesce(r.title, '') as title, coalesce(r.todo, '') as todo, s.category, s.severity, s.system,
    coalesce(y.name, s.system) as system_name, s.dataset, s.record_key, s.field, s.due_on, s.state, s.is_there, s.is_open,
    s.is_urgent, s.is_late, coalesce(s.resolved_on = cast(s.period as date), false) as is_mended, s.first_seen, s.age_days, s.act_by, s.who, s.term_hours, s.rank, s.risk, s.as_of,
    date_diff('day', s.as_of, s.act_by) as days_left, s.remark, s.detail, s.accepted_until, s.acceptance, s.promise,
    s.rule in ({{ telling }}) and {{ holds_number }} as hides
from ledger.states as s
left join ledger.systems as y on y.system = s.system
left join results.rules as r on r.rule = s.rule
order by s.is_open desc, s.rank, s.risk, s.act_by, s.rule, s.system, s.dataset, s.record_key, s.field, s.fingerprint
