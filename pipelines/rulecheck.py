"""Whether a rule or relation says what a rule may say, found out before any data is read.

Every SELECT is bound against an empty registry that has all datasets and columns of the contracts. What binds there and
not in a period's registry reads what that period lacks; what does not bind here is the author's mistake.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines import findings, raw, registry, retention, statements, store
from pipelines.errors import ExpectationsError
from pipelines.expectations import READABLE, Expectations
from pipelines.rules import SEVERITIES, Rule, load_rule
from pipelines.sql import ident, insert

RULE_COLUMNS = {"record_key", "dataset", "field", "customer_number", "due_on", "detail", "severity"}
# There is one source of "today", $as_of, and one answer per input.
NOT_REPEATABLE = {
    "now", "today", "current_date", "get_current_timestamp", "get_current_time", "current_timestamp", "transaction_timestamp",
    "random", "uuid", "gen_random_uuid", "setseed", "nextval",
}  # fmt: skip
ANY_DAY = dt.date(2000, 1, 1)


def check_all(expectations: Expectations) -> None:
    """Every domain rule and relation; ExpectationsError for the first that is wrong."""
    with empty_registry(expectations) as connection:
        for relation in expectations.relations:
            check_select(connection, expectations, relation.path, relation.sql, 1)
        for rule in expectations.domain_rules:
            check_rule(connection, expectations, rule)


def check_file(expectations: Expectations, path: Path) -> Rule:
    """The rule of one file, checked; ExpectationsError says what is wrong with it, where, and what to do."""
    try:
        rule = load_rule(path)
    except (OSError, UnicodeDecodeError) as error:
        raise ExpectationsError(f"cannot be read: {error}", file=path, remedy="name a text file in UTF-8") from None
    with empty_registry(expectations) as connection:
        check_rule(connection, expectations, rule)
    return rule


def check_rule(connection, expectations: Expectations, rule: Rule) -> None:
    """One SELECT, of known columns, that names its dataset."""
    node = check_select(connection, expectations, rule.path, rule.sql, rule.sql_line)
    datasets = {contract.dataset for contract in expectations.contracts}
    if rule.dataset and rule.dataset not in datasets:
        fault(rule.path, "front matter", f"no dataset {rule.dataset!r}", f"known are: {', '.join(sorted(datasets))}")
    for number, branch in enumerate(statements.branches(node), 1):
        place = f"part {number}"
        names = statements.column_names(branch)
        if "record_key" not in names:
            fault(rule.path, place, "selects no record_key", "select the record_key of the offending record")
        for name in names:
            if name not in RULE_COLUMNS:
                fault(rule.path, place, f"selects a column {name!r}", f"name it one of {', '.join(sorted(RULE_COLUMNS))}")
        if "dataset" not in names and not rule.dataset:
            fault(rule.path, place, "names no dataset", "select '<dataset>' as dataset, or add `dataset:` to the front matter")
        constant = statements.constant_column(branch, "dataset")
        if constant and constant not in datasets:
            fault(rule.path, place, f"no dataset {constant!r}", f"known are: {', '.join(sorted(datasets))}")
        severity = statements.constant_column(branch, "severity")
        if severity and severity not in SEVERITIES:
            fault(rule.path, place, f"no severity {severity!r}", f"use one of {', '.join(SEVERITIES)}")


def check_select(connection, expectations: Expectations, path: Path, sql: str, first_line: int) -> dict:
    """The syntax tree of one SELECT that reads the registry only, wants known parameters, and binds."""
    try:
        node = statements.parse(connection, sql)
    except statements.NotASelect as error:
        fault(path, f"line {first_line + error.line - 1}", f"is not a single SELECT: {error}", "write one SELECT")
    own = statements.expressions(node)
    for item in statements.walk(node):
        if item.get("type") == "BASE_TABLE":
            check_table(path, sql, first_line, item, own)
    for name in sorted(statements.table_functions(node) - {"unnest", "generate_series", "range"}):
        fault(path, line_of(sql, name, first_line), f"calls {name}() in FROM", "read the registry only")
    used = {item.get("function_name") for item in statements.walk(node) if item.get("class") == "FUNCTION"}
    for name in sorted(used & NOT_REPEATABLE):
        fault(path, line_of(sql, name, first_line), f"calls {name}()", "take the day from $as_of")
    context = findings.Context(ANY_DAY, expectations.contracts, expectations.controller)
    for name in sorted(statements.parameters(node) - context.parameters.keys()):
        known = ", ".join(sorted("$" + parameter for parameter in context.parameters))
        fault(path, line_of(sql, "$" + name, first_line), f"unknown parameter ${name}", f"known are: {known}")
    bind(connection, context, path, sql, first_line, node)
    return node


def check_table(path: Path, sql: str, first_line: int, item: dict, own: set[str]) -> None:
    """A table of the registry, or a common table expression of the SELECT's own."""
    catalog, schema, table = item["catalog_name"], item["schema_name"], item["table_name"]
    allowed = (schema in READABLE and catalog in ("", "previous")) or (not schema and not catalog and table in own)
    if not allowed:
        name = ".".join(part for part in (catalog, schema, table) if part)
        fault(path, line_of(sql, table, first_line), f"reads {name}", f"read {', '.join(READABLE)} or previous.registry only")


def bind(connection, context: findings.Context, path: Path, sql: str, first_line: int, node: dict) -> None:
    """Binds the SELECT against the empty registry; the previous period looks the same there."""
    text = re.sub(r"\bprevious\.(registry|latest)\b", r"\1", sql)
    try:
        connection.execute(f"describe {text}", findings.bound(connection, text, context))
    except duckdb.Error as error:
        message = str(error).splitlines()[0]
        match = re.search(r"LINE (\d+):", str(error))
        place = f"line {first_line + int(match[1]) - 1}" if match else f"line {first_line}"
        fault(path, place, message, "name tables and columns of the contracts, and functions of functions.sql")


def line_of(sql: str, word: str, first_line: int) -> str:
    """The line on which a word first stands."""
    position = sql.lower().find(word.lower())
    return f"line {first_line + (sql[:position].count(chr(10)) if position > 0 else 0)}"


def fault(path: Path, place: str, problem: str, remedy: str):
    """Raises the message."""
    raise ExpectationsError(problem, file=path, place=place, remedy=remedy)


@contextmanager
def empty_registry(expectations: Expectations) -> Iterator:
    """A connection to a registry with all that the contracts declare, and no rows."""
    context = findings.Context(ANY_DAY, expectations.contracts, expectations.controller)
    contracts = (*expectations.contracts, *expectations.own)
    with store.scratch() as connection:
        raw.prepare(connection)
        for contract in contracts:
            names = ", ".join(f"{ident(column.name)} varchar" for column in contract.columns)
            connection.execute(f"create table raw.{ident(contract.raw)} (file varchar, sha256 varchar, line bigint, {names})")
            insert(connection, "feed.columns", [
                (contract.system, contract.dataset, contract.file, 1, column.header, column.name, "declared") for column in contract.columns
            ])  # fmt: skip
        registry.build(connection, contracts, expectations.controller.subject)
        findings.prepare(connection, context, expectations.rules)
        retention.build(connection, context, expectations.schedule)
        expectations.build_relations(connection, context)
        yield connection
