"""The bytes of an export as physical lines of valid UTF-8, in pieces of bounded size.

Whatever could break a line reader is replaced by a noncharacter that the landing SQL knows: an undecodable byte, a lone
carriage return, the reader's own delimiter, an excessively long line. A lone carriage return ends a line if the file has
no other line end.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from pipelines.errors import ExportsError
from pipelines.landing.encodings import Seen

PIECE_BYTES = 64 * 2**20
# The longest line DuckDB's reader takes without larger buffers; far longer than any register needs.
LONGEST_LINE = 2_000_000
# Noncharacters are not allowed in interchanged text, so they can stand for what we replace.
UNDECODABLE, TOO_LONG, CARRIAGE_RETURN, SEPARATOR = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"
# The following ones belong to the dialects. One that a file contains anyway is treated as undecodable.
NONCHARACTERS = dict.fromkeys(range(0xFDD0, 0xFDF0), UNDECODABLE)
# The reader's delimiter: it splits nothing, because no line contains it.
READER_DELIMITER = "\x01"


def _mark_undecodable(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return UNDECODABLE, error.end


codecs.register_error("vahti-mark", _mark_undecodable)


class Readable(Protocol):
    """Something open for reading bytes."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass
class Source:
    """What is known of a file once it was read to its end: SHA-256, size in bytes, number of line ends, apparent format.

    `pairs`: how many of the line ends are CR LF.
    `seems`: the encoding it seems to have, if not its contract's; `refused`: why it cannot be read at all.
    """

    path: Path
    sha256: str = ""
    size: int = 0
    lines: int = 0
    pairs: int = 0
    replaced: set[str] = field(default_factory=set)
    seen: Seen = field(default_factory=Seen)
    seems: str = ""
    refused: str = ""

    @property
    def line_end(self) -> str:
        """The line end inside a cell: the file's own if it has only one kind, else a line feed."""
        return "\r\n" if self.pairs and self.pairs == self.lines else "\n"


@contextlib.contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Opens the file for reading; ExportsError if it is locked or unreadable."""
    try:
        with path.open("rb") as handle:
            yield handle
    except OSError as error:
        raise ExportsError(
            f"cannot be read: {error.strerror}",
            file=path.name,
            remedy="close the program that holds it, or grant read access",
        ) from None


def pieces(source: Source, encoding: str, content: Readable, line_end: bytes, size: int) -> Iterator[bytes]:
    """The lines of `content`, open for reading, as UTF-8 in pieces of about `size` that end at a line end; fills in `source`."""
    rest = b""
    while chunk := content.read(size):
        source.seen.look(chunk)
        chunk = rest + (chunk.replace(b"\r", b"\n") if line_end == b"\r" else chunk)
        cut = chunk.rfind(b"\n") + 1
        if not cut and len(chunk) > size:
            # No line end in a whole piece: keep its head, so that memory stays bounded.
            rest = chunk[: LONGEST_LINE + len(codecs.BOM_UTF8)]
            continue
        piece, rest = chunk[:cut], chunk[cut:]
        if piece:
            yield _clean(source, piece, encoding)
    if rest:
        end = b"\n" if rest.endswith(b"\r") else source.line_end.encode()
        yield _clean(source, rest + end, encoding)


def is_cut_by_bytes(encoding: str) -> bool:
    """Whether lines can be split before the bytes are decoded."""
    return encoding in ("utf-8", "windows-1252", "iso-8859-1")


def decoded(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The same as UTF-8, from any encoding."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="vahti-mark")
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8")
    yield decoder.decode(b"", final=True).encode("utf-8")


def line_end(path: Path, encoding: str = "utf-8") -> bytes:
    """A line feed, except for a file that has carriage returns only. Reads up to the first line feed, which is rarely far."""
    returns = False
    with opened(path) as handle:
        chunks = iter(lambda: handle.read(2**16), b"")
        for chunk in chunks if is_cut_by_bytes(encoding) else decoded(chunks, encoding):
            if b"\n" in chunk:
                return b"\n"
            returns = returns or b"\r" in chunk
    return b"\r" if returns else b"\n"


def _clean(source: Source, piece: bytes, encoding: str) -> bytes:
    first = source.lines == 0
    source.lines += piece.count(b"\n")
    text = None
    if encoding != "utf-8" and not piece.isascii():
        text = piece.decode("cp1252" if encoding == "windows-1252" else encoding, errors="vahti-mark")
    elif encoding == "utf-8":
        if first:
            piece = piece.removeprefix(codecs.BOM_UTF8)
        try:
            piece.decode("utf-8")
        except UnicodeDecodeError:
            text = piece.decode("utf-8", errors="vahti-mark")
        if text is None and UNDECODABLE.encode()[:2] in piece:
            text = piece.decode("utf-8").translate(NONCHARACTERS)
    if text is not None:
        if UNDECODABLE in text:
            source.replaced.add(UNDECODABLE)
        piece = text.encode("utf-8")
    if b"\r" in piece:
        source.pairs += piece.count(b"\r\n")
        piece = piece.replace(b"\r\n", b"\n")
        piece = _replace(source, piece, b"\r", CARRIAGE_RETURN)
    piece = _cut_long_lines(source, _replace(source, piece, READER_DELIMITER.encode(), SEPARATOR))
    # DuckDB strips a byte order mark from every file; the file's own is already gone, so a second one is data.
    return codecs.BOM_UTF8 + piece if piece.startswith(codecs.BOM_UTF8) else piece


def _replace(source: Source, piece: bytes, old: bytes, mark: str) -> bytes:
    if old not in piece:
        return piece
    source.replaced.add(mark)
    return piece.replace(old, mark.encode("utf-8"))


def _cut_long_lines(source: Source, piece: bytes) -> bytes:
    """Truncates and marks lines beyond LONGEST_LINE; looks at every LONGEST_LINE-th byte only."""
    parts, start, at = [], 0, 0
    while len(piece) - at > LONGEST_LINE:
        end = piece.rfind(b"\n", at, at + LONGEST_LINE)
        if end < 0:
            end = piece.find(b"\n", at)
            end = len(piece) if end < 0 else end
            head = piece[at : at + 100].decode("utf-8", errors="ignore").replace('"', "")
            parts += [piece[start:at], (head + TOO_LONG).encode("utf-8")]
            source.replaced.add(TOO_LONG)
            start = end
        at = end + 1
    return b"".join([*parts, piece[start:]]) if parts else piece


@contextlib.contextmanager
def readable(piece: bytes, folder: Path) -> Iterator[str]:
    """A path to read `piece` from: in memory if the system can, else a file in `folder` that is removed."""
    if hasattr(os, "memfd_create"):
        handle = os.memfd_create("vahti")
        try:
            with open(handle, "wb", closefd=False) as file:
                file.write(piece)
            yield f"/proc/self/fd/{handle}"
        finally:
            os.close(handle)
        return
    handle, name = tempfile.mkstemp(dir=folder)
    try:
        with open(handle, "wb") as file:
            file.write(piece)
        yield name
    finally:
        os.unlink(name)
