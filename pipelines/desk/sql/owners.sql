-- A row is one category and who has to act on it: open findings and tasks, how many are urgent or late, and last days that
-- have passed. Reads ledger.standing. Parameters: period.
select
    category, who,
    cast(sum(case when severity = 'high' then open else 0 end) as bigint) as high,
    cast(sum(case when severity = 'medium' then open else 0 end) as bigint) as medium,
    cast(sum(case when severity = 'low' then open else 0 end) as bigint) as low,
    cast(sum(open) as bigint) as open, cast(sum(urgent) as bigint) as urgent, cast(sum(late) as bigint) as late,
    cast(sum(passed) as bigint) as deadlines_passed
from ledger.standing
where is_open and period = $period
group by category, who
order by category, who
