"""Great Expectations in a process of its own, over a copy of the period's database.

It is Python from end to end: in this process it would take turns with everything else that Python does, and seconds are
imported before it does anything. On small registries, which are most, that is most of the time of a run. On large ones the
time goes into DuckDB, which a thread serves as well and without a copy.
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

# Bytes of exports up to which a period is copied, some 200,000 rows; 0: never. A copy of so many takes 0.6 s.
MOST_BYTES = 20_000_000
# What it looks like from here when the process has ended.
GONE = (EOFError, BrokenPipeError)
# The tables whose rows a rule may read: of domain rules, those of schemas $1; one rule of the product's own reads rejected rows.
COPIED = (
    "select schema_name, table_name from duckdb_tables() where database_name = 'period' and"
    " (list_contains($1::varchar[], schema_name) or (schema_name = 'raw' and table_name = 'rejected_rows')) order by all"
)
# The databases of a run that a rule may read, each under the name that it has there.
NAMES = ("period", "previous")


@dataclass(frozen=True)
class Job:
    """The order for the process. `databases`: paths by the name to attach them under; `work`: what `look` needs
    after a connection."""

    home: store.Home
    key: str
    databases: dict[str, Path]
    work: tuple


def fits(home: store.Home, exports: Path) -> bool:
    """Whether a copy is cheap, and the user has set no limit on memory or threads that two processes would exceed."""
    if home.memory or home.threads == 1 or not MOST_BYTES:
        return False
    try:
        return sum(path.stat().st_size for path in exports.iterdir() if path.is_file()) <= MOST_BYTES
    except OSError:  # whoever reads the folder next says what is wrong with it
        return False


class Apart:
    """The checks of one period while the caller goes on: `with Apart(...) as other`; `other.result()` waits for their rows,
    `other.finish()` for the files. Where the process was ended from outside, both are done here: nothing is lost but time."""

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
        """The rows of `results.expectations`; what the process raised is raised here."""
        if self.rows is None:
            try:
                self.rows = self.helper.answer()
            except GONE:
                self.rows, self.write = self._here()
        return self.rows or []

    def finish(self) -> None:
        """Waits until all is written."""
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
    """The process, from this one's side."""

    def __init__(self) -> None:
        super().__init__(__name__)

    def send(self, job: Job) -> None:
        """Hands it work; that it has gone shows when the answer is asked for."""
        with contextlib.suppress(BrokenPipeError):
            pickle.dump(job, self.stdin)
            self.stdin.flush()

    def answer(self) -> Any:
        """What the work came to."""
        outcome, error = pickle.load(self.stdout)
        if error:
            raise error
        return outcome


_helpers: list[Helper] = []


def start() -> Helper:
    """The process, begun now if it is not there: it imports what it needs while the caller does other things."""
    if not (_helpers and _helpers[0].is_there):
        _helpers[:] = [Helper()]
    return _helpers[0]


@atexit.register
def stop() -> None:
    """Ends the process, if it is there: it holds some 290 MiB."""
    for helper in _helpers:
        helper.end()
    _helpers.clear()


def work(job: Job) -> Iterator[list | None]:
    """One job, in the process: the rows, then None when all is written."""
    own = job.home.tmp / "apart"
    own.mkdir(exist_ok=True)
    tempfile.tempdir = str(own)  # of Great Expectations, which makes folders there
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
    """Does what comes in through standard input and puts the outcome out, until the input ends: then at once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that waits
    jobs: SimpleQueue = SimpleQueue()
    put_out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever prints must not print into the answers

    def take_in() -> None:
        try:
            while True:
                jobs.put(pickle.load(sys.stdin.buffer))
        except BaseException:
            os._exit(0)

    Thread(target=take_in, name="jobs", daemon=True).start()
    gc.disable()  # Great Expectations makes so many objects that looking for cycles among them takes a tenth of the time
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
    """Puts out what a job came to; of an error that does not travel, its class."""
    try:
        said = pickle.dumps((outcome, error))
    except Exception:
        said = pickle.dumps((None, RuntimeError(type(error).__name__)))
    put_out.write(said)
    put_out.flush()


if __name__ == "__main__":
    serve()
