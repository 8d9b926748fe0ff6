-- A row is one person or office whose work others wait for: open findings and tasks, late ones, and those reported done that
-- the next export has to prove. Reads ledger.standing. Parameters: none.
select
    who, sum(open) as open, sum(urgent) as urgent, sum(late) as late,
    sum(case when state = 'reported done' then items else 0 end) as reported
from ledger.standing
where period = (select max(period) from ledger.periods)
group by who
having sum(open) > 0 or sum(case when state = 'reported done' then items else 0 end) > 0
order by sum(late) desc, sum(open) desc, who
