"""The process that reads untrusted files: exports and returned worklists. It receives bytes and returns text.

It opens nothing: the bytes come through its standard input, and before the first of them it gives up files, network and
other programs for good (pipelines/sandbox.py). It knows no key and no path. A file that kills it counts as unreadable.

Both directions use frames: a letter, a length, that many bytes. In: a request as JSON (`J`), the file's bytes (`B`), their
end (`E`). Out: pieces of lines (`P`), headers (`H`), rows (`R`), then either the result (`D`) or the refusal (`F`); all
but `P` are JSON.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import json
import os
import struct
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO, Any

# Codecs that contracts, Python's zipfile and worklists may need: a codec is a file, and files are given up.
ENCODINGS = (
    "utf-8", "utf-8-sig", "ascii", "windows-1252", "iso-8859-1", "iso-8859-15", "cp437", "cp850", "mac_roman",
    "windows-1250", "windows-1251", "windows-1257", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be",
)  # fmt: skip
HEAD = struct.Struct("<cQ")
# The most cells, or characters, in one frame.
MOST_CELLS_AT_ONCE, MOST_CHARACTERS_AT_ONCE = 50_000, 4_000_000


def write(out: IO[bytes], kind: bytes, said: bytes = b"") -> None:
    """Writes one frame."""
    out.write(HEAD.pack(kind, len(said)))
    out.write(said)


def read(source: IO[bytes]) -> tuple[bytes, int]:
    """The letter and length of the next frame; EOFError if there is none."""
    head = source.read(HEAD.size)
    if len(head) < HEAD.size:
        raise EOFError
    kind, length = HEAD.unpack(head)
    return kind, length


class Fed(io.RawIOBase):
    """The file's bytes from their frames."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.left, self.ended = source, 0, False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.left and not self.ended:
            kind, self.left = read(self.source)
            self.ended = kind == b"E"
        chunk = self.source.read(min(self.left, len(buffer)))
        self.left -= len(chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)


class Unreadable(Exception):
    """What the file is not: `workbook`, `sheet`, `text`, `CSV`; or `small`."""


def lines_of(order: dict, content: io.BufferedReader[Fed]) -> Iterator[tuple[bytes, Any]]:
    """The lines of a delimited file, in pieces."""
    from pathlib import Path  # only in the reading process

    from pipelines.landing import lines  # only in the reading process

    source = lines.Source(Path())
    for piece in lines.pieces(source, order["encoding"], content, order["line_end"].encode(), order["size"]):
        yield b"P", piece
    seen = vars(source.seen) | {name: vars(source.seen)[name].decode("latin-1") for name in ("head", "sample")}
    told = {"lines": source.lines, "pairs": source.pairs, "replaced": sorted(source.replaced)}
    yield b"D", told | {"seen": seen}


def sheet_of(order: dict, content: io.BufferedReader[Fed]) -> Iterator[tuple[bytes, Any]]:
    """A worksheet's headers, its first non-blank row, and the rows after them, as their columns write them."""
    from pipelines.landing import sheets  # only in the reading process

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
    from pipelines.landing import sheets  # only in the reading process

    form = sheets.Form("yyyy-MM-dd")
    with translated():
        book = sheets.workbook(data)
        for name in book.sheet_names:
            yield [
                [day(cell) or sheets.text(cell, form) for cell in row]
                for _, row in sheets.rows(book.get_sheet_by_name(name))
            ]


def day(cell: object) -> str:
    """The day of a date and time, '' for anything else: a keeper's "done" is a day."""
    import datetime as dt  # only in the reading process

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
    """Maps what a workbook reader raises to what the file is not. Includes its panics, which are no Exception."""
    from pipelines.landing import sheets  # only in the reading process

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


def limits_of(order: dict, content: io.BufferedReader[Fed]) -> Iterator[tuple[bytes, Any]]:
    """What this process gave up."""
    yield b"D", order["limits"]


WORK = {"lines": lines_of, "sheet": sheet_of, "worklist": worklist_of, "limits": limits_of}


def answer(out: IO[bytes], order: dict, fed: Fed) -> None:
    """Answers one request completely; reads the rest of its bytes whatever the outcome."""
    content = io.BufferedReader(fed, 2**20)
    try:
        for kind, said in WORK[order["work"]](order, content):
            write(out, kind, said if kind == b"P" else json.dumps(said, ensure_ascii=False).encode())
    except (Unreadable, MemoryError) as error:
        write(out, b"F", json.dumps({"no": str(error) or "small"}).encode())
    while content.read(2**20):
        pass
    out.flush()


def serve() -> None:
    """Answers requests until the input ends. Everything a request could need is imported before."""
    import signal  # also needed
    import sys

    from pipelines import sandbox  # as above
    from pipelines.landing import lines, sheets  # noqa: F401

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the waiting process
    for encoding in ENCODINGS:
        codecs.lookup(encoding)
    source, out = (
        os.fdopen(os.dup(sys.stdin.fileno()), "rb", 2**16),
        os.fdopen(os.dup(sys.stdout.fileno()), "wb", 2**16),
    )
    limits = sandbox.enter(int(sys.argv[1]))
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            _, length = read(source)
            order = json.loads(source.read(length))
            answer(out, order | {"limits": limits}, Fed(source))
    os._exit(0)


if __name__ == "__main__":
    serve()
