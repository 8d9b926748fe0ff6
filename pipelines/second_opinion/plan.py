"""Which checks to make: the parts of every rule, each on one dataset. Independent of Great Expectations."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from pipelines import tree
from pipelines.expectations.rule import FRONT_MATTER, Part, Rule
from pipelines.registry import build as registry
from pipelines.sql import ident, literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.expectations.context import Context
    from pipelines.expectations.load import Expectations

# Ids of expectations and suites are derived from their names within this namespace.
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "rekisterivahti")


@dataclass(frozen=True)
class Dataset:
    """The subject of a suite. `declared`: the contract's columns; `is_present`: whether this period has the export."""

    name: str
    system: str
    file: str
    declared: tuple[str, ...]
    is_present: bool

    @property
    def feed_query(self) -> str:
        """What can be checked of a missing export: one row, its line in the feed."""
        return f"select * from feed.files where dataset = {literal(self.name)}"


@dataclass(frozen=True)
class Check:
    """One part of a rule on one dataset. `sql` returns the offending rows; None if this period lacks the data."""

    rule: Rule
    part: int
    dataset: str
    field: str
    sql: str | None

    @property
    def key(self) -> tuple[str, int, str]:
        """Unique among checks."""
        return self.rule.id, self.part, self.dataset


def datasets(connection: DuckDBPyConnection, loaded: Expectations) -> tuple[Dataset, ...]:
    """Every contract's dataset, by name."""
    present = registry.columns_present(connection)
    return tuple(
        Dataset(c.dataset, c.system, c.file, tuple(column.name for column in c.columns), c.dataset in present)
        for c in sorted(loaded.contracts, key=lambda contract: contract.dataset)
    )


def checks(
    connection: DuckDBPyConnection,
    context: Context,
    loaded: Expectations,
    parts: Iterable[Part],
    unavailable: Iterable = (),
) -> tuple[Check, ...]:
    """The checks of all rules. A part that names no single dataset spans them all: it gives one check on each.

    Reads the registry, and no results: what this period lacks the data for is determined independently here. `parts`: of every
    rule; `unavailable`: retention classes that could not be built.
    """
    lacking = {item.dataset for item in unavailable}
    names = sorted(contract.dataset for contract in loaded.contracts)
    found = []
    for part in parts:
        sql = context.bind(connection, FRONT_MATTER.sub("", part.sql, count=1).strip()) if part.sql else None
        if sql is None or not binds(connection, sql):
            found.append(Check(part.rule, part.number, part.dataset, part.field, None))
            continue
        if part.dataset:
            found.append(Check(part.rule, part.number, part.dataset, part.field, sql))
            continue
        for name in names:
            split: str | None = of_dataset(sql, name)
            if (
                name in lacking
                and part.rule.category == "retention"
                and part.rule.about == "record"
                and not connection.execute(f"{split} limit 1").fetchall()
            ):
                split = None  # if it returns rows anyway, these are checked
            found.append(Check(part.rule, part.number, name, part.field, split))
    return tuple(found)


def binds(connection: DuckDBPyConnection, sql: str) -> bool:
    """Whether this period has what a SELECT reads."""
    try:
        tree.describe(connection, sql)
    except (duckdb.BinderException, duckdb.CatalogException):
        return False
    return True


def of_dataset(sql: str, dataset: str) -> str:
    """The rows of one dataset, from a SELECT that spans several."""
    return f"select * from (\n{sql}\n) as spanning where {ident('dataset')} = {literal(dataset)}"


def derived_id(*names: object) -> str:
    """An id that is the same in every run."""
    return str(uuid.uuid5(NAMESPACE, "/".join(str(name) for name in names)))
