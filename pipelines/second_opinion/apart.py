"""Great Expectations in its own process, over a copy of the period's database.

It is pure Python: in this process it would compete with all other Python code, and it takes seconds to import. On small
registries, which are most, that is most of the run's time. On large ones DuckDB takes the time, which a thread can use as
well and without a copy.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import pickle
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import IO, TYPE_CHECKING, Any

from pipelines.child import Child
from pipelines.errors import line_of
from pipelines.home import keys, store
from pipelines.home.guard import lock
from pipelines.rules.relations import READABLE
from pipelines.second_opinion.opinion import load, look
from pipelines.sql import ident

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# The largest exports, in bytes, for which the period is copied, some 200,000 rows; 0: never. Copying these takes 0.6 s.
MOST_BYTES = 20_000_000
# How it looks from here when the process has died.
GONE = (EOFError, BrokenPipeError)
# The tables whose rows a rule can read: those of schemas $1 for domain rules; one built-in rule reads rejected rows.
COPIED = (
    "select schema_name, table_name from duckdb_tables() where database_name = 'period' and"
    " (list_contains($1::varchar[], schema_name) or (schema_name = 'raw' and table_name = 'rejected_rows')) order by all"
)
# The databases of a run that a rule can read, each under its name there.
NAMES = ("period", "previous")


@dataclass(frozen=True)
class Job:
    """The job for the process. `databases`: paths by the name to attach them under; `work`: the arguments of `look`
    after a connection."""

    home: store.Home
    key: str
    databases: dict[str, Path]
    work: tuple


def fits(home: store.Home, exports: Path) -> bool:
    """Whether a copy is cheap, and the user's limits on memory or threads leave room for two processes."""
    if home.memory or home.threads == 1 or not MOST_BYTES:
        return False
    try:
        return sum(path.stat().st_size for path in exports.iterdir() if path.is_file()) <= MOST_BYTES
    except OSError:  # whoever reads the folder next reports what is wrong with it
        return False


class Apart:
    """The checks of one period while the caller goes on: `with Apart(...) as other`; `other.result()` waits for their rows,
    `other.finish()` for the files. If the process was killed from outside, both are done here: only time is lost."""

    def __init__(self, connection: DuckDBPyConnection, home: store.Home, work: tuple) -> None:
        self.connection, self.home, self.work = connection, home, work
        self.rows: list | None = None
        self.write: Callable[[], None] | None = None

    def __enter__(self) -> Apart:
        attached = dict(self.connection.execute("select database_name, path from duckdb_databases()").fetchall())
        self.connection.execute("copy from database period to apart (schema)")
        for schema, table in self.connection.execute(COPIED, [list(READABLE)]).fetchall():
            name = f"{ident(schema)}.{ident(table)}"
            self.connection.execute(f"insert into apart.{name} from period.{name}")
        self.connection.execute("detach apart")
        databases = {name: Path(attached[name]) for name in NAMES if name in attached} | {
            "period": Path(attached["apart"])
        }
        self.helper = start()
        self.helper.send(Job(self.home, keys.key(self.home), databases, self.work))
        return self

    def result(self) -> list:
        """The rows of `results.expectations`; raises what the process raised."""
        if self.rows is None:
            try:
                self.rows = self.helper.answer()
            except GONE:
                self.rows, self.write = self._here()
        return self.rows or []

    def finish(self) -> None:
        """Waits until everything is written."""
        self.result()
        if self.write is None:
            try:
                self.helper.answer()
                return
            except GONE:
                _, self.write = self._here()
        self.write()

    def _here(self) -> tuple[list, Callable[[], None]]:
        return look(self.connection, *self.work)

    def __exit__(self, kind: type[BaseException] | None, error: object, traceback: object) -> None:
        if kind:  # it may still be working, and the result is no longer needed
            self.helper.end()


class Helper(Child):
    """The process, seen from this one."""

    def __init__(self) -> None:
        super().__init__(__name__)

    def send(self, job: Job) -> None:
        """Sends it work; if it has died, that shows when the answer is read."""
        with contextlib.suppress(BrokenPipeError):
            pickle.dump(job, self.stdin)
            self.stdin.flush()

    def answer(self) -> Any:
        """The result of the work."""
        outcome, error = pickle.load(self.stdout)
        if error:
            raise error
        return outcome


_helpers: list[Helper] = []


def start() -> Helper:
    """The process, started now if it is not running: it does its imports while the caller does other things."""
    if not (_helpers and _helpers[0].is_there):
        _helpers[:] = [Helper()]
    return _helpers[0]


@atexit.register
def stop() -> None:
    """Ends the process, if it is running: it takes some 290 MiB."""
    for helper in _helpers:
        helper.end()
    _helpers.clear()


def work(job: Job) -> Iterator[list | None]:
    """One job, in the process: yields the rows, then None when everything is written."""
    own = job.home.tmp / "apart"
    own.mkdir(exist_ok=True)
    tempfile.tempdir = str(own)  # for Great Expectations, which makes folders there
    with contextlib.ExitStack() as stack:
        connection = store.connect(job.home, own)
        stack.callback(store.close, connection)
        connection.execute("set threads = 1")
        for name, path in job.databases.items():
            store.attach(connection, job.home, path, name, read_only=True, key=job.key)
        lock(connection)
        connection.execute("use period")
        rows, write = look(connection, *job.work)
        yield rows
        write()
        yield None


def serve() -> None:
    """Runs the jobs from standard input and writes their results, until the input ends: then it exits at once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the waiting process
    jobs: SimpleQueue = SimpleQueue()
    put_out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # other output must not get into the answers

    def take_in() -> None:
        try:
            while True:
                jobs.put(pickle.load(sys.stdin.buffer))
        except BaseException:
            os._exit(0)

    Thread(target=take_in, name="jobs", daemon=True).start()
    gc.disable()  # Great Expectations makes so many objects that collecting cycles takes a tenth of the time
    load()
    gc.freeze()
    while True:
        gc.collect()
        try:
            for said in work(jobs.get()):
                answer(put_out, said, None)
        except Exception as error:
            error.line_of_ours = line_of(error)  # type: ignore[attr-defined]
            if os.environ.get("VAHTI_DEBUG"):  # elsewhere it could quote values
                error.add_note(traceback.format_exc())
            answer(put_out, None, error)


def answer(put_out: IO[bytes], outcome: object, error: Exception | None) -> None:
    """Writes a job's result; for an error that cannot be pickled, its class."""
    try:
        said = pickle.dumps((outcome, error))
    except Exception:
        said = pickle.dumps((None, RuntimeError(type(error).__name__)))
    put_out.write(said)
    put_out.flush()


if __name__ == "__main__":
    serve()
