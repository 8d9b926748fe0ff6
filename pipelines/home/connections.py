"""Connections to the home's databases. The only module that opens DuckDB.

Databases are encrypted (AES-GCM) with the home's key (`pipelines.home.keys`), which is bound to the statement as a
parameter: SQL text, logs and errors never contain it.
"""

from __future__ import annotations

import contextlib
import os
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
# How DuckDB reports a full or failing disk, in errors of several kinds.
WRITE_FAULTS = {
    "No space left": "the disk is full", "File too large": "a file may not grow further", "Disk quota": "the disk quota is used up",
    "Read-only file system": "Read-only file system", "Could not write": "the disk takes no more", "Could not truncate": "the disk takes no more",
}  # fmt: skip
# DuckDB's threads where a home limits none: None is as many as there are processors.
THREADS: int | None = None
ATTACH_WAITS_SECONDS = (0.1, 0.2, 0.4, 0.8, 1.6)


@cache
def crypto_extension() -> str:
    """Path of the signed extension whose OpenSSL writes encrypted databases; installed as a package, never downloaded."""
    return str(files("duckdb_extension_httpfs") / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension")


# The extension's file as it was when DuckDB had verified its signature in this process, which takes 50 ms: path, inode, size, time.
_VERIFIED: set[tuple[str, int, int, int]] = set()


def _file_state(path: str) -> tuple[str, int, int, int]:
    state = os.stat(path)
    return path, state.st_ino, state.st_size, state.st_mtime_ns


def connect(home: Home, spill: Path | None = None, small: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection with nothing attached; it downloads no extension and reads no outside setting.

    `spill`: where DuckDB puts what does not fit in memory, HOME/tmp by default; no two processes may share one folder.
    `small`: only a small database will be read, for which DuckDB's own, slower cipher will do; the other takes longer to load.
    """
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "temp_directory": str(spill or home.tmp),
    }
    if small and not home.memory:
        connection = duckdb.connect(config=settings)
    else:  # what spills to disk for lack of memory is encrypted too
        extension = _file_state(crypto_extension())
        connection = duckdb.connect(config=settings | {"allow_unsigned_extensions": extension in _VERIFIED})
        connection.execute(f"load {literal(crypto_extension())}")
        _VERIFIED.add(extension)
    connection.execute("set temp_file_encryption = true")
    connection.execute("set python_enable_replacements = false")  # a name in SQL is a table, never a Python variable
    with contextlib.suppress(duckdb.InvalidInputException):  # in a notebook without ipywidgets, which cannot show a bar
        connection.execute("set enable_progress_bar = false")
    connection.execute(f"set memory_limit = {literal(home.memory or half_of_memory(connection))}")
    if threads := home.threads or THREADS:
        connection.execute(f"set threads = {int(threads)}")
    return connection


def half_of_memory(connection: DuckDBPyConnection) -> str:
    """Half the memory of the machine or container. DuckDB, which detects both, would take four fifths."""
    number, unit = one_value(connection, "select current_setting('memory_limit')").split()
    return f"{float(number) * (1 / 2) / (4 / 5):.2f}{unit}"


def close(connection: DuckDBPyConnection) -> None:
    """Closes a connection. A query stopped by Ctrl-C runs on until it is interrupted again, and closing would wait for it."""
    connection.interrupt()
    connection.close()


@contextlib.contextmanager
def scratch() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to an empty in-memory database, separate from any home."""
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
    try:
        if THREADS:
            connection.execute(f"set threads = {THREADS}")
        connection.execute("attach ':memory:' as period")
        connection.execute("use period")
        yield connection
    finally:
        close(connection)


def attach(
    connection: DuckDBPyConnection, home: Home, path: Path, name: str, read_only: bool = False, key: str | None = None
) -> None:
    """Attaches one encrypted database of the home, waiting if another process has it; HomeError for a wrong key or a
    damaged file, BusyError if the wait was in vain. `key`: one other than the home's."""
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
    """Whether the key may change in a moment: a rotation is running, or ran since this process cached the key."""
    return "rotated" in committed(home) or keys.forget(home)


def not_written(error: Exception) -> str:
    """Why the disk rejected a write; '' for other errors."""
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
    """Creates the tables of the workbench database, and the secret that keys its fingerprints."""
    run_script(connection, render("home/workbench_schema.sql"))
    run_script(connection, render("home/ledger_tables.sql", catalog="workbench"))
    run_script(connection, render("home/ledger_decisions.sql"))
    connection.execute(
        "insert into ledger.secrets select $1 where not exists (from ledger.secrets)", [secrets.token_hex(32)]
    )


def make_workbench(home: Home) -> None:
    """Creates the workbench database if there is none: built aside, so that it appears complete in one step. One left
    without tables by a crash would break every later command."""
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
    """A read-only connection to the workbench database, which must exist, and to a period's. Many can read at once."""
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
    that another process may read: a locked connection cannot attach files.
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
    """A writable connection to a period's database, with the workbench database attached read-only."""
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
