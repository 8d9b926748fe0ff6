"""What a SELECT consists of: its branches, the tables it reads, the parameters it needs. Parsed by DuckDB itself."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pipelines.sql import literal, one_value

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Functions in FROM that read nothing external.
HARMLESS = {"unnest", "generate_series", "range"}
# What was found of SQL that comes again in every period; it is the controller's, and has no values of records.
_PARSED: dict[str, str] = {}
_UNPARSED: dict[str, str] = {}
_NAMED: dict[str, frozenset[tuple[str, str, str]]] = {}


class NotASelect(ValueError):
    """The text is not exactly one SELECT; `line` counts from its first line."""

    def __init__(self, problem: str, line: int = 1) -> None:
        super().__init__(problem)
        self.line = line


def parse(connection: DuckDBPyConnection, sql: str) -> dict:
    """The syntax tree of exactly one SELECT; NotASelect otherwise."""
    answer = json.loads(one_value(connection, "select json_serialize_sql($1)", [sql]))
    if answer["error"]:
        position = int(answer.get("position") or 0)
        raise NotASelect(answer["error_message"].splitlines()[0], sql[:position].count("\n") + 1)
    if len(answer["statements"]) != 1:
        raise NotASelect(f"{len(answer['statements'])} statements")
    return answer["statements"][0]["node"]


def parse_again(connection: DuckDBPyConnection, sql: str) -> dict:
    """The same for SQL of the expectations, which each period needs again."""
    if sql not in _PARSED:
        _PARSED[sql] = json.dumps(parse(connection, sql))
    return json.loads(_PARSED[sql])


def unparse(connection: DuckDBPyConnection, node: dict) -> str:
    """A syntax tree as SQL."""
    tree = json.dumps({"error": False, "statements": [{"node": node, "named_param_map": []}]})
    if tree not in _UNPARSED:
        _UNPARSED[tree] = str(one_value(connection, "select json_deserialize_sql($1::json)", [tree]))
    return _UNPARSED[tree]


def with_constants(connection: DuckDBPyConnection, node: dict, values: dict[str, object]) -> dict:
    """The tree with a constant for every $parameter in `values`. Quoted text stays as it is."""
    constants: dict[str, dict] = {}

    def replaced(item: Any) -> Any:
        if isinstance(item, list):
            return [replaced(each) for each in item]
        if not isinstance(item, dict):
            return item
        name = item.get("identifier")
        if item.get("class") == "PARAMETER" and name in values:
            if name not in constants:
                constants[name] = parse(connection, f"select {constant(values[name])}")["select_list"][0]
            return constants[name] | {"alias": item["alias"]}
        return {key: replaced(value) for key, value in item.items()}

    return replaced(node)


def constant(value: object) -> str:
    """A constant as SQL."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"date {literal(value)}" if isinstance(value, dt.date) else literal(value)


def tables_in_scope(item: object, scope: frozenset[str] = frozenset()) -> Iterator[tuple[dict, frozenset[str]]]:
    """Every table named, with the common table expressions (lower case) in scope at that point."""
    if isinstance(item, list):
        for each in item:
            yield from tables_in_scope(each, scope)
    if not isinstance(item, dict):
        return
    if item.get("type") == "BASE_TABLE":
        yield item, scope
    if item.get("type") == "RECURSIVE_CTE_NODE":
        scope |= {item["cte_name"].lower()}
    for entry in (item.get("cte_map") or {}).get("map") or ():
        yield from tables_in_scope(entry["value"], scope)
        scope |= {entry["key"].lower()}
    for key, value in item.items():
        if key != "cte_map":
            yield from tables_in_scope(value, scope)


def expression_names(node: dict) -> list[str]:
    """Names of all common table expressions in lower case, repeated as often as they are defined."""
    return [entry["key"].lower() for item in walk(node) if "cte_map" in item for entry in item["cte_map"]["map"]]


def describe(connection: DuckDBPyConnection, sql: str, parameters: dict | None = None) -> DuckDBPyConnection:
    """Binds one statement without running it; NotASelect if the text is more than one, or no SELECT."""
    kinds = [each.type for each in connection.extract_statements(sql)]
    if [kind.name for kind in kinds] != ["SELECT"]:
        raise NotASelect(f"{len(kinds)} statements" if len(kinds) != 1 else "no SELECT")
    return connection.execute(f"describe {sql}", parameters or {})


def branches(node: dict) -> list[dict]:
    """The SELECTs joined by a top-level UNION ALL, each with the common table expressions of the whole."""
    if (
        node["type"] != "SET_OPERATION_NODE"
        or node["setop_type"] != "UNION"
        or not node["setop_all"]
        or node["modifiers"]
    ):
        return [node]
    shared = node["cte_map"]["map"]
    found = []
    for side in (node["left"], node["right"]):
        for branch in branches(side):
            found.append({**branch, "cte_map": {"map": [*shared, *branch["cte_map"]["map"]]}})
    return [_only_used_expressions(branch) for branch in found]


def _only_used_expressions(node: dict) -> dict:
    """Drops common table expressions that this branch does not use: binding them is wasted, or fails."""
    expressions = {entry["key"]: entry for entry in node["cte_map"]["map"]}
    reached: set[str] = set()
    waiting = [{**node, "cte_map": {"map": []}}]
    while waiting:
        for _, table in tables(waiting.pop()):
            if table in expressions and table not in reached:
                reached.add(table)
                waiting.append(expressions[table]["value"])
    return {**node, "cte_map": {"map": [entry for key, entry in expressions.items() if key in reached]}}


def walk(node: object) -> Iterator[dict]:
    """Every mapping in a syntax tree."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from walk(value)


def tables(node: dict) -> set[tuple[str, str]]:
    """(schema, table) of every table named; common table expressions have an empty schema."""
    return {(item["schema_name"], item["table_name"]) for item in walk(node) if item.get("type") == "BASE_TABLE"}


def tables_named(connection: DuckDBPyConnection, sql: str) -> frozenset[tuple[str, str, str]]:
    """(catalog, schema, table) of every table that a SELECT names. Cached: most are the same in every period."""
    if sql not in _NAMED:
        _NAMED[sql] = frozenset(
            (item.get("catalog_name", ""), item["schema_name"], item["table_name"])
            for item in walk(parse_again(connection, sql))
            if item.get("type") == "BASE_TABLE"
        )
    return _NAMED[sql]


def reads(connection: DuckDBPyConnection, sql: str, relations: dict[str, str]) -> tuple[set[str], set[str]]:
    """Names of the tables and columns that a SELECT reads, directly and through shared relations."""
    node = parse_again(connection, sql)
    named = {table for _, table in tables(node)}
    columns = {name for item in walk(node) for name in item.get("column_names") or ()}
    for name in named & relations.keys():
        more = reads(connection, relations[name], relations)
        named, columns = named | more[0], columns | more[1]
    return named, columns


def table_functions(node: dict) -> set[str]:
    """Names of the functions called in FROM."""
    return {item["function"]["function_name"] for item in walk(node) if item.get("type") == "TABLE_FUNCTION"}


def lambda_parameters(node: dict) -> set[str]:
    """Names of lambda parameters, which look like columns."""
    lambdas = [item for item in walk(node) if item.get("class") == "LAMBDA"]
    return {
        item["column_names"][0] for each in lambdas for item in walk(each["lhs"]) if item.get("class") == "COLUMN_REF"
    }


def constant_column(node: dict, name: str) -> str:
    """The text constant that a branch selects under a name; empty if it selects none."""
    for item in node.get("select_list", []):
        if item.get("alias") == name and item.get("type") == "VALUE_CONSTANT":
            return str(item["value"].get("value", ""))
    return ""


def selects_all(node: dict) -> bool:
    """Whether a SELECT selects a star."""
    return any(item.get("class") == "STAR" for item in node.get("select_list", []))


def column_names(node: dict) -> list[str]:
    """The names of the columns a SELECT returns; empty for an expression without an alias."""
    return [item.get("alias") or (item.get("column_names") or [""])[-1] for item in node.get("select_list", [])]
