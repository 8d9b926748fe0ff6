"""Exports and returned worklists read in another process (landing/reading.py); if it dies, the file counts as unreadable.

A malicious file can make a parser take all memory, run for ever, or execute what it should only read. Here that
happens where there is no key, no file and no network. The child returns text, never objects.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator
from functools import partial
from threading import Lock
from typing import IO, Any

from pipelines.errors import ExportsError
from pipelines.expectations.contract import Column, Contract
from pipelines.landing import frames, lines
from pipelines.landing.encodings import Seen
from pipelines.landing.lines import Source, decoded, is_cut_by_bytes, line_end, opened
from pipelines.landing.reader import ENDED, LARGE, MOST_BYTES, SLOW, STATUSES, NotSo, Reader, Unread

__all__ = [
    "ENDED",
    "LARGE",
    "SLOW",
    "STATUSES",
    "NotSo",
    "Unread",
    "form",
    "limits",
    "pieces",
    "rows",
    "start",
    "stop",
    "worklist",
]


def pieces(source: Source, encoding: str, is_packed: bool = False) -> Iterator[bytes]:
    """The lines of a delimited file, packed by gzip or not, as UTF-8 in pieces that end at a line end; fills in `source`.

    The child knows a few of Python's encodings; text in any other is decoded before it is sent.
    """
    into = None
    order = {
        "work": "lines",
        "encoding": encoding,
        "size": lines.PIECE_BYTES,
        "gzip": is_packed,
        "line_end": "" if is_packed else line_end(source.path, encoding).decode(),
    }
    if not is_cut_by_bytes(encoding):
        order["encoding"], into = "utf-8", partial(decoded, encoding=encoding)
    with _translated(source):
        for kind, said in _answers(source, order, into=into):
            if kind == b"P":
                source.lines += said.count(b"\n")
                yield said
            else:
                source.replaced |= set(said["replaced"])
                source.lines, source.pairs = said["lines"], said["pairs"]
                seen = said["seen"]
                if into:
                    continue  # the child saw UTF-8
                source.seen = Seen(**seen | {name: seen[name].encode("latin-1") for name in ("head", "sample")})


def rows(source: Source, contract: Contract) -> Iterator[tuple[bool, Any]]:
    """A worksheet, a Parquet file or JSON lines: (True, {line, cells} of the headers), then (False, JSON of rows, line first);
    fills in `source`."""
    forms = {column.header: form(column) for column in contract.columns}
    layout = contract.layout
    order = (
        {
            "work": "sheet",
            "sheet": contract.sheet,
            "forms": forms,
            "headers": [column.header for column in contract.columns],
            "begin": max(layout.header_row - 1, layout.skip_rows),
            "header_rows": layout.header_rows,
            "range": layout.cell_range,
        }
        if contract.kind == "xlsx"
        else {"work": "typed", "kind": contract.kind, "forms": forms, "gzip": layout.is_packed}
    )
    with _translated(source, contract.sheet):
        for kind, said in _answers(source, order, MOST_BYTES):
            if kind == b"D":
                source.lines = said["lines"]
            else:
                yield kind == b"H", said


@contextlib.contextmanager
def _translated(source: Source, sheet: str | None = None) -> Iterator[None]:
    """What a file is not, as a message to the user."""
    try:
        yield
    except NotSo as fault:
        problem, remedy = _not_so(str(fault), sheet)
        raise ExportsError(problem, file=source.path.name, remedy=remedy) from None


def _not_so(fault: str, sheet: str | None) -> tuple[str, str]:
    """What is wrong with a file, and what to do."""
    what, _, where = fault.partition(" ")
    match what:
        case "sheet":
            return f"has no sheet {sheet!r}", "name the sheet as the contract does"
        case "nested":
            return "has a column with lists, objects or bytes in it", "export plain columns: one value in each cell"
        case "line":
            return f"line {where} is no JSON object of plain values", "export it again, one object a line"
        case "gzip":
            return "is not a whole gzip file", "pack it again, or leave `compression` out of its contract"
        case "file":
            return "is not a readable Parquet file", "export it again, without encryption"
    return "is not a readable XLSX workbook", "save it again as .xlsx without a password"


def form(column: Column) -> tuple[str | None, str, str, str]:
    """How a column writes native cells, as the arguments of `sheets.Form`."""
    separator = column.decimal_separator if column.type == "decimal" else ","
    yes, no = (column.true_value, column.false_value) if column.type == "boolean" else ("K", "E")
    return column.format, separator, yes, no


def worklist(source: Source, needed: tuple[str, ...]) -> list[list[str]]:
    """The rows of a worklist, from CSV or from the first sheet with the required headers; fills in `source`."""
    found = []
    for kind, said in _answers(source, {"work": "worklist", "needed": needed}, MOST_BYTES):
        if kind == b"R":
            found += json.loads(said)
    return found


def limits() -> dict[str, bool]:
    """What the reading process gave up on this system, for `vahti doctor`."""
    with _reader() as reader:
        reader.send({"work": "limits"}, iter(()))
        return reader.answer()[1]


def _answers(
    source: Source, order: dict, most: float = float("inf"), into: Callable | None = None
) -> Iterator[tuple[bytes, Any]]:
    """The child's answer about a file, frame by frame; `R` stays JSON. Computes the file's size and SHA-256 here.

    `into`: converts the bytes before they are sent.
    """
    with opened(source.path) as handle, _reader(order.get("kind") == frames.PARQUET) as reader:
        content = _hashed(source, handle)
        reader.send(order, into(_seen(source, content)) if into else content)
        reader.wait_for(source.path.stat().st_size)
        total, kind = 0, b""
        while kind != b"D":
            kind, said = reader.answer()
            total += len(said)
            if total > most:
                raise reader.give_up(LARGE)
            yield kind, said
        reader.finish()


def _hashed(source: Source, handle: IO[bytes]) -> Iterator[bytes]:
    digest = hashlib.sha256()
    while chunk := handle.read(2**20):
        digest.update(chunk)
        source.size += len(chunk)
        yield chunk
    source.sha256 = digest.hexdigest()


def _seen(source: Source, chunks: Iterator[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        source.seen.look(chunk)
        yield chunk


# Those that have nothing to do: that read everything but Parquet, and that read Parquet too.
_free: dict[bool, list[Reader]] = {False: [], True: []}
_lock = Lock()


@contextlib.contextmanager
def _reader(reads_parquet: bool = False) -> Iterator[Reader]:
    """An idle process, started now if there is none. One that stopped midway is killed."""
    with _lock:
        reader = _free[reads_parquet].pop() if _free[reads_parquet] else None
    if reader is None or not reader.is_there:
        reader = Reader(*[frames.PARQUET] * reads_parquet)
    is_free = False
    try:
        yield reader
        is_free = True
    except NotSo:
        is_free = True
        raise
    finally:
        if is_free:
            with _lock:
                _free[reads_parquet].append(reader)
        else:
            reader.end()


def start() -> None:
    """Starts a process, if there is none, which does its imports while the caller does other things."""
    with _lock:
        if not _free[False]:
            _free[False].append(Reader())


@atexit.register
def stop() -> None:
    """Ends the idle processes."""
    with _lock:
        for readers in _free.values():
            while readers:
                readers.pop().end()
