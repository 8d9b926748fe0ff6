"""SQL conditions in a file of the expectations: one expression over one dataset's columns, and nothing else.

`applies`, `held_while.where`, `ended_when`, `access.own` and `access.organisation` become a `Condition` when they are
read. DuckDB's own parser takes the text apart, and each piece must be on the lists below. The SQL that DuckDB later runs
is written anew from the pieces, so a bracket, a comment or a second statement in the text cannot reach it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import duckdb

from pipelines import tree
from pipelines.errors import ExpectationsError
from pipelines.expectations import growth
from pipelines.expectations.contract import FORMATS
from pipelines.home import guard, store
from pipelines.sql import ident

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.expectations.context import Context

LONGEST = 2_000
REMEDY = "write one condition on the dataset's own columns, such as `status = 'open'`"
PLAIN = {"COLUMN_REF", "CONSTANT", "PARAMETER", "COMPARISON", "CONJUNCTION", "BETWEEN", "CASE", "CAST"}
OPERATORS = {
    "OPERATOR_NOT", "OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL", "OPERATOR_COALESCE", "OPERATOR_NULLIF", "COMPARE_IN",
    "COMPARE_NOT_IN",
}  # fmt: skip
# Deterministic functions that read nothing else and are cheap.
FUNCTIONS = {
    "+", "-", "*", "/", "%", "||", "~~", "!~~", "~~*", "!~~*", "abs", "round", "floor", "ceil", "greatest", "least",
    "lower", "upper", "trim", "ltrim", "rtrim", "length", "left", "right", "substring", "substr", "replace", "concat",
    "contains", "starts_with", "prefix", "suffix", "regexp_matches", "regexp_full_match", "strip_accents",
    "year", "month", "day", "last_day", "make_date", "to_years", "to_months", "to_days",
    *("is_" + name.replace("-", "_") for name in FORMATS),
}  # fmt: skip
TYPES = {"VARCHAR", "BOOLEAN", "DATE", "TIMESTAMP", "INTEGER", "BIGINT", "DECIMAL", "DOUBLE", "INTERVAL"}


@dataclass(frozen=True)
class Condition:
    """One condition, parsed and found harmless. `columns`: those of the dataset that it names.

    Only `sql` and `text` give its text as SQL; `str()` only describes it.
    """

    columns: frozenset[str]
    _tree: dict = field(compare=False, repr=False)

    def sql(self, connection: DuckDBPyConnection, context: Context, alias: str = "") -> str:
        """The condition in brackets, with constants for its $parameters and columns qualified by the table `alias`.

        Only for a locked connection (`guard.lock`): RuntimeError for any other.
        """
        guard.demand_locked(connection)
        text = tree.unparse(connection, tree.with_constants(connection, self._of(alias), context.parameters))
        return f"({text.removeprefix('SELECT ')})"

    def text(self, connection: DuckDBPyConnection, alias: str = "") -> str:
        """The same with its $parameters kept, for a SELECT that is checked first and bound when it is evaluated."""
        node = self._of(alias)
        return f"({tree.unparse(connection, node).removeprefix('SELECT ')})"

    def _of(self, alias: str) -> dict:
        node = copy.deepcopy(self._tree)
        for item in tree.walk(node):
            if alias and item.get("class") == "COLUMN_REF":
                item["column_names"] = [alias, *item["column_names"]]
        return node


def condition(text: object, columns: Iterable[str], parameters: Iterable[str], file: Path, place: str) -> Condition:
    """The condition in a value of the expectations; ExpectationsError names what it must not contain.

    `columns`: of its dataset; `parameters`: the $names it may use.
    """

    def fail(problem: str, remedy: str = REMEDY) -> NoReturn:
        raise ExpectationsError(problem, file=file, place=place, remedy=remedy)

    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
        fail(f"is no condition of 1 to {LONGEST} characters")
    try:
        node, bare = _parsed(text)
    except (tree.NotASelect, duckdb.Error):
        fail("is not a single SQL condition")
    if node | {"select_list": []} != bare | {"select_list": []} or len(node["select_list"]) != 1:
        fail("is more than one SQL condition")
    if node["select_list"][0]["alias"]:
        fail("gives itself a name")
    for item in tree.walk(node["select_list"]):
        problem = _fault(item, set(columns), set(parameters))
        if problem:
            fail(*problem)
    named = (item["column_names"][0] for item in tree.walk(node) if item.get("class") == "COLUMN_REF")
    return Condition(frozenset(named), node)


@lru_cache(maxsize=1000)
def _parsed(text: str) -> tuple[dict, dict]:
    """The trees of a SELECT of only this text, and of an empty SELECT. Not to be modified."""
    with store.scratch() as connection:
        node, bare = (tree.parse(connection, f"select {each}\n") for each in (text, "true"))
        return node, bare


def _fault(item: dict, columns: set[str], parameters: set[str]) -> tuple[str, str] | None:
    """(problem, remedy) of one piece of an expression; None where it is allowed."""
    kind = item.get("class")
    match kind:
        case None:
            return None
        case "COLUMN_REF":
            name = ".".join(item["column_names"])
            known = ", ".join(sorted(columns))
            return (
                None if name in columns else (f"names {ident(name)}, no column of its dataset", f"known are: {known}")
            )
        case "PARAMETER":
            known = ", ".join(sorted("$" + name for name in parameters))
            wrong = item["identifier"] not in parameters
            return (f"unknown parameter ${item['identifier']}", f"known are: {known}") if wrong else None
        case "FUNCTION":
            name, plain = item["function_name"], not (item["schema"] or item["catalog"] or item["filter"])
            allowed = name in FUNCTIONS and plain and not item["distinct"] and not item["order_bys"]["orders"]
            if not allowed:
                return f"calls {name}", f"use only: {', '.join(sorted(FUNCTIONS))}"
            problem = growth.problem(item)
            return (problem, growth.REMEDY) if problem else None
        case "OPERATOR":
            return None if item["type"] in OPERATORS else (f"uses {item['type'].lower()}", REMEDY)
        case "CAST" if item["cast_type"]["id"] not in TYPES:
            return "converts to a type that is not allowed here", f"use one of: {', '.join(sorted(TYPES))}"
    return None if kind in PLAIN else (f"holds a {kind.lower()}", REMEDY)
