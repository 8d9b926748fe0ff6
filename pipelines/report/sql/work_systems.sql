-- A row is one system with findings or tasks in the ledger: those still to be fixed by age class, those late, those fixed so far and
-- how long that took, and what was reported done. Reads ledger.standing and ledger.trend_*. Parameters: period,
-- language (of the systems' names; as in controller.yaml if there is none).
with ages as (
    select
        system,
        cast(coalesce(sum(open) filter (age like '1%'), 0) as bigint) as quarter,
        cast(coalesce(sum(open) filter (age like '2%'), 0) as bigint) as half_year,
        cast(coalesce(sum(open) filter (age like '3%'), 0) as bigint) as year,
        cast(coalesce(sum(open) filter (age like '4%'), 0) as bigint) as older,
        cast(sum(open) as bigint) as open, cast(sum(accepted) as bigint) as accepted
    from ledger.trend_ages
    where period = $period
    group by system
),
terms as (
    select system, cast(sum(late) as bigint) as late
    from ledger.standing
    where period = $period
    group by system
),
mending as (
    select
        system, cast(sum(mended) as bigint) as mended, cast(sum(mended) filter (period = $period) as bigint) as mended_now,
        cast(round(sum(mended * mean_days) / sum(mended)) as bigint) as mean_days
    from ledger.trend_mending
    where mended > 0
    group by system
),
promises as (
    select
        system, cast(sum(promised) as bigint) as promised, cast(sum(kept) as bigint) as kept,
        cast(sum(missed) as bigint) as missed, cast(sum(pending) as bigint) as pending
    from ledger.trend_promises
    group by system
)
select
    s.system, coalesce(n.name, s.name) as title,
    coalesce(a.quarter, 0) as quarter, coalesce(a.half_year, 0) as half_year, coalesce(a.year, 0) as year,
    coalesce(a.older, 0) as older, coalesce(a.accepted, 0) as accepted, coalesce(t.late, 0) as late,
    coalesce(m.mended, 0) as mended, coalesce(m.mended_now, 0) as mended_now, m.mean_days,
    coalesce(p.promised, 0) as promised, coalesce(p.kept, 0) as kept, coalesce(p.missed, 0) as missed,
    coalesce(p.pending, 0) as pending
from ledger.systems as s
left join ledger.system_names as n on n.system = s.system and n.language = $language
left join ages as a on a.system = s.system
left join terms as t on t.system = s.system
left join mending as m on m.system = s.system
left join promises as p on p.system = s.system
where a.system is not null or m.system is not null or p.system is not null
order by coalesce(a.open, 0) desc, s.system
