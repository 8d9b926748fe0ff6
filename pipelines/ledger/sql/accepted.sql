-- A row is one finding in one period with an acceptance in force: the one that lasts longest.
-- Reads periods and the decisions.
select
    a.fingerprint, p.period, max(a.until_on) as accepted_until, arg_max(a.acceptance, a.until_on) as acceptance
from workbench.ledger.acceptances as a
join {{ catalog }}.ledger.periods as p on p.period >= a.from_period and p.as_of <= a.until_on
left join workbench.ledger.withdrawals as w
    on w.acceptance = a.acceptance and w.fingerprint = a.fingerprint and w.from_period <= p.period
where w.acceptance is null
group by a.fingerprint, p.period
