-- A row is one system and the findings and tasks mended in it up to this period: how many, and how many days they had stood.
-- Reads ledger.trend_mending. Parameters: none.
select
    system, cast(sum(mended) as bigint) as mended, cast(round(sum(mended * mean_days) / sum(mended)) as bigint) as mean_days,
    max(most_days) as most_days
from ledger.trend_mending
where mended > 0
group by system
order by mended desc, system
