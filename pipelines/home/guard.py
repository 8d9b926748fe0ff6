"""What a connection can reach, and how a truncated or changed database shows."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.errors import HomeError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


DAMAGED = "is damaged or not encrypted by this workbench"
RESTORE = "restore it from a backup, or take the period in again"
# How DuckDB reports a block that was changed (each is authenticated, AES-GCM), or that is missing.
DAMAGE = ("AES tag differs", "Could not read enough bytes")

# The most seconds for one rule or relation. On a register of a million rows the slowest takes seconds.
MOST_SECONDS = 1_200


def lock(connection: DuckDBPyConnection) -> None:
    """Locks the connection: SQL reaches only attached databases and HOME/tmp, to which DuckDB spills, and no setting.

    It cannot be undone on this connection. SQL written by others, above all rules, runs behind it.
    """
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


def demand_locked(connection: DuckDBPyConnection) -> None:
    """RuntimeError, a bug of ours, if a connection about to run other people's SQL is not locked."""
    names = ("enable_external_access", "lock_configuration")
    found = connection.execute(f"select {', '.join(f'current_setting({name!r})' for name in names)}").fetchone()
    if found != (False, True):
        raise RuntimeError("SQL of the expectations on a connection that is not locked")


@contextlib.contextmanager
def in_time(connection: DuckDBPyConnection) -> Iterator[None]:
    """TimeoutError if what runs on the connection takes longer than MOST_SECONDS: it is interrupted."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        connection.interrupt()

    timer = threading.Timer(MOST_SECONDS, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    except duckdb.InterruptException:
        if late.is_set():
            raise TimeoutError(f"takes longer than {MOST_SECONDS} seconds") from None
        raise
    finally:
        timer.cancel()


def is_damage(error: duckdb.Error) -> bool:
    """Whether an error says that a database file is truncated or was changed."""
    return any(sign in str(error) for sign in DAMAGE)


@contextlib.contextmanager
def noticing_damage(path: Path) -> Iterator[None]:
    """HomeError, naming `path`, if a block turns out to be damaged after the file was attached."""
    try:
        yield
    except duckdb.Error as error:
        if is_damage(error):
            raise HomeError(DAMAGED, file=path, remedy=RESTORE) from None
        raise
