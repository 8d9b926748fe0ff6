"""The process that reads untrusted files: exports and returned worklists. It receives bytes and returns text.

It opens nothing: the bytes come through its standard input, and before the first of them it gives up files, network and
other programs for good (pipelines/sandbox.py). It knows no key and no path. A file that kills it counts as unreadable.

What it is asked, and what it answers, goes in frames (landing/frames.py).
"""

from __future__ import annotations

import codecs
import contextlib
import io
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from pipelines import sandbox
from pipelines.landing import lines, tables
from pipelines.landing.frames import PARQUET, Fed, Unpacked, Unreadable, read, write

# Codecs that contracts, Python's zipfile and worklists may need: a codec is a file, and files are given up.
ENCODINGS = (
    "utf-8", "utf-8-sig", "ascii", "windows-1252", "iso-8859-1", "iso-8859-15", "cp437", "cp850", "mac_roman",
    "windows-1250", "windows-1251", "windows-1257", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be",
)  # fmt: skip


def lines_of(order: dict, content: io.BufferedReader[Fed]) -> Iterator[tuple[bytes, Any]]:
    """A delimited file's lines, in pieces."""
    source = lines.Source(Path())
    unpacked = Unpacked(content) if order["gzip"] else None
    line_end = unpacked.line_end if unpacked else order["line_end"].encode()
    for piece in lines.pieces(source, order["encoding"], unpacked or content, line_end, order["size"]):
        yield b"P", piece
    seen = vars(source.seen) | {name: vars(source.seen)[name].decode("latin-1") for name in ("head", "sample")}
    told = {"lines": source.lines, "pairs": source.pairs, "replaced": sorted(source.replaced)}
    yield b"D", told | {"seen": seen}


def limits_of(order: dict, content: io.BufferedReader[Fed]) -> Iterator[tuple[bytes, Any]]:
    """What this process gave up."""
    yield b"D", order["limits"]


WORK = {
    "lines": lines_of, "sheet": tables.sheet_of, "typed": tables.typed_of, "worklist": tables.worklist_of, "limits": limits_of,
}  # fmt: skip


def answer(out: IO[bytes], order: dict, fed: Fed) -> None:
    """Answers one request completely; reads the rest of its bytes whatever the outcome."""
    content = io.BufferedReader(fed, 2**20)
    try:
        for kind, said in WORK[order["work"]](order, content):
            write(out, kind, said if kind == b"P" else json.dumps(said, ensure_ascii=False).encode())
    except (Unreadable, MemoryError) as error:
        no = "small" if isinstance(error, MemoryError) else str(error)
        write(out, b"F", json.dumps({"no": no}).encode())
    while content.read(2**20):
        pass
    out.flush()


def serve() -> None:
    """Answers what comes in until the input ends. All that a request could want is imported before."""
    if PARQUET in sys.argv[2:]:  # it takes longer to import than most exports to read
        import pyarrow.compute
        import pyarrow.parquet  # noqa: F401

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
