"""Files that are tables, of exports and returned worklists, to rows of text. Only for the process that reads apart
(landing/reading.py): each takes a request and the bytes, and yields frames."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from pipelines.landing import sheets, typed
from pipelines.landing.frames import Fed, Unpacked, Unreadable

# The most cells, or characters, in one frame.
MOST_CELLS_AT_ONCE, MOST_CHARACTERS_AT_ONCE = 50_000, 4_000_000


def sheet_of(order: dict, content: io.BufferedReader[Fed]) -> Iterator[tuple[bytes, Any]]:
    """A worksheet's headers, its first row that is not blank, and the rows after them, as their columns write them."""
    data = content.read()
    if not data:
        yield b"D", {"lines": 0}
        return
    forms = {header: sheets.Form(*form) for header, form in order["forms"].items()}
    default, line = sheets.Form(), 0
    columns: list[sheets.Form] = []

    def written() -> Iterator[list]:
        for number, row in numbered:
            yield [
                number,
                *(
                    cell if cell.__class__ is str else sheets.text(cell, form)
                    for cell, form in zip(row, columns, strict=True)
                ),
            ]

    with translated():
        book = sheets.workbook(data)
        name = order["sheet"]
        if name and name not in book.sheet_names:
            raise Unreadable("sheet")
        numbered = sheets.rows(book.get_sheet_by_name(name) if name else book.get_sheet_by_index(0))
        numbered = within(numbered, order["range"])
        rows_of_text = ((line, [sheets.text(cell, default) for cell in row]) for line, row in numbered)
        if order["header_rows"]:
            line, cells = header(rows_of_text, order["begin"], order["header_rows"])
        else:
            numbered = (row for row in numbered if row[0] > order["begin"])
            first = next(numbered, None)
            numbered = chain([first] if first else [], numbered)
            line, cells = (first[0] - 1, padded(order["headers"], len(first[1]))) if first else (line, [])
        if cells:
            columns = [forms.get(" ".join(cell.split()), default) for cell in cells]
            yield b"H", {"line": line, "cells": cells}
            for rows in portions(written()):
                line = rows[-1][0]
                yield b"R", rows
    yield b"D", {"lines": line}


def typed_of(order: dict, content: io.BufferedReader[Fed]) -> Iterator[tuple[bytes, Any]]:
    """The names of the columns of a Parquet file or of JSON lines, then the rows, numbered from 1."""
    data = Unpacked(content).whole() if order["gzip"] else content.read()
    line = 0
    try:
        rows = {"parquet": typed.parquet, "jsonl": typed.json_lines}[order["kind"]](data) if data else iter(())
        names = [str(name) for name in next(rows, [])]
        if names:
            forms = {header: sheets.Form(*form) for header, form in order["forms"].items()}
            columns = [forms.get(" ".join(name.split()), sheets.Form()) for name in names]
            yield b"H", {"line": 0, "cells": names}
            written = (
                [number, *(typed.text(cell, form) for cell, form in zip(row, columns, strict=True))]
                for number, row in enumerate(rows, 1)
            )
            for some in portions(written):
                line = some[-1][0]
                yield b"R", some
    except typed.Unfit as fault:
        raise Unreadable(str(fault)) from None
    yield b"D", {"lines": line}


def within(numbered: Iterator[tuple[int, list]], cells: list[int] | None) -> Iterator[tuple[int, list]]:
    """The rows of a range of cells (first and last row, first and last column), with their row numbers in the sheet."""
    for line, row in numbered:
        if not cells:
            yield line, row
        elif cells[0] <= line <= cells[1]:
            yield line, padded(row[cells[2] - 1 : cells[3]], cells[3] - cells[2] + 1)


def padded(cells: list, width: int) -> list:
    """Pads the cells to the width of a row."""
    return (cells + [""] * width)[:width]


def header(numbered: Iterator[tuple[int, list[str]]], begin: int, count: int) -> tuple[int, list[str]]:
    """The last row of the headers and their cells, from the first non-blank row after `begin`: several header rows are
    joined cell by cell. No cells if there is none."""
    found: list[list[str]] = []
    line = 0
    for line, cells in numbered:
        if line > begin and (found or any(cell.strip() for cell in cells)):
            found.append(cells)
        if len(found) == count:
            return line, [" ".join(parts).strip() if count > 1 else parts[0] for parts in zip(*found, strict=True)]
    return line, []


def worklist_of(order: dict, content: io.BufferedReader[Fed]) -> Iterator[tuple[bytes, Any]]:
    """The rows of a worklist: of the first sheet with a row that has the required headers, or of a text; else none."""
    data = content.read()
    needed = set(order["needed"])
    tables = sheets_of(data) if data[:2] == b"PK" else [text_of(data)]
    for table in tables:
        if any(needed <= {cell.strip() for cell in row} for row in table):
            for rows in portions(table):
                yield b"R", rows
            break
    yield b"D", {}


def sheets_of(data: bytes) -> Iterator[list[list[str]]]:
    """Every sheet of a workbook, dates as ISO days."""
    form = sheets.Form("yyyy-MM-dd")
    with translated():
        book = sheets.workbook(data)
        for name in book.sheet_names:
            yield [
                [day(cell) or sheets.text(cell, form) for cell in row]
                for _, row in sheets.rows(book.get_sheet_by_name(name))
            ]


def day(cell: object) -> str:
    """A moment's day, '' for anything else: a keeper's "done" is a day."""
    return cell.date().isoformat() if isinstance(cell, dt.datetime) else ""


def text_of(data: bytes) -> list[list[str]]:
    """A text's rows, split at the most frequent delimiter of its first line."""
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "windows-1252"):
        with contextlib.suppress(UnicodeDecodeError):
            text = data.decode(encoding)
            break
    else:
        raise Unreadable("text")
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    try:
        return list(csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter))
    except csv.Error:
        raise Unreadable("CSV") from None


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """What a workbook's reader raises, as what the file is not. Also a panic of its own, which is no Exception."""
    try:
        yield
    except (sheets.TooLarge, MemoryError):
        raise Unreadable("small") from None
    except (Unreadable, GeneratorExit):
        raise
    except BaseException as error:
        if isinstance(error, sheets.UNREADABLE) or type(error).__name__ == "PanicException":
            raise Unreadable("workbook") from None
        raise


def portions(rows: Iterable[list]) -> Iterator[list[list]]:
    """The rows, in batches of one frame."""
    held: list[list] = []
    cells = characters = 0
    for row in rows:
        held.append(row)
        cells += len(row)
        characters += sum(map(len, row[1:]))
        if cells > MOST_CELLS_AT_ONCE or characters > MOST_CHARACTERS_AT_ONCE:
            yield held
            held, cells, characters = [], 0, 0
    if held:
        yield held
