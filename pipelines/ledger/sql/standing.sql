-- A row is one period, kind, person or office to act, system, category, rule, severity and state, with every number shown in report,
-- notebooks, worklists, commands and bundle. items: findings or tasks known by then; open: to be dealt with; fresh and back:
-- open and new, or open and back; urgent: open, with a week or less; late: open, past the day to act by; passed: open, past the
-- last day of the law or the schedule; mended: proved gone by this period. Reads states.
select
    period, as_of, kind, who, system, category, rule, severity, state, is_open,
    count(*) as items,
    count(case when is_open then 1 end) as open,
    count(case when is_open and state = 'new' then 1 end) as fresh,
    count(case when is_open and state = 'reappeared' then 1 end) as back,
    count(case when is_urgent then 1 end) as urgent,
    count(case when is_late then 1 end) as late,
    count(case when is_passed then 1 end) as passed,
    min(case when is_passed then due_on end) as oldest_passed,
    count(case when resolved_on = cast(period as date) then 1 end) as mended
from {{ catalog }}.ledger.states
group by period, as_of, kind, who, system, category, rule, severity, state, is_open
