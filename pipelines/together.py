"""Independent pieces of work on one database at the same time, each on a connection of its own.

DuckDB uses all its threads only within large statements; most of ours are small, or wait for Python. Results come in the
order of the jobs, and what jobs write must not depend on which of them is done first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

from pipelines.sql import ident

# More at once would need more memory, and gain little: within a statement DuckDB has threads of its own.
MOST = 4
T = TypeVar("T")


def run(connection, jobs: Iterable[Callable[..., T]], prepare: Callable[..., None] = lambda connection: None) -> list[T]:
    """What the jobs return, in their order; each is called with a connection, `prepare`d as the caller's own was.

    What a job raises is raised here, the first one's in the order of the jobs, after those under way were broken off.
    """
    jobs = list(jobs)
    workers = min(len(jobs), MOST, threads(connection))
    if workers < 2:
        return [job(connection) for job in jobs]
    cursors = [connection, *(sibling(connection) for _ in range(workers - 1))]
    free: SimpleQueue = SimpleQueue()
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
    except BaseException:  # Ctrl-C too: nothing goes on in the background
        pool.shutdown(wait=False, cancel_futures=True)
        for cursor in cursors:
            cursor.interrupt()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        for cursor in cursors[1:]:
            cursor.close()


def threads(connection) -> int:
    """How many threads DuckDB may use."""
    return int(connection.execute("select current_setting('threads')").fetchone()[0])


def sibling(connection):
    """Another connection to the same databases, with the same one current; temporary things are not shared."""
    database = connection.execute("select current_database()").fetchone()[0]
    cursor = connection.cursor()
    cursor.execute(f"use {ident(database)}")
    return cursor
