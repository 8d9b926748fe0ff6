"""`expectations/relations/*.sql`: SELECTs shared by rules, as `registry.<name>`."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines import tree
from pipelines.errors import ExpectationsError
from pipelines.expectations.load import Relation
from pipelines.home import guard
from pipelines.rules import findings
from pipelines.sql import ident

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.expectations.context import Context

# Schemas that rules and relations may read: the registry of this period and of the previous one, the last row per key,
# the controller's lists, and what is known of the feed.
READABLE = ("registry", "latest", "config", "feed")


def build(connection: DuckDBPyConnection, context: Context, relations: tuple[Relation, ...]) -> None:
    """Creates every relation that this period has the data for, in order of dependency.

    One that names its columns becomes a table, so that it is computed once and not by every rule that reads it; `select *`
    stays a view, since a table would copy a dataset. ExpectationsError for one that reads outside the registry.
    """
    guard.demand_locked(connection)
    for relation in ordered(connection, relations):
        name = f"registry.{ident(relation.name)}"
        kind = "view" if tree.selects_all(select_of(connection, relation.path, relation.sql)) else "table"
        connection.execute(f"drop {kind} if exists {name}")  # from data no longer there
        try:
            with guard.in_time(connection):
                connection.execute(f"create {kind} {name} as {context.bind(connection, relation.sql)}")
        except TimeoutError as error:
            raise ExpectationsError(str(error), file=relation.path, remedy=findings.TOO_SLOW) from None
        except (duckdb.BinderException, duckdb.CatalogException):
            continue
        except findings.REFUSED as error:
            if guard.is_damage(error):
                raise
            raise findings.not_allowed(error, relation.path) from None


def ordered(connection: DuckDBPyConnection, relations: tuple[Relation, ...]) -> list[Relation]:
    """The relations, each after those it reads."""
    by_name = {relation.name: relation for relation in relations}
    needs = {}
    for relation in relations:
        read = {table for _, table in tree.tables(select_of(connection, relation.path, relation.sql))}
        needs[relation.name] = (read & by_name.keys()) - {relation.name}
    try:
        return [by_name[name] for name in TopologicalSorter(needs).static_order()]
    except CycleError as error:
        path = by_name[error.args[1][0]].path
        raise ExpectationsError("relations read each other in a circle", file=path, remedy="break the circle") from None


def select_of(connection: DuckDBPyConnection, path: Path, sql: str, first_line: int = 1) -> dict:
    """The syntax tree of a file's SELECT; ExpectationsError names the line if it is none."""
    try:
        return tree.parse_again(connection, sql)
    except tree.NotASelect as error:
        raise ExpectationsError(
            f"is not a single SELECT: {error}",
            file=path,
            place=f"line {first_line + error.line - 1}",
            remedy="write one SELECT",
        ) from None
