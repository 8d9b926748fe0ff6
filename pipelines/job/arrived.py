"""Whether exports are as their contracts say. Only places and declared names are reported, never the content of a file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import VahtiError
from pipelines.job.fit import FAULT, FINE, NOTE, Check, of_error
from pipelines.sentence import Sentence, joined

if TYPE_CHECKING:
    from pipelines.expectations.contract import Contract

# Larger periods are read only by `vahti run`.
MOST_BYTES = 200_000_000


def what_arrived(exports: Path, expectations: Path) -> Iterator[Check]:
    """Checks the newest period's files against the contracts: missing files, and headers that are not as declared."""
    from pipelines.expectations.load import load  # may be broken
    from pipelines.home import store  # may be broken
    from pipelines.landing import land, periods  # may be broken

    try:
        newest = exports / periods.find(exports)[-1]
        loaded = load(expectations)
    except VahtiError as error:
        yield of_error(Sentence("exports"), error)
        return
    if sum(path.stat().st_size for path in newest.iterdir() if path.is_file()) > MOST_BYTES:
        found = Sentence("%(period)s is large: its headers are looked at by vahti run alone", period=newest.name)
        yield Check(Sentence("exports"), NOTE, found)
        return
    with store.scratch() as connection, tempfile.TemporaryDirectory(prefix="vahti-") as spare:
        land.prepare(connection)
        try:
            land.land(connection, loaded.contracts, newest, Path(spare))
        except VahtiError as error:
            yield of_error(Sentence("exports"), error)
            return
        yield from _files(connection.execute, newest.name)


def _files(query: Callable, period: str) -> Iterator[Check]:
    """One check for all files that are as declared, one for each that is not, or most of whose rows cannot be read."""
    files = query("select dataset, file, status from feed.files order by file").fetchall()
    headers = "select dataset, header, position, status from feed.columns where status <> 'declared' order by position, header"
    others: dict[str, list[str]] = {}
    for dataset, header, position, status in query(headers).fetchall():
        text = Sentence("column %(number)s is not declared", number=position)
        if status == "missing":
            text = Sentence("“%(header)s” is missing", header=header)
        others.setdefault(dataset, []).append(text)
    rejected = "select dataset, rows_rejected, rows_read from feed.files where 2 * rows_rejected > rows_read"
    for dataset, bad, rows in query(rejected).fetchall():
        text = Sentence("%(bad)s of %(rows)s rows cannot be read", bad=bad, rows=rows)
        others.setdefault(dataset, []).append(text)
    whole = [file for dataset, file, status in files if status == "read" and dataset not in others]
    found = Sentence("%(n)s of %(all)s files are as their contracts say", n=len(whole), all=len(files))
    yield Check(Sentence("exports of %(period)s", period=period), FINE if whole else NOTE, found)
    for dataset, file, status in files:
        if status != "read":
            todo = Sentence("ask for it; the period can be taken in without it, and says what it could not look at")
            found = Sentence("missing") if status == "missing" else Sentence("no header line that the contract knows")
            yield Check(file, NOTE, found, todo)
        elif dataset in others:
            todo = Sentence("ask what changed, or change the contract of %(dataset)s", dataset=dataset)
            yield Check(file, NOTE, joined(others[dataset]), todo)


def seeming(exports: Path, expectations: Path, period: str | None) -> list[Check]:
    """What each file of a period, the newest by default, seems to be if it contradicts its contract."""
    from pipelines.expectations.load import load  # may be broken
    from pipelines.known import checked  # may be broken
    from pipelines.landing import periods  # may be broken

    there = periods.find(exports)
    chosen = exports / checked("period", period or there[-1], there)
    return [_seeming(contract, chosen / contract.file) for contract in load(expectations).contracts]


def _seeming(contract: Contract, path: Path) -> Check:
    from pipelines.landing import apart, land, seeming  # may be broken

    what = path.name
    try:
        if not land.is_file(path):
            return Check(what, NOTE, Sentence("missing"), Sentence("ask for it"))
        found = seeming.of(contract, path)
    except VahtiError as error:
        return Check(what, FAULT, *error.sentences)
    except apart.Unread as end:
        ends = {
            apart.LARGE: Sentence("too large to read"),
            apart.SLOW: Sentence("takes too long to read"),
            apart.ENDED: Sentence("ends its reader"),
        }
        return Check(what, FAULT, ends[end.status], Sentence("ask for it in another form"))
    if not found:
        return Check(what, FINE, Sentence("as its contract says"))
    todo = Sentence(
        "ask for the file as before, or say in the contract of %(dataset)s how it is", dataset=contract.dataset
    )
    return Check(what, FAULT, joined(each.sentence for each in found), todo)
