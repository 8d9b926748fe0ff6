-- A row is one rule or kind of task and who has to act on its open items, gravest first: by risk to people, one rank graver when
-- late; then by the day to act by. days_left: from the as-of date, negative if that day is past.
-- Reads ledger.states and results.rules. Parameters: none.
select
    s.rule, min(r.title) as title, min(r.todo) as todo, s.who, min(s.severity) as severity,
    min(s.rank) as rank, min(s.risk) as risk, min(s.term_hours) as term_hours,
    count(*) as open, count(case when s.is_late then 1 end) as late, count(case when s.is_urgent then 1 end) as urgent,
    min(s.act_by) as act_by, date_diff('day', min(s.as_of), min(s.act_by)) as days_left
from ledger.states as s
left join results.rules as r on r.rule = s.rule
where s.is_open
group by s.rule, s.who
order by min(s.rank), min(s.risk), min(s.act_by), count(*) desc, s.rule, s.who
