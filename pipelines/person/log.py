"""The log of look-ups: `HOME/audit.log`, one JSON object a line, each with the seal of the one before it.

An entry has when, who, why, the kind of query, the period, and whose records: keys and counts, never a value. It is
written before anything is shown. No other module of the product reads the clock.

`hash` is an HMAC-SHA256 (`pipelines.person.seal`): writing an entry requires the home's key. The number and seal of the
last one are anchored in the encrypted workbench database, and in `audit.head` while another program has that open. A
loss stays visible: the next entry follows from the anchor, not from what is left.
A log begun before there were seals has a plain SHA-256 in their place; its first sealed entry fixes the old ones.
"""

from __future__ import annotations

import datetime as dt
import getpass
import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipelines.errors import BusyError, HomeError, VahtiError
from pipelines.home.store import Home
from pipelines.person import seal as seals
from pipelines.person.seal import Seal
from pipelines.text import names_somebody

FIRST = "0" * 64
WAIT_SECONDS = 30
CHUNK = 1 << 16


@dataclass(frozen=True)
class Verdict:
    """`entries`: the intact ones; `line` at which the chain breaks (0: nowhere) and `problem`; `head`: the seal of the last
    intact entry. `notes`: worth knowing, but not a break."""

    entries: int
    head: str
    line: int = 0
    problem: str = ""
    notes: tuple[str, ...] = ()


def path(home: Home) -> Path:
    """The log of a home."""
    return home.path / "audit.log"


def user(name: str | None = None) -> str:
    """The user: as given, or the account of the operating system."""
    if name:
        return name.strip()
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else "unknown"


def append(home: Home, what: str, *, by: str | None = None, why: str = "", **facts: object) -> dict:
    """Adds an entry and returns it. `facts`: keys, kinds and counts. HomeError if it cannot be written."""
    if names_somebody(why):  # the log has no values
        raise VahtiError(
            "the reason holds a personal value", place="--reason", remedy="name the request or the task, not the person"
        )
    log = path(home)
    from filelock import FileLock, Timeout

    try:
        with FileLock(home.path / ".audit.lock", timeout=WAIT_SECONDS), seals.writing(home) as seal:
            entry = _append(log, {"at": _now(), "by": user(by), "why": why, "what": what, **facts}, seal)
            seal.anchor(entry["n"], entry["hash"])
            return entry
    except Timeout:
        raise BusyError("the log is being written", file=log, remedy="try again") from None
    except OSError as error:
        raise HomeError(
            f"the log cannot be written: {error.strerror}", file=log, remedy="free disk space or grant write access"
        ) from None


def today() -> dt.date:
    """Today's date, for the journal of decisions."""
    return dt.datetime.now().astimezone().date()


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _append(log: Path, facts: dict, seal: Seal) -> dict:
    descriptor = os.open(log, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+b") as handle:
        last, torn, ends_whole = _tail(handle)
        number, previous = _follows(last, seal)
        entry = {"n": number + 1, **facts, "previous": previous, "sealed": True}
        if torn:
            entry["after_torn_line"] = hashlib.sha256(torn).hexdigest()
        entry["hash"] = digest(entry, seal)
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


def _follows(last: dict, seal: Seal) -> tuple[int, str]:
    """(number, seal) that the next entry follows from: the anchor's, if the log has lost or changed that entry."""
    number, previous = last.get("n", 0), last.get("hash", FIRST)
    if seal.entries > number or (seal.entries == number and seal.last and seal.last != previous):
        return seal.entries, seal.last
    return number, previous


def digest(entry: dict, seal: Seal) -> str:
    """The seal of an entry, over all of it but this; its SHA-256 if it dates from before there were seals."""
    text = json.dumps({key: value for key, value in entry.items() if key != "hash"}, sort_keys=True).encode("ascii")
    return seal.of(text) if "sealed" in entry else hashlib.sha256(text).hexdigest()


def _tail(handle: BinaryIO) -> tuple[dict, bytes, bool]:
    """(the last intact entry, what a crashed writer left after it, whether the file ends with a line end)."""
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
    """The entry on a line; None if it is not intact."""
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict) or not isinstance(entry.get("n"), int) or "hash" not in entry:
        return None
    return entry if line.rstrip(b"\n") == _written(entry) else None


def _written(entry: dict) -> bytes:
    """The only form in which an entry is written: one with a duplicate key or an extra blank is no entry."""
    return json.dumps(entry, sort_keys=True).encode("ascii")


def verify(home: Home) -> Verdict:
    """Checks the log from its first line to the last, and compares it with the anchor."""
    return follow(path(home), seals.reading(home))


def follow(log: Path, seal: Seal) -> Verdict:
    """The verdict on a log by the seal of its home."""
    state = _State()
    problem, place = _followed(log, seal, state) if log.exists() else ("", 0)
    if not problem and state.torn:
        place, problem = state.torn[0], "the last line is cut off: its writer died, and what it wrote was not shown"
    if not problem:
        problem, place = _missed(log, seal, state), state.number + 1
    return Verdict(state.number, state.previous, place if problem else 0, problem, state.notes())


@dataclass
class _State:
    """What was read of a log so far. `anchored`: the seal of the entry with the anchored number."""

    number: int = 0
    previous: str = FIRST
    torn: tuple[int, bytes] | None = None
    unsealed: int = 0
    at: str = ""
    back: int = 0
    first_back: int = 0
    anchored: str = ""

    def notes(self) -> tuple[str, ...]:
        """Notes for the officer, beside the verdict."""
        found = []
        if self.unsealed:
            found.append(f"The log was begun before its entries were sealed: the first {self.unsealed} are not.")
        if self.back:
            more = f" and {self.back - 1} others" if self.back > 1 else ""
            found.append(f"The clock goes back before entry {self.first_back}{more}.")
        return tuple(found)


def _followed(log: Path, seal: Seal, state: _State) -> tuple[str, int]:
    """(problem, line) where the chain breaks; `state` is of the entries before."""
    with log.open("rb") as handle:
        for place, line in enumerate(handle, 1):
            entry = _entry(line)
            if entry is None:
                if state.torn is not None:
                    return "a line that is no entry", place
                state.torn = (place, line.removesuffix(b"\n"))
                continue
            problem = _fault(entry, state, seal)
            if problem:
                return problem, state.torn[0] if state.torn else place
            _take(entry, state, seal)
    return "", 0


def _take(entry: dict, state: _State, seal: Seal) -> None:
    state.number, state.previous, state.torn = entry["n"], entry["hash"], None
    state.unsealed += "sealed" not in entry
    if entry["n"] == seal.entries:
        state.anchored = entry["hash"]
    at = str(entry.get("at", ""))  # all are written in one form, in UTC
    if at < state.at:
        state.back, state.first_back = state.back + 1, state.first_back or entry["n"]
    state.at = at


def _fault(entry: dict, state: _State, seal: Seal) -> str:
    if "sealed" in entry and not seal.key:
        return "the entry cannot be checked: the workbench database of the home is gone"
    if "sealed" not in entry and state.number > state.unsealed:
        return "the entry is not sealed, and those before it are"
    if not hmac.compare_digest(str(entry["hash"]), digest(entry, seal)):
        return "the entry was changed, or written without the home's key"
    number = state.number + 1
    if entry["n"] != number or entry.get("previous") != state.previous:
        return f"entry {entry['n']} does not follow entry {number - 1}: entries were taken out, put in or moved"
    said = entry.get("after_torn_line")
    found = hashlib.sha256(state.torn[1]).hexdigest() if state.torn else None
    return "" if said == found else "a line before it is no entry, or was changed"


def _missed(log: Path, seal: Seal, state: _State) -> str:
    """The log is intact so far; what is missing from it according to the anchor or the head file."""
    head = _head(log) or {"n": 0, "hash": ""}
    written = max(head["n"], seal.entries)
    if written > state.number:
        if not log.exists():
            return f"the log is gone: {written} entries are missing"
        return f"{written} entries were written, {state.number} are there: the end was cut off"
    if (seal.entries and state.anchored != seal.last) or (
        head["n"] == state.number != 0 and head["hash"] != state.previous
    ):
        return "the last entry is not the one that was written: the log was written anew"
    return ""


def _head(log: Path) -> dict | None:
    try:
        head = json.loads(log.with_name("audit.head").read_text("utf-8"))
        return head if isinstance(head["n"], int) and head["hash"] else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def entries(home: Home) -> list[dict]:
    """The intact entries of the log, the oldest first; `verify` tells whether they are complete."""
    log = path(home)
    if not log.exists():
        return []
    with log.open("rb") as handle:
        return [entry for line in handle if (entry := _entry(line))]
