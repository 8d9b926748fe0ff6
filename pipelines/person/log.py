"""The log of look-ups: `HOME/audit.log`, a JSON object a line, each with the hash of the one before it.

An entry says when, who, why, what kind of query, which period, and whose records: keys and counts, never a value. It
is
written before anything is shown. This is the one module of the product that reads the clock.

`audit.head` holds the number and the hash of the last entry: lines cut off at the end are missed by it. Who can write
both files can forge both: `vahti log verify` prints the head, and every certificate carries one, so that it is kept
elsewhere too.
"""

from __future__ import annotations

import datetime as dt
import getpass
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import BusyError, HomeError, VahtiError
from pipelines.home.store import Home
from pipelines.text import holds_value

FIRST = "0" * 64
WAIT_SECONDS = 10
CHUNK = 1 << 16


@dataclass(frozen=True)
class Verdict:
    """`entries` whole ones; `line` where the chain breaks (0: nowhere) and `problem`; `head` is the last whole
    entry's hash."""

    entries: int
    head: str
    line: int = 0
    problem: str = ""


def path(home: Home) -> Path:
    """The log of a home."""
    return home.path / "audit.log"


def user(name: str | None = None) -> str:
    """Who is at work: as said, or the account of the operating system."""
    if name:
        return name.strip()
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else "unknown"


def append(home: Home, what: str, *, by: str | None = None, why: str = "", **facts: object) -> dict:
    """Adds an entry and returns it. `facts`: keys, kinds and counts. HomeError where it cannot be written."""
    if holds_value(why):  # the log has no values
        raise VahtiError(
            "the reason holds a personal value", place="--reason", remedy="name the request or the task, not the person"
        )
    log = path(home)
    from filelock import FileLock, Timeout

    try:
        with FileLock(home.path / ".audit.lock", timeout=WAIT_SECONDS):
            return _append(log, {"at": _now(), "by": user(by), "why": why, "what": what, **facts})
    except Timeout:
        raise BusyError("the log is being written", file=log, remedy="try again") from None
    except OSError as error:
        raise HomeError(
            f"the log cannot be written: {error.strerror}", file=log, remedy="free disk space or grant write access"
        ) from None


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _append(log: Path, facts: dict) -> dict:
    descriptor = os.open(log, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+b") as handle:
        last, torn, ends_whole = _tail(handle)
        entry = {"n": last.get("n", 0) + 1, **facts, "previous": last.get("hash", FIRST)}
        if torn:
            entry["after_torn_line"] = hashlib.sha256(torn).hexdigest()
        entry["hash"] = digest(entry)
        line = _written(entry) + b"\n"
        handle.seek(0, os.SEEK_END)
        handle.write(line if ends_whole else b"\n" + line)
        handle.flush()
        os.fsync(handle.fileno())
    _write_head(log, entry)
    return entry


def _write_head(log: Path, entry: dict) -> None:
    part = log.with_name("audit.head.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        handle.write(json.dumps({"n": entry["n"], "hash": entry["hash"]}) + "\n")
        handle.flush()
        os.fsync(handle.fileno())
    part.replace(log.with_name("audit.head"))


def digest(entry: dict) -> str:
    """SHA-256 of an entry without its own hash, as canonical JSON."""
    facts = {key: value for key, value in entry.items() if key != "hash"}
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode("ascii")).hexdigest()


def _tail(handle) -> tuple[dict, bytes, bool]:
    """(the last whole entry, what a writer that died left after it, whether the file ends with a line end)."""
    position, tail = handle.seek(0, os.SEEK_END), b""
    while position:
        step = min(CHUNK, position)
        position -= step
        handle.seek(position)
        tail = handle.read(step) + tail
        *whole, rest = tail.split(b"\n")
        for line in (rest, *reversed(whole if position == 0 else whole[1:])):
            entry = _entry(line)
            if entry:
                return entry, b"" if line is rest else rest, rest == b""
    return {}, tail.split(b"\n")[-1], tail[-1:] in (b"", b"\n")


def _entry(line: bytes) -> dict | None:
    """The entry on a line; None for anything that is not whole."""
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict) or not isinstance(entry.get("n"), int) or "hash" not in entry:
        return None
    return entry if line.rstrip(b"\n") == _written(entry) else None


def _written(entry: dict) -> bytes:
    """The one way in which an entry is written: a key that stands twice or a blank more is no entry."""
    return json.dumps(entry, sort_keys=True).encode("ascii")


def verify(home: Home) -> Verdict:
    """Follows the chain from its first line to the last."""
    log = path(home)
    if not log.exists():
        head = _head(log)
        return Verdict(0, FIRST, 1, f"the log is gone: {head['n']} entries are missing") if head else Verdict(0, FIRST)
    number, previous, torn = 0, FIRST, None
    with log.open("rb") as handle:
        for place, line in enumerate(handle, 1):
            entry = _entry(line)
            if entry is None:
                if torn is not None:
                    return Verdict(number, previous, place, "a line that is no entry")
                torn = (place, line.removesuffix(b"\n"))
                continue
            problem = _fault(entry, number + 1, previous, torn)
            if problem:
                return Verdict(number, previous, torn[0] if torn else place, problem)
            number, previous, torn = entry["n"], entry["hash"], None
    if torn:
        return Verdict(
            number, previous, torn[0], "the last line is cut off: its writer died, and what it wrote was not shown"
        )
    head = _head(log)
    if head and (head["n"] > number or (head["n"] == number and head["hash"] != previous)):
        return Verdict(
            number, previous, number + 1, f"{head['n']} entries were written, {number} are there: the end was cut off"
        )
    return Verdict(number, previous)


def _fault(entry: dict, number: int, previous: str, torn: tuple[int, bytes] | None) -> str:
    if entry["hash"] != digest(entry):
        return "the entry was changed"
    if entry["n"] != number or entry.get("previous") != previous:
        return f"entry {entry['n']} does not follow entry {number - 1}: entries were taken out, put in or moved"
    said = entry.get("after_torn_line")
    found = hashlib.sha256(torn[1]).hexdigest() if torn else None
    return "" if said == found else "a line before it is no entry, or was changed"


def _head(log: Path) -> dict | None:
    try:
        head = json.loads(log.with_name("audit.head").read_text("utf-8"))
        return head if isinstance(head["n"], int) and head["hash"] else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def entries(home: Home) -> list[dict]:
    """The whole entries of the log, the oldest first; `verify` says whether they are all there."""
    log = path(home)
    if not log.exists():
        return []
    with log.open("rb") as handle:
        return [entry for line in handle if (entry := _entry(line))]
