"""Checks rules and relations before any data is read.

Every SELECT is bound against an empty registry that has all datasets and columns of the contracts. One that binds there
but not in a period's registry needs data that the period lacks; one that does not bind here is the author's mistake.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import duckdb

from pipelines import tree
from pipelines.errors import ExpectationsError
from pipelines.expectations import growth
from pipelines.expectations.context import Context
from pipelines.expectations.load import Expectations
from pipelines.expectations.rule import SEVERITIES, Rule, load_rule
from pipelines.home import guard, store
from pipelines.known import beside
from pipelines.landing import land as raw
from pipelines.registry import build as registry
from pipelines.rules import findings, relations, retention
from pipelines.rules.relations import READABLE
from pipelines.sentence import Sentence
from pipelines.sql import ident, insert

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

RULE_COLUMNS = {"record_key", "dataset", "field", "customer_number", "due_on", "detail", "severity"}
# There is one source of "today", $as_of, and one answer per input.
NOT_REPEATABLE = {
    "now", "today", "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "get_current_timestamp",
    "get_current_time", "transaction_timestamp", "ago", "random", "uuid", "gen_random_uuid", "setseed", "nextval",
    "current_localtime", "current_localtimestamp",
}  # fmt: skip
# These read or write the session instead of the records.
OF_THE_SESSION = {
    "current_setting", "getvariable", "getenv", "write_log", "sleep_ms", "stats", "current_query", "user",
    "current_user", "session_user", "current_role", "current_catalog", "current_schema",
}  # fmt: skip
# DuckDB calls it inconsistent, as it may raise; a rule may.
ALLOWED_TO_CHANGE = {"error"}
ANY_DAY = dt.date(2000, 1, 1)


def check_all(expectations: Expectations) -> None:
    """Checks every domain rule and relation; ExpectationsError for the first that is wrong."""
    with empty_registry(expectations) as connection:
        for relation in expectations.relations:
            check_select(connection, expectations, relation.path, relation.sql, 1)
        for rule in expectations.domain_rules:
            check_rule(connection, expectations, rule)


def check_file(expectations: Expectations, path: Path) -> Rule:
    """The rule in one file, checked; ExpectationsError says what is wrong, where, and what to do."""
    if not path.is_file():
        raise ExpectationsError(
            "cannot be read: there is no such file",
            file=path,
            remedy=Sentence("name a text file in UTF-8%(beside)s", beside=beside(path)),
        )
    rule = load_rule(path)
    with empty_registry(expectations) as connection:
        check_rule(connection, expectations, rule)
    return rule


def check_rule(connection: DuckDBPyConnection, expectations: Expectations, rule: Rule) -> None:
    """Checks for one SELECT, of known columns, that names its dataset."""
    node = check_select(connection, expectations, rule.path, rule.sql, rule.sql_line)
    datasets = {contract.dataset for contract in expectations.contracts}
    if rule.dataset and rule.dataset not in datasets:
        fault(rule.path, "front matter", f"no dataset {rule.dataset!r}", f"known are: {', '.join(sorted(datasets))}")
    for number, branch in enumerate(tree.branches(node), 1):
        place = f"part {number}"
        names = tree.column_names(branch)
        if "record_key" not in names:
            fault(rule.path, place, "selects no record_key", "select the record_key of the offending record")
        for name in names:
            if name not in RULE_COLUMNS:
                fault(
                    rule.path, place, f"selects a column {name!r}", f"name it one of {', '.join(sorted(RULE_COLUMNS))}"
                )
        if "dataset" not in names and not rule.dataset:
            fault(
                rule.path,
                place,
                "names no dataset",
                "select '<dataset>' as dataset, or add `dataset:` to the front matter",
            )
        constant = tree.constant_column(branch, "dataset")
        if constant and constant not in datasets:
            fault(rule.path, place, f"no dataset {constant!r}", f"known are: {', '.join(sorted(datasets))}")
        severity = tree.constant_column(branch, "severity")
        if severity and severity not in SEVERITIES:
            fault(rule.path, place, f"no severity {severity!r}", f"use one of {', '.join(SEVERITIES)}")


def of_any_day(expectations: Expectations) -> Context:
    """What a rule is bound with when there is no period."""
    return Context(ANY_DAY, expectations.contracts, expectations.controller)


def check_select(
    connection: DuckDBPyConnection, expectations: Expectations, path: Path, sql: str, first_line: int
) -> dict:
    """The syntax tree of one SELECT that reads only the registry, uses known parameters, and binds."""
    try:
        node = tree.parse(connection, sql)
    except tree.NotASelect as error:
        fault(path, f"line {first_line + error.line - 1}", f"is not a single SELECT: {error}", "write one SELECT")
    context = of_any_day(expectations)
    check_names(path, first_line, node)
    for item, scope in tree.tables_in_scope(node):
        check_table(path, place_of(sql, item, first_line), item, scope)
    local, restless = tree.lambda_parameters(node), changing()
    for item in tree.walk(node):
        place = place_of(sql, item, first_line)
        called = (item.get("function_name") or ".".join(item.get("column_names") or ())).lower()
        if item.get("type") == "TABLE_FUNCTION" and item["function"]["function_name"] not in tree.HARMLESS:
            fault(path, place, f"calls {item['function']['function_name']}() in FROM", "read the registry only")
        elif item.get("class") == "PARAMETER" and item["identifier"] not in context.parameters:
            known = ", ".join(sorted("$" + parameter for parameter in context.parameters))
            fault(path, place, f"unknown parameter ${item['identifier']}", f"known are: {known}")
        elif item.get("class") == "SUBQUERY":
            check_subquery(path, sql, first_line, item, local)
        elif item.get("type") == "JOIN" and item["right"].get("type") == "SUBQUERY":
            check_subquery(path, sql, first_line, item["right"], local)
        elif item.get("type") == "SHOW_REF":
            fault(path, place, "describes what there is", "read the registry only")
        elif called in NOT_REPEATABLE or (called == "age" and len(item.get("children", "no")) < 2):
            fault(path, place, f"calls {called}", "take the day from $as_of")
        elif item.get("sample"):
            fault(path, place, "looks at a sample", "look at every record")
        elif growth.problem(item):
            fault(path, place, growth.problem(item), growth.REMEDY)
        elif called in OF_THE_SESSION or (
            item.get("function_name") and (called in restless or called.startswith("pg_"))
        ):
            fault(path, place, f"calls {called}", "read the records only")
    bind(connection, context, path, sql, first_line)
    return node


@cache
def changing() -> set[str]:
    """Functions that DuckDB does not call consistent: their result depends on more than their arguments."""
    with store.scratch() as connection:
        rows = connection.execute(
            "select function_name from duckdb_functions() where stability <> 'CONSISTENT'"
        ).fetchall()
    return {name for (name,) in rows} - ALLOWED_TO_CHANGE


@cache
def of_the_catalogue() -> set[str]:
    """Names of DuckDB's own views."""
    with store.scratch() as connection:
        rows = connection.execute("select view_name from duckdb_views() where internal").fetchall()
    return {name for (name,) in rows}


def check_names(path: Path, first_line: int, node: dict) -> None:
    """Checks that every common table expression has a unique name: parts are taken out of their SELECT one by one, and a
    name that is repeated, or is one of DuckDB's, could mean another table there."""
    names = tree.expression_names(node)
    for name in sorted({name for name in names if names.count(name) > 1 or name in of_the_catalogue()}):
        problem = f"calls something {name!r} that has this name already"
        fault(path, f"line {first_line}", problem, "give every `with` a name of its own")


def check_table(path: Path, place: str, item: dict, scope: frozenset[str]) -> None:
    """Checks for a table of the registry, or a common table expression in scope."""
    catalog, schema, table = item["catalog_name"], item["schema_name"], item["table_name"]
    allowed = (schema in READABLE and catalog in ("", "previous")) or (
        not schema and not catalog and table.lower() in scope
    )
    if not allowed:
        name = ".".join(part for part in (catalog, schema, table) if part)
        fault(path, place, f"reads {name}", f"read {', '.join(READABLE)} or previous.registry only")


def check_subquery(path: Path, sql: str, first_line: int, item: dict, local: set[str]) -> None:
    """Checks that every column is qualified by its table: if the export lacked it, it would silently resolve outside the subquery."""
    if not {schema for schema, _ in tree.tables(item["subquery"])} & {"registry", "latest"}:
        return
    for column in tree.walk(item["subquery"]):
        names = column.get("column_names") or []
        if column.get("class") == "COLUMN_REF" and len(names) == 1 and names[0] not in local:
            problem = f"column {names[0]} in a subquery is named without its table"
            fault(path, place_of(sql, column, first_line), problem, f"write `table.{names[0]}`")


def bind(connection: DuckDBPyConnection, context: Context, path: Path, sql: str, first_line: int) -> None:
    """Binds the SELECT against the empty registry; the previous period looks the same there."""
    text = re.sub(r"\bprevious\.(registry|latest)\b", r"\1", sql)
    try:
        guard.demand_locked(connection)
        tree.describe(connection, text, findings.bound(connection, text, context))
    except duckdb.Error as error:
        message = str(error).splitlines()[0]
        match = re.search(r"LINE (\d+):", str(error))
        place = f"line {first_line + int(match[1]) - 1}" if match else f"line {first_line}"
        fault(path, place, message, "name tables and columns of the contracts, and functions of registry/functions.sql")


def place_of(sql: str, item: dict, first_line: int) -> str:
    """The line on which a piece of the syntax tree begins. The parser counts bytes, and forgets where parameters are."""
    text = sql.encode()
    start = text.find(f"${item['identifier']}".encode()) if "identifier" in item else item.get("query_location", 0)
    return f"line {first_line + text[:start].count(10)}"


def fault(path: Path, place: str, problem: str, remedy: str) -> NoReturn:
    """Raises the message."""
    raise ExpectationsError(problem, file=path, place=place, remedy=remedy)


@contextmanager
def empty_registry(expectations: Expectations) -> Iterator:
    """A connection to a registry with everything that the contracts declare, and no rows."""
    context = of_any_day(expectations)
    contracts = (*expectations.contracts, *expectations.own)
    with store.scratch() as connection:
        raw.prepare(connection)
        for contract in contracts:
            names = ", ".join(f"{ident(column.name)} varchar" for column in contract.columns)
            connection.execute(
                f"create table raw.{ident(contract.raw)} (file varchar, sha256 varchar, line bigint, {names})"
            )
            insert(
                connection,
                "feed.columns",
                [
                    (contract.system, contract.dataset, contract.file, 1, column.header, column.name, "declared")
                    for column in contract.columns
                ],
            )
        registry.build(connection, contracts, expectations.controller.subject, expectations.controller.country)
        guard.lock(connection)  # before binding anything from a file of the expectations
        findings.prepare(connection, context, expectations.rules)
        retention.build(connection, context, expectations.schedule)
        relations.build(connection, context, expectations.relations)
        yield connection
