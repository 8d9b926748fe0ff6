"""The oracle: every rule of `spec/rules.md` a second time, in plain Python from the words of the spec alone.

It judges the product's SQL record by record and day by day, so it shares nothing with it: no contract, no SQL, no
rule file. `findings` answers with the findings of one period, `retention` with every record's last day,
`not_evaluated` with what could not be told.
"""

import datetime as dt
from pathlib import Path

from . import consistency, quality, structure, use
from . import retention as schedule
from .catalogue import collapsed
from .world import World

RULES = structure.RULES + quality.RULES + consistency.RULES + use.RULES + schedule.RULES


def _periods(exports: Path) -> list[str]:
    def is_date(name: str) -> bool:
        try:
            return dt.date.fromisoformat(name).isoformat() == name
        except ValueError:
            return False

    return sorted(folder.name for folder in exports.iterdir() if folder.is_dir() and is_date(folder.name))


def world_of(exports: Path, period: str, as_of: dt.date | None = None, synthetic_data: bool = True) -> World:
    as_of = as_of or dt.date.fromisoformat(period)
    earlier = [name for name in _periods(exports) if name < period]
    previous = World(exports / earlier[-1], as_of) if earlier else None
    return World(exports / period, as_of, synthetic_data, previous)


def findings(exports: Path, period: str, as_of: dt.date | None = None, synthetic_data: bool = True) -> list[dict]:
    """The period's findings, sorted by (rule, system, dataset, record_key, field), each of these once."""
    world = world_of(Path(exports), period, as_of, synthetic_data)
    return collapsed([one for rule in RULES for one in rule(world)])


def not_evaluated(exports: Path, period: str, as_of: dt.date | None = None) -> list[tuple[str, str, str]]:
    """(rule, part, missing dataset or `dataset.column`) of every part of a domain rule that could not be evaluated."""
    world = world_of(Path(exports), period, as_of)
    for rule in RULES:
        list(rule(world))
    return sorted(world.not_evaluated)


def retention(exports: Path, period: str, as_of: dt.date | None = None) -> list[dict]:
    """Every record of a dataset with a disposal class: dataset, record_key, start, last_day (ISO or '') and state.

    `due`: the last day is before the as-of date, and nothing holds the record. `held`: its time runs or has run out,
    but a legal hold covers it. `not running`: its event has not occurred by the as-of date, or something open stops
    it. `trigger missing`: the event's date cannot be told (an orphan's neither). `no criterion`: kept until further
    notice. Foreign ledger rows and customers without a number have no fate.
    """
    world = world_of(Path(exports), period, as_of)
    return sorted(
        (
            {
                "dataset": f"{fate.record.dataset.system}.{fate.record.dataset.name}",
                "record_key": fate.record.key,
                "start": fate.start.isoformat()[:10] if fate.start else "",
                "last_day": fate.last_day.isoformat() if fate.last_day else "",
                "state": fate.state,
            }
            for fate in schedule.fates(world)
        ),
        key=lambda row: (row["dataset"], row["record_key"], row["last_day"]),
    )
