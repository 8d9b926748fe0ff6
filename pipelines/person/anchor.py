"""How long the log of look-ups was when something left the workbench: the number of its entries and the seal of the last.

A bundle has it in `log_check.json`, a periodic report among its sources, an access package in its certificate; `vahti log
verify` prints it. Kept elsewhere, it even reveals a log that was restored from an old copy together with the whole home.
"""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

from pipelines.errors import LogError, VahtiError
from pipelines.home import store
from pipelines.person import log

WRITTEN = re.compile(r"\b(\d{1,12}):([0-9a-f]{64})\b")
CHECK = "log_check.json"
MOST_BYTES = 50_000_000


def of_home(home: store.Home) -> str:
    """`12:4f0c…`; '' if the log is still empty. HomeError if the database does not open."""
    if not log.path(home).exists():
        return ""
    verdict = log.verify(home)
    return written(verdict.entries, verdict.head)


def written(entries: int, head: str) -> str:
    """The anchor as a text."""
    return f"{entries}:{head}"


def read(given: str) -> tuple[int, str]:
    """(entries, seal of the last) of an anchor as text, or in a bundle, its log_check.json, a report or a certificate. VahtiError
    if it has none."""
    path = Path(given)
    try:
        text = given if not path.is_file() else _text(path)
    except (OSError, LookupError, TypeError, AttributeError, ValueError, RuntimeError, zipfile.BadZipFile) as error:
        raise VahtiError(
            f"cannot be read: {type(error).__name__}", file=given, place="--anchor", remedy=REMEDY
        ) from None
    found = WRITTEN.search(text)
    if not found:
        raise VahtiError("holds no anchor of the log", file=given, place="--anchor", remedy=REMEDY)
    return int(found[1]), found[2]


REMEDY = "name a bundle, a report of `vahti report`, a certificate, or what `vahti log verify` printed: NUMBER:SEAL"


def _text(path: Path) -> str:
    if path.stat().st_size > MOST_BYTES:
        raise ValueError
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(CHECK).file_size > MOST_BYTES:
                raise ValueError
            return _of_check(archive.read(CHECK).decode("utf-8"))
    text = path.read_text("utf-8", errors="replace")
    return _of_check(text) if path.suffix == ".json" else text


def _of_check(text: str) -> str:
    check = json.loads(text)
    if isinstance(check.get("log"), dict):  # a certificate of an access package
        return written(check["log"]["entry"], check["log"]["hash"])
    if check.get("status") == "absent":  # the log was empty then: every log continues it
        return written(0, log.FIRST)
    return written(check["result"]["entries"], check["result"]["head"])


def compare(home: store.Home, entries: int, seal: str) -> None:
    """LogError if the home's log does not continue from the anchor."""
    found = {entry["n"]: entry["hash"] for entry in log.entries(home)}
    if entries and found.get(entries) != seal:
        last = max(found, default=0)
        lacks = f"it has {last} now" if last < entries else f"entry {entries} is another one now"
        raise LogError(
            f"the log had {entries} entries when the anchor was taken, and {lacks}: it was cut, put back or written anew",
            file=log.path(home),
            remedy="compare with a backup, and find out who changed it",
        )
