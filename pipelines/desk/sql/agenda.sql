-- A row is one rule or kind of task and who has to act on its open items: how many have reached their day to act by (today), how
-- many reach it within a week, and how many there are. Gravest first, as in the report. Reads ledger.states and results.rules.
-- Parameters: none.
select
    s.rule, min(r.title) as title, s.who, min(s.act_by) as act_by,
    count(case when s.act_by <= s.as_of then 1 end) as today,
    count(case when s.act_by > s.as_of and s.act_by <= s.as_of + 7 then 1 end) as week,
    min(case when s.act_by > s.as_of then s.act_by end) as next_act_by,
    count(*) as open
from ledger.states as s
left join results.rules as r on r.rule = s.rule
where s.is_open
group by s.rule, s.who
order by min(s.rank), min(s.risk), min(s.act_by), count(*) desc, s.rule, s.who
