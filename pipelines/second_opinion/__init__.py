"""Great Expectations over a period, in its own DuckDB: the same rules counted a second way; the counts must agree.

For other rooms:

    apart      the work in its own process, beside the rest of the run

Within the room:

    opinion    makes every check and keeps its rows
    plan       which checks there are: one per part of a rule and dataset
    engine     Great Expectations on the workbench's own connection, and what it needs for that
    suites     checks as suites, one per dataset, run as one checkpoint
    results    its results without values: `results.expectations`, `results.agreement`, JSON
    lazy       deferred imports
    data_docs  self-contained Data Docs

The only room that imports Great Expectations. The import takes seconds, so importing `pipelines.second_opinion` avoids it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from pipelines import together
from pipelines.expectations.rule import Part
from pipelines.second_opinion import apart
from pipelines.second_opinion.opinion import keep, load, look

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.expectations.context import Context
    from pipelines.expectations.load import Expectations
    from pipelines.home.store import Home


def run(
    connection: DuckDBPyConnection,
    context: Context,
    loaded: Expectations,
    parts: Iterable[Part],
    unavailable: Iterable,
    reports: Path,
) -> tuple[str, ...]:
    """Makes every check that this period allows; returns a sentence if it and the findings disagree.

    Writes `results.expectations` (a row per check) and `results.agreement` (a row per rule and dataset), and to `reports` the
    folders gx/suites, gx/validation and data-docs. None of it contains the value of a cell; same input, same bytes.
    """
    rows, write = look(connection, context, loaded, parts, unavailable, reports)
    write()
    return keep(connection, rows)


def make_room(connection: DuckDBPyConnection, home: Home, exports: Path) -> None:
    """Leaves a processor to the other process, if `beside` will start one. Called before the configuration is locked."""
    if apart.fits(home, exports):
        connection.execute(f"set threads = {max(1, together.threads(connection) - 1)}")


@dataclass(frozen=True)
class SecondOpinion:
    """`run` beside the caller's work. `begin`: the rules have been evaluated; `result`: waits, and returns what `run` does."""

    begin: Callable[[], object]
    result: Callable[[], tuple[str, ...]]


@contextlib.contextmanager
def beside(
    connection: DuckDBPyConnection,
    home: Home,
    exports: Path,
    context: Context,
    loaded: Expectations,
    parts: Iterable[Part],
    unavailable: Iterable,
    reports: Path,
) -> Iterator[SecondOpinion]:
    """`run` while the caller goes on: in another process at once, or, for large registries, whose copy would take twice the
    memory, in a thread from `begin` on. Everything is written when the block ends.

    `exports`: the period's folder, whose size decides. `connection` has an empty database `apart` attached for the copy that
    another process reads.
    """
    work = (context, loaded, tuple(parts), tuple(unavailable), reports)
    if not apart.fits(home, exports):
        with contextlib.ExitStack() as stack:
            begun: list[together.Beside] = []

            def begin() -> None:
                begun.append(stack.enter_context(together.Beside(connection, lambda other: run(other, *work))))

            yield SecondOpinion(begin, lambda: begun[0].result())  # noqa: PLW0108  begun is set later
        return

    with apart.Apart(connection, home, work) as process:
        yield SecondOpinion(lambda: None, lambda: keep(connection, process.result()))
        process.finish()


def warm(home: Home, exports: Path) -> None:
    """Starts importing Great Expectations, where `beside` will need it: in the other process, or in a thread."""
    if apart.fits(home, exports):
        apart.start()
    else:
        Thread(target=load, name="import of Great Expectations").start()
