"""Legal holds: on whom they are, which datasets they reach, and which have an unclear reach.

`registry.active_holds` has the holds in force by data subject; `registry.unclear_holds` those on an unknown person. What
such a hold may cover is never called overdue, and a rule that needs to know who is held is not evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb

from pipelines import tree
from pipelines.expectations.contract import Contract
from pipelines.expectations.rule import Part
from pipelines.registry import build as registry
from pipelines.sql import ident, literal, one_value, render, run_script

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.expectations.context import Context

CANNOT_TELL = "lacks what would tell whether a record is held"


def build(connection: DuckDBPyConnection, context: Context) -> None:
    """Creates `registry.active_holds` and `registry.unclear_holds`."""
    holds = context.controller.holds
    present = registry.columns_present(connection).get(holds.dataset, set())
    columns = {what: ident(name) for what, name in holds.columns.items() if name in present}
    run_script(
        connection,
        render(
            "rules/retention_holds.sql", dataset=holds.dataset, present=present, columns=columns, as_of=context.as_of
        ),
    )


def faults(connection: DuckDBPyConnection, context: Context) -> list[str]:
    """The faults of the legal holds, a sentence each."""
    holds = context.controller.holds
    present = registry.columns_present(connection)
    columns = {what: name for what, name in holds.columns.items() if name in present.get(holds.dataset, ())}
    dataset, key = context.controller.subject
    subjects = f"registry.{ident(dataset)}" if key in present.get(dataset, ()) else ""
    script = render(
        "rules/retention_hold_faults.sql",
        dataset=holds.dataset,
        present=present.get(holds.dataset),
        columns=columns,
        says_whom="subject" in holds.columns,
        subjects=subjects,
        key=key,
        as_of=context.as_of,
    )
    return [f"legal hold {hold}: {fault}" for hold, fault in connection.execute(script).fetchall()]


def reach(contract: Contract, table: str) -> str:
    """SQL of a table's holds that reach a dataset: those on it, on its system, or on everything."""
    system, dataset = literal(contract.system), literal(contract.dataset)
    return f"from registry.{table} as h where coalesce(h.system, {system}) = {system} and coalesce(h.dataset, {dataset}) = {dataset}"


def are_unclear(connection: DuckDBPyConnection, contract: Contract | None = None) -> bool:
    """Whether a hold on an unknown person exists, among those that reach the dataset if one is named."""
    which = reach(contract, "unclear_holds") if contract else "from registry.unclear_holds"
    return one_value(connection, f"select count(*) > 0 {which}")


def withheld(connection: DuckDBPyConnection, parts: Iterable[Part], relations: dict[str, str]) -> Iterator[Part]:
    """The parts; while a hold is unclear, one that needs to know who is held loses its SQL, to be reported as not evaluated."""
    try:
        unclear = are_unclear(connection)
    except duckdb.CatalogException:  # of checks without a period
        unclear = False
    for part in parts:
        if unclear and part.sql and "active_holds" in tree.reads(connection, part.sql, relations)[0]:
            part = replace(part, sql=None, missing=CANNOT_TELL)
        yield part
