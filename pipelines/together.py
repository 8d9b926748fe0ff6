"""Independent pieces of work on one database at the same time, each on its own connection.

DuckDB uses all its threads only within large statements; most of ours are small, or wait for Python. Results come in the
order of the jobs. What jobs write must not depend on which finishes first.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import duckdb

from pipelines.sql import ident, one_value

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# More would need more memory and gain little: DuckDB has its own threads within a statement.
MOST = 4
T = TypeVar("T")


def run(
    connection: DuckDBPyConnection,
    jobs: Iterable[Callable[..., T]],
    prepare: Callable[..., None] = lambda connection: None,
) -> list[T]:
    """The jobs' results, in their order; each job is called with a connection `prepare`d like the caller's own.

    If jobs fail, those still running are interrupted and the first error in the order of the jobs is raised.
    """
    jobs = list(jobs)
    workers = 1 if in_transaction(connection) else min(len(jobs), MOST, threads(connection))
    if workers < 2:
        return [job(connection) for job in jobs]
    cursors = [connection, *(sibling(connection) for _ in range(workers - 1))]
    free: SimpleQueue[DuckDBPyConnection] = SimpleQueue()
    for cursor in cursors:
        if cursor is not connection:
            prepare(cursor)
        free.put(cursor)

    def work(job: Callable[..., T]) -> T:
        cursor = free.get()
        try:
            return job(cursor)
        finally:
            free.put(cursor)

    pool = ThreadPoolExecutor(workers)
    try:
        futures = [pool.submit(work, job) for job in jobs]
        return [future.result() for future in futures]
    except BaseException:  # Ctrl-C too: nothing is left running in the background
        pool.shutdown(wait=False, cancel_futures=True)
        for cursor in cursors:
            cursor.interrupt()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        for cursor in cursors[1:]:
            cursor.close()


class Beside(Generic[T]):
    """One piece of work on its own connection while the caller goes on: `with Beside(connection, work) as other`.

    `other.result()` waits for it, and returns or raises what the work did. If the caller fails first, the work is
    interrupted: nothing is left running.
    """

    def __init__(self, connection: DuckDBPyConnection, work: Callable[..., T]) -> None:
        self.connection = Tracked(sibling(connection))
        self.future: Future[T] = Future()
        self.thread = Thread(target=self._run, args=[work], name="beside")

    def _run(self, work: Callable[..., T]) -> None:
        try:
            self.future.set_result(work(cast("DuckDBPyConnection", self.connection)))
        except BaseException as error:
            self.future.set_exception(error)

    def result(self) -> T:
        """The result of the work."""
        return self.future.result()

    def __enter__(self) -> Beside[T]:
        self.thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, traceback: object) -> None:
        # An interrupt ends one statement only: the work may go on to the next.
        while kind and self.thread.is_alive():
            self.connection.interrupt()
            self.thread.join(0.05)
        self.thread.join()
        self.connection.close()


class Tracked:
    """A connection that tracks the connections opened from it, so that all can be interrupted."""

    def __init__(self, connection: DuckDBPyConnection) -> None:
        self._connections = [connection]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connections[0], name)

    def cursor(self) -> DuckDBPyConnection:
        """Another connection to the same databases."""
        self._connections.append(self._connections[0].cursor())
        return self._connections[-1]

    def interrupt(self) -> None:
        """Interrupts whatever is running."""
        for connection in self._connections:
            with contextlib.suppress(duckdb.ConnectionException):  # closed by its user
                connection.interrupt()


def in_transaction(connection: DuckDBPyConnection) -> bool:
    """Whether the connection has an uncommitted transaction, which another connection would not see. Outside a
    transaction every statement is its own, with its own number."""
    first, second = (connection.execute("select txid_current()").fetchone() for _ in range(2))
    return first == second


def threads(connection: DuckDBPyConnection) -> int:
    """How many threads DuckDB may use."""
    return int(one_value(connection, "select current_setting('threads')"))


def sibling(connection: DuckDBPyConnection) -> DuckDBPyConnection:
    """Another connection to the same databases, with the same current one; temporary objects are not shared."""
    database = one_value(connection, "select current_database()")
    cursor = connection.cursor()
    cursor.execute(f"use {ident(database)}")
    return cursor
