"""The workbench home and its DuckDB databases. The only module that opens DuckDB.

    HOME/home.json                 version of the layout, id and place of the key, salt of a typed one
    HOME/workbench.duckdb          periods taken in, and what is known across periods
    HOME/periods/<date>.duckdb     raw, registry and results of one period
    HOME/reports/<date>/           what the period put out
    HOME/profiles/<date>/          where the time of a run went, if that was asked for
    HOME/tmp/                      work in progress: gone at the next run

A period is built in HOME/tmp and comes into force at once, by `commit.json`: a run that dies before it leaves the home as
it was, one that dies after it is finished by the next run. Databases are encrypted (AES-GCM) with the home's key
(`pipelines.home.keys`), which is bound to the statement as a parameter: SQL text, logs and faults never hold it.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb

from pipelines.errors import BusyError, HomeError, NoMemoryError
from pipelines.home import atomic, keys
from pipelines.home.guard import DAMAGED, RESTORE, lock, noticing_damage
from pipelines.known import checked
from pipelines.sql import literal, render, run_script

LAYOUT_VERSION = 1
LOCK_WAIT_SECONDS = 2
MAKE_ROOM = "free disk space or grant write access; then run again"
# What DuckDB says of a disk, in errors of several kinds.
WRITE_FAULTS = {
    "No space left": "the disk is full", "File too large": "a file may not grow further", "Disk quota": "the disk quota is used up",
    "Read-only file system": "Read-only file system", "Could not write": "the disk takes no more", "Could not truncate": "the disk takes no more",
}  # fmt: skip
# What the ledger keeps of a period, in its own database and, once it is in force, in the workbench's.
LEDGER_TABLES = ("periods", "found", "looks", "reads", "feeds", "missing_columns", "rejected", "checks", "terms")
ATTACH_WAITS_SECONDS = (0.1, 0.2, 0.4, 0.8, 1.6)


@dataclass(frozen=True)
class Home:
    """A workbench home. `memory` and `threads` are DuckDB's limits; None is half the machine's memory, and all its threads."""

    path: Path
    memory: str | None = None
    threads: int | None = None
    id: str = ""

    @property
    def workbench(self) -> Path:
        """The database of what is known across periods."""
        return self.path / "workbench.duckdb"

    @property
    def tmp(self) -> Path:
        """Work in progress."""
        return self.path / "tmp"

    def database(self, period: str) -> Path:
        """The database of one period."""
        return self.path / "periods" / f"{period}.duckdb"

    def reports(self, period: str) -> Path:
        """The outputs of one period."""
        return self.path / "reports" / period

    def profiles(self, period: str) -> Path:
        """DuckDB's profiles of the period's slowest rules."""
        return self.path / "profiles" / period


def open_home(path: Path, memory: str | None = None, threads: int | None = None) -> Home:
    """The home at `path`, made (mode 0700) where there is none; HomeError where it cannot be used."""
    note = path / "home.json"
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not note.exists():
            if any(entry.name not in (".lock", "tmp", "home.json.part") for entry in path.iterdir()):
                raise HomeError(
                    "is a folder with other things in it", file=path, remedy="name a new folder with --home"
                )
            facts = {"layout": LAYOUT_VERSION, "id": secrets.token_hex(8), "salt": keys.new_salt()}
            atomic.write(note, json.dumps(facts) + "\n")
        settings = json.loads(note.read_text("utf-8"))
        layout, home_id = int(settings["layout"]), str(settings["id"])
        if "salt" not in settings and not (path / "workbench.duckdb").exists():  # nothing has a key yet
            atomic.write(note, json.dumps(settings | {"salt": keys.new_salt()}) + "\n")
        close_to_others(path)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else "home.json is damaged"
        raise HomeError(f"cannot be used: {reason}", file=path, remedy="name another folder with --home") from None
    if layout > LAYOUT_VERSION:
        problem = f"was made by a newer version (layout {layout}; this one knows {LAYOUT_VERSION})"
        raise HomeError(problem, file=path, remedy="upgrade rekisterivahti, or name another folder with --home")
    return Home(path, memory, threads, home_id)


def close_to_others(path: Path) -> None:
    """The home, and whatever is in it, for its owner alone: other programs may have made it, or opened it since.

    Links are left alone, and so is what another process takes away meanwhile. OSError where something is not one's own.
    """
    keys.close_to_others(path)
    for folder, folders, names in os.walk(path):
        for name in (*folders, *names):
            each = Path(folder, name)
            with contextlib.suppress(FileNotFoundError):
                if not each.is_symlink():
                    keys.close_to_others(each)


def open_existing(path: Path) -> Home:
    """The home at `path`; HomeError where nothing was taken in there yet."""
    if not (path / "home.json").exists():
        raise HomeError(
            "no workbench home", file=path, remedy="take exports in first: vahti run, or name the home with --home"
        )
    home = open_home(path)
    if "rotated" in committed(home):  # half of its databases may want another key: they are finished first
        with locked(home):
            pass
    return home


def committed(home: Home) -> dict:
    """What a dead run, or one that is just at it, has committed and not finished; nothing as a rule."""
    try:
        return json.loads((home.path / "commit.json").read_text("utf-8"))
    except FileNotFoundError:
        return {}


def choose(home: Home, period: str | None, known: dict[str, dict] | None = None) -> tuple[str, dict]:
    """(period, note) of the period asked for, the newest by default; UnknownError or HomeError where there is none such.

    `known`: the home's `periods`, where the caller has them."""
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
    """The home for this process alone, tidied up after a run that died; BusyError where another run has it."""
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


def not_written(error: Exception) -> str:
    """Why the disk would not take what was written; '' where the error is of another kind."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    for sign, reason in WRITE_FAULTS.items():
        if sign in str(error):
            return reason
    return type(error).__name__ if isinstance(error, duckdb.IOException) else ""


def tidy(home: Home) -> None:
    """Finishes what a dead run had committed and removes what it had not."""
    entry = committed(home)
    if "rotated" in entry:
        from pipelines.home import rotation

        rotation.finish(home, entry)
    elif entry:
        with workbench(home) as connection:
            bring_into_force(home, entry, connection)
    elif home.workbench.with_name(home.workbench.name + ".wal").exists():
        with workbench(home):  # takes in what the disk had no room for
            pass
    (home.path / "commit.json.part").unlink(missing_ok=True)
    shutil.rmtree(home.tmp, ignore_errors=True)
    home.tmp.mkdir(mode=0o700)
    for folder in ("periods", "reports"):
        (home.path / folder).mkdir(mode=0o700, exist_ok=True)


@cache
def crypto_extension() -> str:
    """Path of the signed extension whose OpenSSL writes encrypted databases; it comes as a package, never from the net."""
    return str(files("duckdb_extension_httpfs") / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension")


def connect(home: Home, spill: Path | None = None, small: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection with nothing attached; it fetches no extension and reads no setting from outside.

    `spill`: where DuckDB puts what memory does not hold, HOME/tmp by default; no two processes at once may name one folder.
    `small`: only a small database will be read, for which DuckDB's own, slower cipher does; to load the other takes longer.
    """
    settings = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    connection = duckdb.connect(config=settings | {"temp_directory": str(spill or home.tmp)})
    if not small or home.memory:  # what spills out of a little memory is encrypted, too
        connection.execute(f"load {literal(crypto_extension())}")
    connection.execute("set temp_file_encryption = true")
    connection.execute(
        "set python_enable_replacements = false"
    )  # a name in SQL is a table, never a variable of Python's
    with contextlib.suppress(
        duckdb.InvalidInputException
    ):  # in a notebook without ipywidgets, where there can be no bar
        connection.execute("set enable_progress_bar = false")
    connection.execute(f"set memory_limit = {literal(home.memory or half_of_memory(connection))}")
    if home.threads:
        connection.execute(f"set threads = {int(home.threads)}")
    return connection


def half_of_memory(connection) -> str:
    """Half of what the machine has, or the container. DuckDB's own limit, which it works out for both, is four fifths."""
    number, unit = connection.execute("select current_setting('memory_limit')").fetchone()[0].split()
    return f"{float(number) * (1 / 2) / (4 / 5):.2f}{unit}"


def close(connection) -> None:
    """Closes a connection. A query that Ctrl-C broke off goes on until it is told again, and closing would wait for it."""
    connection.interrupt()
    connection.close()


@contextlib.contextmanager
def scratch() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to an empty database in memory, apart from any home."""
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
    try:
        connection.execute("attach ':memory:' as period")
        connection.execute("use period")
        yield connection
    finally:
        close(connection)


def attach(connection, home: Home, path: Path, name: str, read_only: bool = False, key: str | None = None) -> None:
    """Attaches one encrypted database of the home, after a wait where another process has it; HomeError for a wrong key or
    a damaged file, BusyError where the wait was in vain. `key`: another than the home's."""
    mode = ", read_only" if read_only else ""
    for wait in (*ATTACH_WAITS_SECONDS, None):
        try:
            statement = f"attach {literal(path)} as {name} (encryption_key $key{mode})"
            connection.execute(statement, {"key": key or keys.key(home)})
            return
        except duckdb.Error as error:
            busy, wrong = "lock on file" in str(error), "Wrong encryption key" in str(error)
            if wait is not None and (busy or (wrong and _key_changes(home))):
                time.sleep(wait)
                continue
            if busy:
                raise BusyError("another program has it open", file=path, remedy="wait until it has ended") from None
            if any(sign in str(error) for sign in WRITE_FAULTS):
                raise HomeError(f"cannot be written: {not_written(error)}", file=home.path, remedy=MAKE_ROOM) from None
            problem = "the key does not fit" if wrong else DAMAGED
            remedy = "set VAHTI_KEY to the key it was made with" if wrong else RESTORE
            raise HomeError(problem, file=path, remedy=remedy) from None


def _key_changes(home: Home) -> bool:
    """Whether the key may be another one in a moment: it is being rotated, or was while this process remembered it."""
    return "rotated" in committed(home) or keys.forget(home)


@contextlib.contextmanager
def workbench(home: Home, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the workbench database."""
    connection = connect(home, small=read_only)
    try:
        attach(connection, home, home.workbench, "workbench", read_only)
        connection.execute("use workbench")
        with noticing_damage(home.workbench):
            if not read_only:
                prepare_workbench(connection)
            yield connection
    finally:
        close(connection)


@contextlib.contextmanager
def looking(home: Home, period: str | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the workbench database, which must be there, and to a period's. Many may look at once."""
    connection = connect(home, small=not period)
    try:
        attach(connection, home, home.workbench, "workbench", read_only=True)
        if period:
            attach(connection, home, home.database(period), "period", read_only=True)
        connection.execute(f"use {'period' if period else 'workbench'}")
        with noticing_damage(home.path):
            yield connection
    finally:
        close(connection)


def prepare_workbench(connection) -> None:
    """The tables of the workbench database, and the secret that its fingerprints are keyed with."""
    run_script(connection, render("home/workbench_schema.sql"))
    run_script(connection, render("home/ledger_tables.sql", catalog="workbench"))
    run_script(connection, render("home/ledger_decisions.sql"))
    connection.execute(
        "insert into ledger.secrets select $1 where not exists (from ledger.secrets)", [secrets.token_hex(32)]
    )


@contextlib.contextmanager
def transaction(connection) -> Iterator[None]:
    """All of it, or nothing."""
    connection.execute("begin")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


@contextlib.contextmanager
def building(home: Home, period: str, previous: str | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a new period's database in HOME/tmp, with the previous period attached as `previous`.

    The workbench database is attached read-only as `workbench`, and an empty one as `apart`, for a copy of the period
    that another process may read: no file can be attached once the connection was locked.
    """
    connection = connect(home)
    try:
        attach(connection, home, home.workbench, "workbench")
        connection.execute("use workbench")
        with noticing_damage(home.workbench):
            prepare_workbench(connection)
        connection.execute("use memory")
        connection.execute("detach workbench")
        attach(connection, home, home.workbench, "workbench", read_only=True)
        if previous and home.database(previous).exists():
            attach(connection, home, home.database(previous), "previous", read_only=True)
        attach(connection, home, home.tmp / f"{period}.duckdb", "period")
        attach(connection, home, home.tmp / f"{period}-apart.duckdb", "apart")
        connection.execute("use period")
        with noticing_damage(home.path):
            yield connection
            connection.execute("checkpoint period")
    finally:
        close(connection)


@contextlib.contextmanager
def reopening(home: Home, period: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a period's database that may be written, with the workbench database attached read-only."""
    connection = connect(home)
    try:
        attach(connection, home, home.workbench, "workbench", read_only=True)
        attach(connection, home, home.database(period), "period")
        lock(connection)
        connection.execute("use period")
        with noticing_damage(home.path):
            yield connection
            connection.execute("checkpoint period")
    finally:
        close(connection)


@contextlib.contextmanager
def reading(home: Home, period: str, previous: str | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to a period's database, and to an earlier one's as `previous`, that reaches no other file."""
    connection = connect(home)
    try:
        attach(connection, home, home.database(period), "period", read_only=True)
        if previous:
            attach(connection, home, home.database(previous), "previous", read_only=True)
        lock(connection)
        connection.execute("use period")
        with noticing_damage(home.database(period)):
            yield connection
    finally:
        close(connection)


def periods(home: Home) -> dict[str, dict]:
    """What was taken in, by period, oldest first: {period: {as_of, files, expectations, counts}}."""
    if not home.workbench.exists():
        return {}
    with looking(home) as connection:
        rows = connection.execute("select period, note from workbench.periods order by period").fetchall()
    return {period: json.loads(note) for period, note in rows}


def commit(home: Home, period: str, note: dict) -> None:
    """Brings the period built in HOME/tmp into force. The replacement of commit.json is the moment it counts."""
    entry = {"period": period, "note": note}
    with workbench(home) as connection:
        atomic.write(home.path / "commit.json", json.dumps(entry, sort_keys=True, ensure_ascii=False))
        bring_into_force(home, entry, connection)


def keep_ledger(connection, period: str) -> None:
    """A period's rows of the ledger into the workbench, in place of those it had; outputs of later periods are then stale.

    `connection`: to the workbench, with the period attached as `period`.
    """
    for table in LEDGER_TABLES:
        connection.execute(f"delete from workbench.ledger.{table} where period = $1", [period])
        connection.execute(f"insert into workbench.ledger.{table} by name select * from period.ledger.{table}")
    connection.execute(
        "insert into workbench.ledger.stale_outputs select period from workbench.ledger.periods where period > $1",
        [period],
    )


def bring_into_force(home: Home, entry: dict, connection) -> None:
    """Every step may have been done before: it can be repeated. `connection`: to the workbench database."""
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
