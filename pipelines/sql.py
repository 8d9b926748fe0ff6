"""SQL of the rooms, each with its own. `render(name, **values)` fills a template; `| ident` and `| literal` quote outside values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from jinja2 import Environment


def ident(name: str) -> str:
    """A quoted identifier."""
    return '"' + str(name).replace('"', '""') + '"'


def literal(value: object) -> str:
    """A quoted string constant."""
    return "'" + str(value).replace("'", "''") + "'"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(read), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    environment.filters |= {"ident": ident, "literal": literal}
    return environment


def read(name: str) -> str:
    """The text of `room/file.sql`, stored in `pipelines/room/sql/file.sql`."""
    room, _, file = name.partition("/")
    return files("pipelines").joinpath(room, "sql", file).read_text("utf-8")


def render(name: str, **values: object) -> str:
    """The SQL of template `name`; a missing value is an error."""
    return _environment().get_template(name).render(**values)


def insert(connection: DuckDBPyConnection, table: str, rows: Sequence[tuple]) -> None:
    """Inserts a few rows into a table in one statement, one list per column; executemany takes a millisecond a row."""
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        connection.execute(f"insert into {table} select {', '.join(['unnest(?)'] * len(columns))}", columns)


def run_script(connection: DuckDBPyConnection, text: str) -> None:
    """Runs every statement of a file."""
    for statement in re.split(r";[ \t]*\n", text):
        if statement.strip():
            connection.execute(statement)


def one_row(connection: DuckDBPyConnection, query: str, parameters: object = None) -> tuple[Any, ...]:
    """The single row of a query that always returns one, such as a count; LookupError if it returns none."""
    found = connection.execute(query, parameters).fetchone()
    if found is None:
        raise LookupError("a query that always gives a row gave none")
    return found


def one_value(connection: DuckDBPyConnection, query: str, parameters: object = None) -> Any:
    """The first value of a query that always returns one row."""
    return one_row(connection, query, parameters)[0]
