-- A row is one period and severity: findings to be mended, and those of them past the day set for it.
-- Reads ledger.trend_terms. Parameters: none.
select
    period, severity, cast(sum(findings) as bigint) as to_be_mended, cast(sum(late) as bigint) as past_their_day
from ledger.trend_terms
where kind = 'finding'
group by period, severity
order by period, severity
