-- A row is one finding or task in one period from its first on, with its state and its age in days. is_found: it is among that
-- period's findings. course: the state before decisions. promise: the outcome of the last report of it as done. is_open: there,
-- neither accepted nor reported done. act_by: the day its term ends; rank: its risk to people (1 the gravest), one graver after that
-- day. Reads courses, accepted, promises, found, terms, assignments and the worklists read back.
with said as (
    select fingerprint, period, arg_max(remark, number) as remark
    from workbench.ledger.reports
    where remark <> ''
    group by fingerprint, period
),
promised as (
    select
        c.fingerprint, c.period, max(p.period) as promised_in, arg_max(p.outcome, p.period) as outcome,
        arg_max(coalesce(p.answered_in, '9999'), p.period) as answered_in
    from {{ catalog }}.ledger.courses as c
    join {{ catalog }}.ledger.promises as p on p.fingerprint = c.fingerprint and p.period <= c.period
    group by c.fingerprint, c.period
),
handed as (
    select c.fingerprint, c.period, arg_max(n.who, n.number) as who
    from {{ catalog }}.ledger.courses as c
    join {{ catalog }}.ledger.assignments as n on n.fingerprint = c.fingerprint and n.from_period <= c.period
    group by c.fingerprint, c.period
),
judged as (
    select
        c.period, c.as_of, c.fingerprint, f.kind, f.rule, f.category, f.severity, f.system, f.dataset, f.record_key, f.field,
        f.customer_number, f.due_on, f.detail,
        case
            when c.is_there and a.fingerprint is not null then 'accepted'
            when c.is_there and p.promised_in = c.period then 'reported done'
            else c.course
        end as state,
        c.course, c.is_found, c.is_there, c.reason,
        cast(c.first_seen as date) as first_seen,
        cast(c.last_seen as date) as last_seen,
        case when c.course = 'resolved' then cast(c.resolved_in as date) end as resolved_on,
        date_diff('day', cast(c.first_seen as date), cast(c.period as date)) as age_days,
        c.periods_open,
        cast(c.came_in as date) as came_in,
        coalesce(nullif(h.who, ''), t.who, f.system) as who,
        coalesce(t.term_hours, case f.severity{% for severity, hours in term_hours.items() %} when {{ severity | literal }} then {{ hours }}{% endfor %} end) as term_hours,
        coalesce(t.risk, case f.severity{% for severity, risk in risks.items() %} when {{ severity | literal }} then {{ risk }}{% endfor %} end) as risk,
        case when p.promised_in is null then '' when p.answered_in <= c.period then p.outcome else 'pending' end as promise,
        cast(p.promised_in as date) as promised_in,
        coalesce(s.remark, '') as remark,
        a.accepted_until,
        coalesce(a.acceptance, '') as acceptance
    from {{ catalog }}.ledger.courses as c
    join {{ catalog }}.ledger.found as f on f.fingerprint = c.fingerprint and f.period = c.found_in
    left join {{ catalog }}.ledger.terms as t on t.period = c.period and t.rule = f.rule and t.system = f.system
    left join {{ catalog }}.ledger.accepted as a on a.fingerprint = c.fingerprint and a.period = c.period
    left join handed as h on h.fingerprint = c.fingerprint and h.period = c.period
    left join promised as p on p.fingerprint = c.fingerprint and p.period = c.period
    left join said as s on s.fingerprint = c.fingerprint and s.period = c.period
),
dated as (
    select
        *,
        is_there and state in ('new', 'open', 'reappeared') as is_open,
        came_in + cast(ceil(term_hours / 24) as integer) as act_by
    from judged
)
select
    *,
    is_open and term_hours <= {{ urgent_hours }} as is_urgent,
    is_open and act_by < as_of as is_late,
    is_open and coalesce(due_on < as_of, false) as is_passed,
    case when act_by < as_of then greatest(risk - 1, 1) else risk end as rank
from dated
