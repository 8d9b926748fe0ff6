"""Frames, in which the process that reads apart is spoken to and answers: a letter, a length, that many bytes.

In: a request as JSON (`J`), the file's bytes (`B`), their end (`E`). Out: pieces of lines (`P`), headers (`H`), rows (`R`), then
either what was seen (`D`) or why not (`F`); all but `P` are JSON.
"""

from __future__ import annotations

import gzip
import io
import struct
import zlib
from typing import IO, Any

HEAD = struct.Struct("<cQ")
# Text is packed to a tenth, seldom to a fiftieth: what unpacks to this much, and to so many times what was read, is no export.
MOST_UNPACKED, MOST_TIMES = 2**28, 200
# What a process is told that will read such files.
PARQUET = "parquet"


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
        self.source, self.left, self.ended, self.taken = source, 0, False, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.left and not self.ended:
            kind, self.left = read(self.source)
            self.ended = kind == b"E"
        chunk = self.source.read(min(self.left, len(buffer)))
        self.left -= len(chunk)
        self.taken += len(chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)


class Unpacked:
    """What a gzip file holds, as it is read; Unreadable where it is none, is cut short, or unpacks to far more than any text."""

    def __init__(self, content: io.BufferedReader[Fed]) -> None:
        self.packed, self.file, self.total = content.raw, gzip.GzipFile(fileobj=content), 0
        self.head = self._read(2**16)
        self.line_end = b"\r" if b"\r" in self.head and b"\n" not in self.head else b"\n"

    def read(self, size: int = -1) -> bytes:
        """As a file does."""
        head, self.head = self.head, b""
        return head or self._read(size)

    def _read(self, size: int) -> bytes:
        try:
            data = self.file.read(size)
        except (OSError, EOFError, zlib.error):
            raise Unreadable("gzip") from None
        self.total += len(data)
        if self.total > max(MOST_UNPACKED, MOST_TIMES * self.packed.taken):
            raise Unreadable("small")
        return data

    def whole(self) -> bytes:
        """All of it."""
        return b"".join(iter(lambda: self.read(2**20), b""))


class Unreadable(Exception):
    """What the file is not: `workbook`, `sheet`, `text`, `CSV`, `gzip`; or `small`; or what `typed.Unfit` says."""
