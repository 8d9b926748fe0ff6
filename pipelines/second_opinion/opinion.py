"""Makes every check of a period with Great Expectations, and keeps rows with the results."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from duckdb import DuckDBPyConnection

from pipelines.expectations.rule import Part
from pipelines.second_opinion import lazy, plan, results

if TYPE_CHECKING:
    from pipelines.expectations.context import Context
    from pipelines.expectations.load import Expectations


def look(
    connection: DuckDBPyConnection,
    context: Context,
    loaded: Expectations,
    parts: Iterable[Part],
    unavailable: Iterable,
    reports: Path,
) -> tuple[list, Callable[[], None]]:
    """Makes the checks: returns the rows of `results.expectations`, and what writes the folders in `reports`. Writes to no database.

    `parts`: of every rule, as from `rules.parts_of`.
    """
    datasets, checks = plan.datasets(connection, loaded), plan.checks(connection, context, loaded, parts, unavailable)
    load()
    from pipelines.second_opinion import data_docs, suites  # import Great Expectations, which takes seconds

    made = suites.validate(connection, context.as_of, datasets, checks)
    rows = results.rows(checks, made)

    def write() -> None:
        results.write_json(made, reports / "gx")
        data_docs.write(made, datasets, rows, context.as_of, reports / "data-docs")

    return rows, write


def keep(connection: DuckDBPyConnection, rows: list) -> tuple[str, ...]:
    """Fills `results.expectations` with the rows, and `results.agreement` from them; returns a sentence if they disagree."""
    results.store(connection, rows)
    return results.disagreements(connection)


def load() -> None:
    """Imports Great Expectations, without the parts for pictures and statistics, which are not used here."""
    with lazy.imports("scipy.stats", "altair"):
        # An optional check of jsonschema's builds grammars for seconds when imported.
        sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # as in the import system
        from pipelines.second_opinion import data_docs  # noqa: F401
