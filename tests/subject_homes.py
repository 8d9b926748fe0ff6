"""A workbench home with one period taken in up to retention: what the subject search reads, without rules and
reports."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import worlds

from pipelines import person
from pipelines.home import store
from pipelines.job import remembered


def take_in(home: Path, exports: Path, period: str = worlds.PERIOD, loaded=None) -> Path:
    """Takes a period of an exports folder into a new home."""
    opened = store.open_home(home)
    loaded = loaded or worlds.expectations()
    with store.locked(opened):
        with store.building(opened, period, None) as connection:
            worlds.build(connection, exports, period, dt.date.fromisoformat(period), loaded)
        (opened.tmp / f"{period}.duckdb").replace(opened.database(period))
        with store.workbench(opened) as connection:
            note = json.dumps({"as_of": period, "files": {}, "expectations": "", "counts": {}})
            connection.execute("insert into periods values (?, ?)", [period, note])
    remembered.remember(home, exports, loaded.folder)
    return home


def home_of(folder: Path, **tables: str) -> Path:
    """A home with the tables of `worlds.write` as its one period."""
    worlds.write(folder / "exports" / worlds.PERIOD, **tables)
    return take_in(folder / "home", folder / "exports")


def answered(folder: Path, **tables: str) -> Path:
    """The same, with the ledger's records that may be the first customer's answered with no."""
    made = home_of(folder, **tables)
    with person.at(made, worlds.expectations()) as place:
        for record in ("ledger/T1B", "ledger/T3"):
            person.decide(place, record, "customers/A1", "no")
    return made
