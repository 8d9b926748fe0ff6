"""Great Expectations over a period, in its own DuckDB: the same rules counted a second way; it must agree.

    plan.py       which checks there are: one per part of a rule and dataset
    engine.py     Great Expectations on the workbench's own connection, and what it lacks
    suites.py     checks as suites, one per dataset, run as one checkpoint
    results.py    its results without values: `results.expectations`, `results.agreement`, JSON
    lazy.py       imports put off until somebody asks
    data_docs.py  Data Docs that refer to nothing outside themselves

The only room that imports Great Expectations. That takes seconds, so importing `pipelines.checkpoint` does not.
"""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Thread

from pipelines.checkpoint import lazy


def run(connection, context, loaded, reports: Path) -> tuple[str, ...]:
    """Makes every check that this period allows; returns a sentence where it and the findings do not agree.

    Leaves `results.expectations` (a row per check) and `results.agreement` (a row per rule and dataset), and in
    `reports` the folders gx/suites, gx/validation and data-docs. None of it holds the value of a cell; same input, same
    bytes.
    """
    from pipelines.checkpoint import plan

    datasets, checks = plan.datasets(connection, loaded), plan.checks(connection, context, loaded)
    load()
    from pipelines.checkpoint import data_docs, results, suites

    made = suites.validate(connection, context.as_of, datasets, checks)
    rows = results.store(connection, checks, made)
    results.write_json(made, reports / "gx")
    data_docs.write(made, datasets, rows, context.as_of, reports / "data-docs")
    return results.disagreements(connection)


def warm() -> None:
    """Imports Great Expectations in the background, while the run waits for the database."""
    Thread(target=load, name="import of Great Expectations").start()


def load() -> None:
    """Imports Great Expectations, without what it wants for pictures and statistics that nothing here asks for."""
    with lazy.imports("scipy.stats", "altair"):
        # An optional check of jsonschema's builds grammars for seconds when it is imported.
        sys.modules.setdefault("rfc3987_syntax", None)
        from pipelines.checkpoint import data_docs  # noqa: F401
