"""People, the rows that tell of them, and whose each row is."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter
from oracle.layouts import DATASETS
from worlds import DEFAULTS


@dataclass
class Person:
    """One person (or estate, or company) behind the rows. `who`: theirs alone; `number`: the customer number that
    they ask with, empty where they have none."""

    who: int
    surname: str
    given: str
    number: str = ""
    type: str = "H"
    is_woman: bool = False
    code: str = ""
    business_id: str = ""
    street: str = ""
    postal: str = ""
    phone: str = ""
    email: str = ""
    account: str = ""
    property_id: str = ""
    since: str = "1.1.2010"
    until: str = ""

    @property
    def name(self) -> str:
        """As billing writes it."""
        return f"{self.surname} {self.given}".strip()

    @property
    def first(self) -> str:
        return self.given.split()[0]


@dataclass(frozen=True)
class Row:
    """One line of an export. `number`: the customer number that its keys lead to; `who`: the person it is of, 0 for
    somebody who has no row of their own; `case`: why it is there; `shares`: what it has that is the person's: key
    (the customer number, or the way to it), code, name, phone, email, account, address, agreement, text (their name and
    more in free text), member (it goes with another number of theirs)."""

    dataset: str
    key: str
    line: int
    number: str
    who: int
    case: str
    shares: frozenset[str]

    @property
    def is_keyed(self) -> bool:
        """Whether the person's own number leads to it, and nothing on it is another's."""
        return "key" in self.shares

    @property
    def has_more_than_name(self) -> bool:
        return bool(self.shares - {"name"})


@dataclass
class Register:
    """Everybody, and every row in the order of its file."""

    people: list[Person] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    cells: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    connections: dict[str, str] = field(default_factory=dict)

    def add(self, dataset: str, who: int, case: str, shares: str = "", **cells: str) -> str:
        """One more row; its key. A key that is not given is the next of its dataset."""
        column = DATASETS[dataset].key
        rows = self.cells.setdefault(dataset, [])
        cells.setdefault(column, f"{dataset[:2].upper()}{len(rows) + 1}")
        rows.append(cells)
        number = cells.get("customer_number") or self.connections.get(cells.get("connection_number", ""), "")
        if dataset == "connections":
            self.connections[cells[column]] = number
        self.rows.append(Row(dataset, cells[column], len(rows) + 1, number, who, case, frozenset(shares.split())))
        return cells[column]

    def asked(self) -> Iterator[tuple[str, int]]:
        """(customer number, person) of everybody who can ask: each number once; the last row of it says whose it is."""
        yield from {person.number: person.who for person in self.people if person.number}.items()

    def of(self, who: int) -> list[Row]:
        """One person's rows."""
        return [row for row in self.rows if row.who == who]

    def write(self, folder: Path) -> Path:
        """Every export of one period."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in self.cells.items():
            layout = DATASETS[name]
            table = [[column.header for column in layout.columns]]
            table += [[row.get(c.name, _usual(c.name)) for c in layout.columns] for row in rows]
            if layout.file.endswith(".xlsx"):
                with xlsxwriter.Workbook(folder / layout.file, {"constant_memory": True}) as book:
                    book.set_properties({"created": dt.datetime(2026, 1, 1)})
                    sheet = book.add_worksheet()
                    for place, cells in enumerate(table):
                        sheet.write_row(place, 0, cells)
            else:
                with open(folder / layout.file, "w", encoding=layout.encoding, newline="") as file:
                    csv.writer(file, delimiter=layout.delimiter).writerows(table)
        return folder


# What a row that does not say so may not be given: it would join it to somebody.
_NEVER = {"customer_number", "connection_number", "name", "street_address", "postal_code", "city"}


def _usual(column: str) -> str:
    return "" if column in _NEVER else DEFAULTS.get(column, "")
