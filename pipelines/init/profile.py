"""Exports landed by the workbench's own reader, every column as text, and counted column by column.

What comes out of here are counts, shapes and days beyond which nothing lies: never a value. A shape is a value with every
digit as 9 and every letter as a; values of a vocabulary that ships (yes and no, signs for nothing) are counted by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.expectations.contract import Column, Contract
from pipelines.expectations.layout import Layout
from pipelines.init import naming, shapes, words
from pipelines.init.files import Found
from pipelines.landing import land
from pipelines.registry import build as registry
from pipelines.registry import functions
from pipelines.sql import ident, literal, one_row, render

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Rows whose values are looked at for their shapes; all rows are counted.
SAMPLE_ROWS = 2_000
# Values of a column that are asked for in the numbering plan.
MOST_PHONES = 100
# Shapes that are told apart; a column with more is a text.
MOST_SHAPES = 60
# What stands for an empty cell in registers, as it is compared: in small letters.
MISSING = (
    "-", "--", "---", "?", "n/a", "na", "null", "none", "nil", "nan", "#n/a", "unknown", "not known", "ei tiedossa", "puuttuu",
    "tuntematon", "okänd", "uppgift saknas", "saknas", "ukjent", "ukendt", "teadmata", "unbekannt", "k.a.", "onbekend", "nvt", "n.v.t.",
    "inconnu", "néant", "desconocido", "nieznany", "brak", "b.d.", "xxx", ".",
)  # fmt: skip


@dataclass(frozen=True)
class ColumnProfile:
    """What is known of one column. `filled`: cells with something in them; `distinct`: different values among them.

    `looked_at`: values of the sample; `shapes`: {shape: how many of it have it}; `tests`: {name of a test: how many pass}.
    """

    header: str
    name: str
    filled: int = 0
    distinct: int = 0
    shortest: int = 0
    longest: int = 0
    looked_at: int = 0
    shapes: dict[str, int] = field(default_factory=dict)
    tests: dict[str, int] = field(default_factory=dict)

    def share(self, test: str) -> float:
        """Of the values looked at, how many pass a test."""
        return self.tests.get(test, 0) / self.looked_at if self.looked_at else 0.0


@dataclass(frozen=True)
class Table:
    """One export: how it is laid out, what it is called, and its columns. `missing`: what stands in it for an empty cell."""

    found: Found
    system: str
    dataset: str
    contract: Contract
    rows: int
    rejected: int
    columns: tuple[ColumnProfile, ...]
    missing: tuple[str, ...] = ()

    def column(self, name: str) -> ColumnProfile:
        """The column of that name; KeyError if none."""
        return {column.name: column for column in self.columns}[name]


def contract_of(found: Found, system: str, dataset: str) -> Contract:
    """The file's contract with every column as text, by which it is landed."""
    places = [place for place, header in enumerate(found.headers) if header]
    made = naming.names((found.headers[place] for place in places), "column")
    columns = tuple(
        Column(name, found.headers[place], "text", "varchar", "", key=not number)
        for number, (name, place) in enumerate(zip(made, places, strict=True))
    )
    layout = Layout(found.skip_rows, int(found.has_headers), found.quote)
    return Contract(
        found.path,
        system,
        system,
        dataset,
        "",
        "",
        found.path.name,
        found.kind,
        columns,
        encoding=found.encoding,
        delimiter=found.delimiter,
        layout=layout,
    )


def tables(
    connection: DuckDBPyConnection, found: Sequence[Found], country: str, scratch: Path
) -> tuple[list[Table], list[Found]]:
    """The exports landed and counted, and those of which no row could be read."""
    named = naming.systems([each.path.stem for each in found])
    contracts = tuple(contract_of(each, *name) for each, name in zip(found, named, strict=True))
    land.prepare(connection)
    land.land(connection, contracts, found[0].path.parent, scratch)
    functions.install(connection, country=country)
    registry.prepare_macros(connection)
    connection.execute("create temp table samples (dataset varchar, column_name varchar, value varchar, number bigint)")
    formats = functions.packs().get(country, {}).get("formats", ())
    tests = shapes.tests(formats)
    read, unread = [], []
    for each, contract in zip(found, contracts, strict=True):
        status, rows, rejected = _books(connection, contract)
        if status == "read" and rows:
            read.append(_counted(connection, each, contract, (rows, rejected)))
        else:
            unread.append(each)
    looked_at = _looked_at(connection, read, tests)
    return (_with_phones(connection, looked_at) if "phone" in formats else looked_at), unread


def _books(connection: DuckDBPyConnection, contract: Contract) -> tuple[str, int, int]:
    return one_row(
        connection,
        "select status, coalesce(rows_registered, 0), coalesce(rows_rejected, 0) from feed.files where dataset = ?",
        [contract.dataset],
    )


def _counted(connection: DuckDBPyConnection, found: Found, contract: Contract, books: tuple[int, int]) -> Table:
    """An export with its columns counted, and a sample of its rows laid into `samples`."""
    names = [column.name for column in contract.columns]
    missing = _missing(connection, contract, names, books[0])
    values = {"table": contract.raw, "dataset": contract.dataset, "names": names, "missing": missing}
    connection.execute(render("init/cells.sql", **values))
    counted = one_row(connection, render("init/counted.sql", **values))
    step = max(1, books[0] // SAMPLE_ROWS)
    connection.execute(render("init/samples.sql", step=step, **values))
    columns = tuple(
        ColumnProfile(column.header, column.name, *counted[4 * place : 4 * place + 4])
        for place, column in enumerate(contract.columns)
    )
    return Table(found, contract.system, contract.dataset, contract, *books, columns, missing)


def _looked_at(connection: DuckDBPyConnection, read: list[Table], tests: dict[str, str]) -> list[Table]:
    """The tables with the shapes of their values, and how many of these pass each test; of all samples together, for a large
    pattern takes longer to be made than to be used."""
    shapes_of: dict[tuple[str, str], dict[str, int]] = {}
    for dataset, name, shape, count in connection.execute(render("init/shapes.sql", most=MOST_SHAPES)).fetchall():
        shapes_of.setdefault((dataset, name), {})[shape] = count
    passed = {
        (dataset, name): (looked_at, dict(zip(tests, counts, strict=True)))
        for dataset, name, looked_at, *counts in connection.execute(render("init/tests.sql", tests=tests)).fetchall()
    }
    return [
        replace(
            table,
            columns=tuple(
                replace(
                    column,
                    shapes=shapes_of.get((table.dataset, column.name), {}),
                    looked_at=passed.get((table.dataset, column.name), (0, {}))[0],
                    tests=passed.get((table.dataset, column.name), (0, {}))[1],
                )
                for column in table.columns
            ),
        )
        for table in read
    ]


def _with_phones(connection: DuckDBPyConnection, read: list[Table]) -> list[Table]:
    """The tables, and of columns that may hold telephone numbers how many the country's numbering plan knows; it is asked for a few
    values only, for it takes its time."""
    likely = [(table.dataset, each.name) for table in read for each in table.columns if _may_be_phones(each)]
    if not likely:
        return read
    found = {
        (dataset, name): (known, asked)
        for dataset, name, known, asked in connection.execute(
            render("init/phones.sql", columns=likely, most=MOST_PHONES)
        ).fetchall()
    }

    def counted(dataset: str, each: ColumnProfile) -> ColumnProfile:
        known, asked = found.get((dataset, each.name), (0, 0))
        return replace(each, tests=each.tests | {"phone": round(each.looked_at * known / asked)}) if asked else each

    return [replace(table, columns=tuple(counted(table.dataset, each) for each in table.columns)) for table in read]


def _may_be_phones(each: ColumnProfile) -> bool:
    shaped = sum(each.tests.get(test, 0) for test in ("international phone", "phone with signs", "digits after 0"))
    return shaped >= 0.3 * each.looked_at > 0 or words.kind(each.header)[0] == "pd:TelephoneNumber"


def _missing(connection: DuckDBPyConnection, contract: Contract, names: list[str], rows: int) -> tuple[str, ...]:
    """The signs for nothing that stand in the sample, out of those known."""
    step = max(1, rows // SAMPLE_ROWS)
    query = render("init/missing.sql", table=contract.raw, names=names, step=step, missing=MISSING)
    return tuple(sorted(value for (value,) in connection.execute(query).fetchall()))


def cells(dataset: str) -> str:
    """The table of an export's cells, trimmed, null where there is nothing."""
    return f"temp.{ident('cells of ' + dataset)}"


def unread(connection: DuckDBPyConnection, dataset: str, column: Column) -> int:
    """How many values of a column its type does not read, by the SQL that types it."""
    parsed = registry.parse(column)
    if parsed is None:
        return 0
    query = f"select count(*) from {cells(dataset)} where {ident(column.name)} is not null and ({parsed}) is null"
    return int(one_row(connection, query)[0])


def largest_parts(connection: DuckDBPyConnection, dataset: str, name: str) -> tuple[int, int]:
    """Of days written d/M/yyyy or M/d/yyyy, the largest first and second number."""
    first, second = (
        f"max(try_cast(regexp_extract({ident(name)}, {literal(pattern)}, 1) as integer))"
        for pattern in (r"^(\d{1,2})[-/]\d{1,2}[-/]\d{4}", r"^\d{1,2}[-/](\d{1,2})[-/]\d{4}")
    )
    found = one_row(connection, f"select {first}, {second} from {cells(dataset)}")
    return found[0] or 0, found[1] or 0
