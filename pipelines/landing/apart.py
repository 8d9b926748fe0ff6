"""Exports and returned worklists read in another process (landing/reading.py); if it dies, the file counts as unreadable.

A malicious file can make a parser take all memory, run for ever, or execute what it should only read. Here that
happens where there is no key, no file and no network. The child returns text, never objects.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from threading import Lock, Thread, Timer
from typing import IO, Any

from pipelines.child import Child
from pipelines.errors import ExportsError
from pipelines.expectations.contract import Column, Contract
from pipelines.landing import lines, reading
from pipelines.landing.encodings import Seen
from pipelines.landing.lines import Source, decoded, is_cut_by_bytes, line_end, opened
from pipelines.sandbox import MOST_MEMORY

# Seconds to wait for the next piece of an answer. A full worksheet takes some twenty.
MOST_SECONDS = 120
# Seconds to wait for one file in all, plus some for each of its megabytes. A gigabyte of CSV takes a minute or two.
MOST_SECONDS_IN_ALL, SECONDS_A_MEGABYTE = 600, 1
# Processor seconds in the child's whole life: one that is left behind and spins comes to an end.
MOST_PROCESSOR = 3600
# The most bytes of text that a workbook or a worklist may expand to.
MOST_BYTES = 2 * 2**30
# The only environment variables that the child gets: the paths of its programs.
ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "SYSTEMROOT")
STATUSES = LARGE, SLOW, ENDED = ("too large to read", "takes too long to read", "ends its reader")


class Unread(Exception):
    """The reader of a file died or had to be killed. `status`: LARGE, SLOW or ENDED."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class NotSo(Exception):
    """A file is not of the expected kind: `workbook`, `sheet`, `text` or `CSV`."""


def pieces(source: Source, encoding: str) -> Iterator[bytes]:
    """The lines of a delimited file as UTF-8, in pieces that end at a line end; fills in `source`.

    The child knows a few of Python's encodings; text in any other is decoded before it is sent.
    """
    order = {
        "work": "lines", "encoding": encoding, "line_end": line_end(source.path, encoding).decode(), "size": lines.PIECE_BYTES,
    }  # fmt: skip
    into = None
    if not is_cut_by_bytes(encoding):
        order["encoding"], into = "utf-8", partial(decoded, encoding=encoding)
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
    """A worksheet: (True, {line, cells} of the headers), then (False, JSON of rows, line first); fills in `source`."""
    forms = {column.header: form(column) for column in contract.columns}
    layout = contract.layout
    order = {
        "work": "sheet", "sheet": contract.sheet, "forms": forms, "headers": [column.header for column in contract.columns],
        "begin": max(layout.header_row - 1, layout.skip_rows), "header_rows": layout.header_rows, "range": layout.cell_range,
    }  # fmt: skip
    try:
        for kind, said in _answers(source, order, MOST_BYTES):
            if kind == b"D":
                source.lines = said["lines"]
            else:
                yield kind == b"H", said
    except NotSo as fault:
        problem, remedy = {
            "sheet": (f"has no sheet {contract.sheet!r}", "name the sheet as the contract does"),
        }.get(str(fault), ("is not a readable XLSX workbook", "save it again as .xlsx without a password"))
        raise ExportsError(problem, file=source.path.name, remedy=remedy) from None


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
    with opened(source.path) as handle, _reader() as reader:
        content = _hashed(source, handle)
        reader.send(order, into(_seen(source, content)) if into else content)
        reader.seconds = MOST_SECONDS_IN_ALL + SECONDS_A_MEGABYTE * source.path.stat().st_size / 2**20
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


class Reader(Child):
    """The reading process, seen from this one."""

    def __init__(self) -> None:
        environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
        super().__init__(reading.__name__, environment, str(MOST_PROCESSOR))
        self.slow = self.abandoned = False
        self.seconds = float(MOST_SECONDS)  # how long its answer may still take
        self.thread: Thread | None = None
        self.fault: OSError | None = None

    def send(self, order: dict, content: Iterator[bytes]) -> None:
        """Sends a request and, while waiting for the answer, the bytes."""
        self.thread = Thread(target=self._feed, args=[order, content], name="bytes to be read", daemon=True)
        self.thread.start()

    def _feed(self, order: dict, content: Iterator[bytes]) -> None:
        there = self._write(b"J", json.dumps(order).encode())
        try:
            for chunk in content:  # to the end even if the reader stopped: the file's SHA-256 is needed
                there = there and self._write(b"B", chunk)
                if self.abandoned:
                    return
        except OSError as error:
            self.fault = error
            self.process.kill()
        if there:
            self._write(b"E")

    def _write(self, kind: bytes, said: bytes = b"") -> bool:
        try:
            reading.write(self.stdin, kind, said)
            self.stdin.flush()
            return True
        except (OSError, ValueError):  # it has died, which shows when its answer is read
            return False

    def answer(self) -> tuple[bytes, Any]:
        """The next frame, waiting at most that long; Unread if the process died, NotSo if it refused."""
        began = time.monotonic()
        timer = Timer(max(min(MOST_SECONDS, self.seconds), 0), self._too_slow)
        timer.daemon = True
        timer.start()
        try:
            kind, length = reading.read(self.stdout)
            said = self.stdout.read(length) if length <= MOST_MEMORY else b""
            if len(said) < length:  # truncated or too large: not an answer of our reader
                self.process.kill()
                raise EOFError
        except EOFError:
            raise self._why() from None
        finally:
            timer.cancel()
            self.seconds -= time.monotonic() - began
        if kind == b"F":
            self.finish()
            no = json.loads(said)["no"]
            raise Unread(LARGE) if no == "small" else NotSo(no)
        return kind, said if kind in (b"P", b"R") else json.loads(said)

    def _too_slow(self) -> None:
        self.slow = True
        self.process.kill()

    def _why(self) -> Exception:
        """Why it died."""
        self.finish()
        ended = self.process.wait()
        if self.fault:
            return self.fault
        if self.slow or ended == -getattr(signal, "SIGXCPU", 0):
            return Unread(SLOW)
        return Unread(LARGE if ended == -signal.SIGABRT else ENDED)

    def give_up(self, status: str) -> Unread:
        """Kills it, and returns why."""
        self.process.kill()
        self.finish()
        return Unread(status)

    def finish(self) -> None:
        """Waits until all of the file's bytes are sent."""
        if self.thread:
            self.thread.join()

    def end(self) -> None:
        """Ends it, whatever it is doing."""
        self.abandoned = True
        self.process.kill()
        self.process.wait()
        self.finish()
        with contextlib.suppress(OSError):
            self.stdin.close()
        self.stdout.close()


_free: list[Reader] = []
_lock = Lock()


@contextlib.contextmanager
def _reader() -> Iterator[Reader]:
    """An idle process, started now if there is none. One that stopped midway is killed."""
    with _lock:
        reader = _free.pop() if _free else None
    if reader is None or not reader.is_there:
        reader = Reader()
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
                _free.append(reader)
        else:
            reader.end()


def start() -> None:
    """Starts a process, if there is none, which does its imports while the caller does other things."""
    with _lock:
        if not _free:
            _free.append(Reader())


@atexit.register
def stop() -> None:
    """Ends the idle processes."""
    with _lock:
        while _free:
            _free.pop().end()
