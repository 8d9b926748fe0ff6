"""Connections to the home's databases. The only module that opens DuckDB.

Databases are encrypted (AES-GCM) with the home's key (`pipelines.home.keys`), which is bound to the statement as a
parameter: SQL text, logs and faults never hold it.
"""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.errors import BusyError, HomeError
from pipelines.home import keys
from pipelines.home.atomic import settle
from pipelines.home.folder import Home, committed
from pipelines.home.guard import DAMAGED, RESTORE, lock, noticing_damage
from pipelines.sql import literal, one_value, render, run_script

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MAKE_ROOM = "free disk space or grant write access; then run again"
# What DuckDB says of a disk, in errors of several kinds.
WRITE_FAULTS = {
    "No space left": "the disk is full", "File too large": "a file may not grow further", "Disk quota": "the disk quota is used up",
    "Read-only file system": "Read-only file system", "Could not write": "the disk takes no more", "Could not truncate": "the disk takes no more",
}  # fmt: skip
ATTACH_WAITS_SECONDS = (0.1, 0.2, 0.4, 0.8, 1.6)


@cache
def crypto_extension() -> str:
    """Path of the signed extension whose OpenSSL writes encrypted databases; it comes as a package, never from the net."""
    return str(files("duckdb_extension_httpfs") / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension")


def connect(home: Home, spill: Path | None = None, small: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection with nothing attached; it fetches no extension and reads no setting from outside.

    `spill`: where DuckDB puts what memory does not hold, HOME/tmp by default; no two processes at once may name one folder.
    `small`: only a small database will be read, for which DuckDB's own, slower cipher does; to load the other takes longer.
    """
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
        "temp_directory": str(spill or home.tmp),
    }  # fmt: skip
    connection = duckdb.connect(config=settings)
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


def half_of_memory(connection: DuckDBPyConnection) -> str:
    """Half of what the machine has, or the container. DuckDB's own limit, which it works out for both, is four fifths."""
    number, unit = one_value(connection, "select current_setting('memory_limit')").split()
    return f"{float(number) * (1 / 2) / (4 / 5):.2f}{unit}"


def close(connection: DuckDBPyConnection) -> None:
    """Closes a connection. A query that Ctrl-C broke off continues until it is interrupted again, and closing would wait for it."""
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


def attach(
    connection: DuckDBPyConnection, home: Home, path: Path, name: str, read_only: bool = False, key: str | None = None
) -> None:
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


def not_written(error: Exception) -> str:
    """Why the disk would not take what was written; '' where the error is of another kind."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    for sign, reason in WRITE_FAULTS.items():
        if sign in str(error):
            return reason
    return type(error).__name__ if isinstance(error, duckdb.IOException) else ""


@contextlib.contextmanager
def transaction(connection: DuckDBPyConnection) -> Iterator[None]:
    """All of it, or nothing."""
    connection.execute("begin")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def prepare_workbench(connection: DuckDBPyConnection) -> None:
    """The tables of the workbench database, and the secret that its fingerprints are keyed with."""
    run_script(connection, render("home/workbench_schema.sql"))
    run_script(connection, render("home/ledger_tables.sql", catalog="workbench"))
    run_script(connection, render("home/ledger_decisions.sql"))
    connection.execute(
        "insert into ledger.secrets select $1 where not exists (from ledger.secrets)", [secrets.token_hex(32)]
    )


def make_workbench(home: Home) -> None:
    """The workbench database where there is none yet: made aside, so that from one moment to the next it is there whole. One that
    a death had left without its tables would keep every later command from working."""
    if home.workbench.exists():
        return
    home.tmp.mkdir(mode=0o700, exist_ok=True)
    part = home.tmp / home.workbench.name
    part.unlink(missing_ok=True)
    connection = connect(home)
    try:
        attach(connection, home, part, "workbench")
        connection.execute("use workbench")
        prepare_workbench(connection)
        connection.execute("checkpoint workbench")
    finally:
        close(connection)
    part.replace(home.workbench)
    settle(home.path)


@contextlib.contextmanager
def workbench(home: Home, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the workbench database."""
    if not read_only:
        make_workbench(home)
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


@contextlib.contextmanager
def building(home: Home, period: str, previous: str | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a new period's database in HOME/tmp, with the previous period attached as `previous`.

    The workbench database is attached read-only as `workbench`, and an empty one as `apart`, for a copy of the period
    that another process may read: no file can be attached once the connection was locked.
    """
    make_workbench(home)
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
