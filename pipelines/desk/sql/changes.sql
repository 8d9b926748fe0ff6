-- A row is one rule or kind of task with something to report of a period: its open items that are new, back or still open,
-- what was fixed by then, and what is unknown. Reads ledger.standing. Parameters: period.
select
    rule,
    cast(sum(fresh) as bigint) as new, cast(sum(back) as bigint) as back,
    cast(sum(open - fresh - back) as bigint) as since_before,
    cast(sum(mended) as bigint) as mended,
    cast(sum(case when state = 'not observable' then items else 0 end) as bigint) as not_observable
from ledger.standing
where period = $period and (is_open or state = 'not observable' or mended > 0)
group by rule
order by sum(fresh) desc, sum(back) desc, rule
