"""The workbench home: what other rooms use of it. `folder` has the folder, `connections` the databases.

    HOME/home.json                 version of the layout, id and place of the key, salt of a typed one
    HOME/workbench.duckdb          periods taken in, and what is known across periods
    HOME/periods/<date>.duckdb     raw, registry and results of one period
    HOME/reports/<date>/           the period's outputs
    HOME/profiles/<date>/          where a run spent its time, if requested
    HOME/tmp/                      work in progress: deleted by the next run

A period is built in HOME/tmp and comes into force at once, by `commit.json`: a run that dies before it leaves the home
unchanged, one that dies after it is finished by the next run.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.errors import BusyError, HomeError, NoMemoryError
from pipelines.home import atomic, exchange
from pipelines.home.connections import (
    MAKE_ROOM,
    attach,
    building,
    close,
    connect,
    looking,
    not_written,
    reading,
    reopening,
    scratch,
    transaction,
    workbench,
)
from pipelines.home.folder import LAYOUT_VERSION, Home, close_to_others, committed, open_home
from pipelines.known import beside, checked
from pipelines.sentence import Sentence

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = [
    "LAYOUT_VERSION", "LEDGER_TABLES", "MAKE_ROOM", "Home", "attach", "building", "choose", "close", "commit", "connect",
    "keep_ledger", "locked", "looking", "not_written", "open_existing", "open_home", "periods", "reading", "reopening",
    "scratch", "transaction", "workbench",
]  # fmt: skip

LOCK_WAIT_SECONDS = 2
# What the ledger keeps of a period, in its own database and, once it is in force, in the workbench's.
LEDGER_TABLES = ("periods", "found", "looks", "reads", "feeds", "missing_columns", "rejected", "checks", "terms")


def open_existing(path: Path) -> Home:
    """The home at `path`; HomeError if no period was taken in yet."""
    if not (path / "home.json").exists():
        raise HomeError(
            "no workbench home",
            file=path,
            remedy=Sentence(
                "take exports in first: vahti run, or name the home with --home%(beside)s", beside=beside(path)
            ),
        )
    home = open_home(path)
    if "rotated" in committed(home):  # the rotation may have stopped halfway: it is finished first
        with locked(home):
            pass
    return home


def periods(home: Home) -> dict[str, dict]:
    """The periods taken in, oldest first: {period: {as_of, files, expectations, counts}}."""
    if not home.workbench.exists():
        return {}
    with looking(home) as connection:
        rows = connection.execute("select period, note from workbench.periods order by period").fetchall()
    return {period: json.loads(note) for period, note in rows}


def choose(home: Home, period: str | None, known: dict[str, dict] | None = None) -> tuple[str, dict]:
    """(period, note) of the requested period, the newest by default; UnknownError or HomeError if there is none.

    `known`: the home's `periods`, if the caller has them."""
    known = periods(home) if known is None else known
    if not known:
        raise HomeError("no period was taken in yet", file=home.path, remedy="vahti run")
    name = checked("period", period, known, place=str(home.path)) if period else max(known)
    if not home.database(name).exists():
        remedy = f"its findings are in {home.reports(name)}; from its exports: vahti run --replace --period {name}"
        raise HomeError(f"the registry of {name} was purged", file=home.path, remedy=remedy)
    return name, known[name]


@contextlib.contextmanager
def locked(home: Home) -> Iterator[None]:
    """Locks the home for this process, cleaned up after a crashed run; BusyError if another run has it."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(home.path / ".lock", timeout=LOCK_WAIT_SECONDS):
            tidy(home)
            try:
                yield
            finally:
                if not (home.path / "commit.json").exists():
                    shutil.rmtree(home.tmp, ignore_errors=True)
                close_to_others(home.path)
    except Timeout:
        raise BusyError("another run is at work", file=home.path, remedy="wait until it has ended") from None
    except duckdb.OutOfMemoryException:
        raise NoMemoryError(
            "the run needs more memory than it may use", file=home.path, remedy="give it more with --memory"
        ) from None
    except (OSError, duckdb.Error) as error:
        reason = not_written(error)
        if not reason:
            raise
        raise HomeError(f"cannot be written: {reason}", file=home.path, remedy=MAKE_ROOM) from None


def tidy(home: Home) -> None:
    """Finishes what a crashed run had committed and removes the rest."""
    entry = committed(home)
    if "rotated" in entry:
        exchange.finish(home, entry)
    elif entry:
        with workbench(home) as connection:
            bring_into_force(home, entry, connection)
    elif home.workbench.with_name(home.workbench.name + ".wal").exists():
        with workbench(home):  # takes in what the disk had no room for
            pass
    for part in home.path.glob("*.json.part"):
        if part.name != "home.json.part":  # which is written before the lock is taken
            part.unlink(missing_ok=True)
    shutil.rmtree(home.tmp, ignore_errors=True)
    home.tmp.mkdir(mode=0o700)
    for folder in ("periods", "reports"):
        (home.path / folder).mkdir(mode=0o700, exist_ok=True)


def commit(home: Home, period: str, note: dict) -> dict:
    """Brings the period built in HOME/tmp into force. It counts from the moment commit.json is replaced. Returns the note as
    `periods` reads it."""
    entry = json.loads(json.dumps({"period": period, "note": note}))
    with workbench(home) as connection:
        atomic.write(home.path / "commit.json", json.dumps(entry, sort_keys=True, ensure_ascii=False))
        bring_into_force(home, entry, connection)
    return entry["note"]


def bring_into_force(home: Home, entry: dict, connection: DuckDBPyConnection) -> None:
    """Can be repeated, whatever steps were done before. `connection`: to the workbench database."""
    period = entry["period"]
    built, reports = home.tmp / f"{period}.duckdb", home.tmp / "reports" / period
    if built.exists():
        built.replace(home.database(period))
    if reports.exists():
        shutil.rmtree(home.reports(period), ignore_errors=True)
        reports.replace(home.reports(period))
    attach(connection, home, home.database(period), "period", read_only=True)
    note = json.dumps(entry["note"], sort_keys=True, ensure_ascii=False)
    with transaction(connection):
        connection.execute("insert or replace into periods values (?, ?)", [period, note])
        keep_ledger(connection, period)
    connection.execute("checkpoint workbench")
    (home.path / "commit.json").unlink()


def keep_ledger(connection: DuckDBPyConnection, period: str) -> None:
    """Copies a period's ledger rows into the workbench, replacing its old ones; outputs of later periods become stale.

    `connection`: to the workbench, with the period attached as `period`.
    """
    for table in LEDGER_TABLES:
        connection.execute(f"delete from workbench.ledger.{table} where period = $1", [period])
        connection.execute(f"insert into workbench.ledger.{table} by name select * from period.ledger.{table}")
    connection.execute(
        "insert into workbench.ledger.stale_outputs select period from workbench.ledger.periods where period > $1",
        [period],
    )
