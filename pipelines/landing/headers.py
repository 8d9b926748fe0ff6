"""The header record of a file: where it is, what its cells are called here, and whether it can be one at all.

Header text is untrusted: an undeclared column is called by its position (`column 17`) in everything that leaves the home,
and its text is kept only in `raw.undeclared_headers`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.expectations.contract import Contract
from pipelines.landing import dialect
from pipelines.landing.lines import CARRIAGE_RETURN, SEPARATOR, TOO_LONG, UNDECODABLE

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# What str.strip() takes for white space; SQL's trim() needs the list. A lone carriage return arrives as a mark.
WHITESPACE = "".join(chr(c) for c in range(0x3001) if chr(c).isspace()) + CARRIAGE_RETURN
RESTORED = str.maketrans({CARRIAGE_RETURN: "\r", SEPARATOR: "\x01", UNDECODABLE: "\ufffd", TOO_LONG: "\ufffd"})
# How many lines are searched for the header first.
FIRST_LINES = 1000
# A file with more headers than this many times its contract's columns has another delimiter than its contract says.
MOST_HEADERS = 3
# Why a whole file is refused, as in `feed.files`.
LINE_ENDS, DELIMITER = "line ends", "delimiter"
# Why a file's header was repaired.
MENDED = "delimiter in the headers"


@dataclass(frozen=True)
class Header:
    """Headers of a file up to the last non-empty one; first_line is the line after them.

    `names` have single spaces; `cells` are as in the file, trimmed, to recognise them when they recur;
    `width`: how many cells the record has, including empty ones at its end; `is_mended`: the file's own differ (mending.py).
    """

    names: tuple[str, ...]
    cells: tuple[str, ...]
    first_line: int
    width: int
    any_quoted: bool = False
    any_multi_line: bool = False
    any_doubtful: bool = False
    is_mended: bool = False


def find(connection: DuckDBPyConnection, contract: Contract, pattern: dict[str, str]) -> Header | None:
    """The first record with a non-empty cell, after the lines to be skipped. If the contract says so, several records
    joined cell by cell, or none: then the columns are the contract's, by position."""
    layout, line = contract.layout, contract.layout.skip_rows
    if not layout.header_rows:
        return unnamed(contract, line)
    records = []
    for _ in range(layout.header_rows):
        record = _next(connection, contract, pattern, line)
        if record is None:
            return None
        line = record.first_line - 1
        records.append(record)
    return joined(records)


def unnamed(contract: Contract, after: int) -> Header:
    """The columns of a file without headers, whose rows begin after `line`."""
    cells = tuple(column.header for column in contract.columns)
    return Header(cells, cells, after + 1, len(cells))


def joined(records: list[Header]) -> Header:
    """Headers of several lines: cells above each other form one name."""
    if len(records) == 1:
        return records[0]
    width = max(len(record.names) for record in records)
    rows = [[*record.names, *[""] * (width - len(record.names))] for record in records]
    names = tuple(" ".join(" ".join(parts).split()) for parts in zip(*rows, strict=True))
    return Header(names, names, records[-1].first_line, max(record.width for record in records))


def _next(connection: DuckDBPyConnection, contract: Contract, pattern: dict[str, str], after: int) -> Header | None:
    """The next record with a non-empty cell; one over several lines is joined, up to a hundred."""
    delimiter = dialect.delimiter(contract)
    rows: list[tuple] = []
    for last in (after + FIRST_LINES, None):  # nearly always among the first lines: searching all of them is slow
        rows = (
            rows
            or connection.execute(
                "select * from lines where line >= (select min(line) from lines where line > $3 and line <= coalesce($1, line)"
                " and trimmed(translate(text, $2, '')) <> '') and line <= coalesce($1 + 100, line) order by line limit 100",
                [last, delimiter + '"', after],
            ).fetchall()
        )
    whole, split = (re.compile(_for_python(pattern[name])) for name in ("whole", "split"))
    text = ""
    for line, part in rows:
        text += part or ""
        if whole.fullmatch(text):
            return named([_unquoted(cell) for cell in split.findall(delimiter + text)], line, contract)
        text += "\n"
    # A quote that is never closed: the first line, split at every delimiter.
    cells = [cell.replace('"', "") for cell in rows[0][1].split(delimiter)] if rows else []
    return named(cells, rows[0][0], contract) if rows else None


def _for_python(pattern: str) -> str:
    return re.sub(r"\\x\{(\w+)\}", lambda match: re.escape(chr(int(match[1], 16))), pattern)


def _unquoted(cell: str) -> str:
    return cell.rstrip(" \t")[1:-1].replace('""', '"') if cell.startswith('"') else cell


def named(cells: list[str], line: int, contract: Contract) -> Header | None:
    """The header record that ends on `line`; None if all its cells are empty."""
    width, cells = len(cells), [cell.strip(WHITESPACE) for cell in cells]
    while cells and not cells[-1]:
        cells.pop()
    names = tuple(" ".join(dialect.restored(contract, cell.translate(RESTORED)).split()) for cell in cells)
    return Header(names, tuple(cells), line + 1, width) if cells else None


def refusal(contract: Contract, header: Header) -> str:
    """Why the file contradicts its contract: other line ends, or another delimiter; '' if it does not."""
    if any(CARRIAGE_RETURN in cell for cell in header.cells):
        return LINE_ENDS
    return DELIMITER if len(header.names) > MOST_HEADERS * len(contract.columns) else ""


def single(text: str) -> str:
    """With single spaces, like declared headers."""
    return " ".join(text.strip(WHITESPACE).split())


@dataclass(frozen=True)
class Columns:
    """`raw`: the raw table's column names in the file's order; `feed`: rows of `feed.columns`, one per header or declared
    column; `undeclared`: rows of `raw.undeclared_headers`."""

    raw: tuple[str, ...]
    feed: tuple[tuple, ...]
    undeclared: tuple[tuple, ...]

    @property
    def has_one_too_many(self) -> bool:
        """Whether one of the headers is empty, or a fragment of a declared one."""
        missing = sum(status == "missing" for *_, status in self.feed)
        return any(not text for *_, text in self.undeclared) or len(self.undeclared) > missing > 0


def columns(contract: Contract, header: Header) -> Columns:
    """Names for the columns of a file. Positions count from 1."""
    declared = {column.header: column.name for column in contract.columns}
    place = (contract.system, contract.dataset, contract.file)
    names: list[str] = []
    feed: list[tuple] = []
    undeclared: list[tuple] = []
    for position, text in enumerate(header.names, 1):
        name = declared.pop(text, None)
        names.append(name or f"undeclared_{position}")
        if name:
            feed.append((*place, position, text, name, "declared"))
        else:
            feed.append((*place, position, f"column {position}", names[-1], "undeclared"))
            undeclared.append((*place, position, text))
    feed += [(*place, None, text, name, "missing") for text, name in declared.items()]
    return Columns(tuple(names), tuple(feed), tuple(undeclared))
