"""Whether this machine, the home and the exports are fit: one Check per item, and what to do if it is not.

Nothing is changed, except that opening a home closes it to others. Of the exports only places and declared names are reported,
never the content of a file.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import VahtiError
from pipelines.known import beside

if TYPE_CHECKING:
    from pipelines.expectations.contract import Contract

# fine; a warning; must be fixed.
FINE, NOTE, FAULT = "fine", "note", "fault"
LEAST_PYTHON = (3, 11)
# A period's database and its copy beside it, each about as large as its exports.
TIMES_EXPORTS, LEAST_FREE = 3, 500_000_000
# Larger periods are read only by `vahti run`.
MOST_BYTES = 200_000_000


@dataclass(frozen=True)
class Check:
    """`what` was checked, its state, and what to do."""

    what: str
    state: str
    found: str
    todo: str = ""


def look(home: Path, exports: Path, expectations: Path, whose: str, given: Collection[str] = ()) -> list[Check]:
    """Every check, in a sensible order for fixing them. `whose`: how the home was chosen."""
    parts = (
        python,
        packages,
        reader,
        lambda: settings(home, exports, expectations, whose, given),
        lambda: home_itself(home),
        lambda: key(home),
        lambda: disk(home, exports),
        lambda: what_must_hold(expectations),
        lambda: what_arrived(exports, expectations),
    )
    return [check for part in parts for check in part()]


def python() -> Iterator[Check]:
    """The interpreter."""
    version = ".".join(map(str, sys.version_info[:3]))
    fits = sys.version_info >= LEAST_PYTHON
    yield Check("Python", FINE if fits else FAULT, version, "" if fits else "install Python 3.11 or newer; make setup")


def reader() -> Iterator[Check]:
    """What the process that reads exports and worklists gives up on this system."""
    from pipelines.landing import apart  # may be broken

    lacking = [what for what, is_given_up in apart.limits().items() if not is_given_up]
    if lacking:
        found = f"in a process of its own, which this system does not keep from {', '.join(lacking)}"
        yield Check("reading exports", NOTE, found, "take in exports of strangers on Linux")
    else:
        yield Check("reading exports", FINE, "in a process of its own, without files, network or much memory")


def packages() -> Iterator[Check]:
    """Every required package, in a required version."""
    from packaging.requirements import Requirement  # may be broken

    wrong, wanted = [], [Requirement(text) for text in metadata.requires("rekisterivahti") or ()]
    wanted = [each for each in wanted if not each.marker or each.marker.evaluate({"extra": ""})]
    for each in wanted:
        try:
            version = metadata.version(each.name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{each.name} is missing")
            continue
        if not each.specifier.contains(version, prereleases=True):
            wrong.append(f"{each.name} is {version}, wanted {each.specifier}")
    found = "; ".join(wrong) or f"{len(wanted)} packages, all in versions that fit"
    yield Check("packages", FAULT if wrong else FINE, found, "make setup" if wrong else "")


def settings(home: Path, exports: Path, expectations: Path, whose: str, given: Collection[str] = ()) -> Iterator[Check]:
    """What is used, and where each choice comes from; `given`: which of exports and expectations were named."""
    from pipelines.job import remembered  # may be broken

    yield Check("home", FINE, f"{home} ({whose})")
    known = remembered.of_home(home)
    by = "the home remembers them" if known else "nothing remembered yet"
    for name, folder in (("exports", exports), ("expectations", expectations)):
        yield Check(f"{name} used", FINE, f"{folder} ({f'--{name}' if name in given else by})")
    try:
        remembered.check_known(home)
        remembered.check_expectations(home, expectations)
    except VahtiError as error:
        yield Check("whose home", FAULT, error.problem, error.remedy)
        return
    if known.get("controller"):
        yield Check("whose home", FINE, f"{known['controller']}; another's expectations are refused")
    if different := remembered.differences(home, expectations):
        todo = "check the newest period by them: vahti run --replace --period DATE"
        yield Check("expectations changed", NOTE, f"not as they were at the last run: {', '.join(different)}", todo)


def home_itself(home: Path) -> Iterator[Check]:
    """Whether it exists, is writable, and is closed to others."""
    from pipelines.job import remembered  # may be broken

    if not (home / "home.json").exists():
        yield Check("home's state", NOTE, "there is none yet", "take exports in: vahti run" + beside(home))
        return
    if not os.access(home, os.W_OK | os.X_OK):
        yield Check("permissions", FAULT, "the home cannot be written", f"give yourself the right: chmod u+rwx {home}")
    open_to = home.stat().st_mode & 0o077 if os.name == "posix" else 0
    todo = f"close it: chmod 700 {home}" if open_to else ""
    yield Check(
        "permissions", FAULT if open_to else FINE, "others can open the home" if open_to else "its owner alone", todo
    )
    if home.resolve().is_relative_to(remembered.ROOT) and home.resolve() != remembered.OTHERWISE["home"]:
        yield Check(
            "place of the home", NOTE, "it lies in the repository", "keep a real controller's home outside of it"
        )


def key(home: Path) -> Iterator[Check]:
    """Where the key is, and whether it opens the home."""
    from pipelines.home import keys, store  # may be broken

    if not (home / "home.json").exists():
        return
    try:
        opened = store.open_existing(home)
        place, taken_in = keys.source(opened), store.periods(opened)
    except VahtiError as error:
        yield Check("key", FAULT, error.problem, error.remedy)
        return
    todo = f"back it up, apart from the home: {keys.key_file(opened)}" if place == keys.FILE else ""
    found = f"it comes from {place} and opens the home"
    if keys.is_plain(opened) and opened.workbench.exists():
        found, todo = f"{found} as it is typed", "set VAHTI_NEW_KEY to a new one, or to the same; vahti key rotate"
    yield Check("key", NOTE if todo else FINE, found, todo)
    found = f"{len(taken_in)}, the newest {max(taken_in)}" if taken_in else "none yet"
    yield Check("periods taken in", FINE if taken_in else NOTE, found, "" if taken_in else "vahti run")


def disk(home: Path, exports: Path) -> Iterator[Check]:
    """Whether there is disk space for one more period."""
    there = next(path for path in (home, *home.resolve().parents) if path.exists())
    free, newest = shutil.disk_usage(there).free, _newest(exports)
    size = sum(path.stat().st_size for path in newest.iterdir() if path.is_file()) if newest else 0
    needed = max(LEAST_FREE, TIMES_EXPORTS * size)
    found = f"{free / 1e9:.1f} GB free, about {needed / 1e9:.1f} GB wanted"
    fits = free >= needed
    yield Check(
        "disk",
        FINE if fits else FAULT,
        found,
        "" if fits else "free disk space; vahti purge --dry-run says what could go",
    )


def what_must_hold(expectations: Path) -> Iterator[Check]:
    """Whether the expectations can be loaded."""
    from pipelines.expectations.load import load  # may be broken
    from pipelines.registry import functions  # may be broken

    try:
        loaded = load(expectations)
    except VahtiError as error:
        yield Check("expectations", FAULT, str(error).partition("\n")[0], error.remedy)
        return
    yield Check("expectations", FINE, f"{len(loaded.contracts)} contracts, {len(loaded.rules)} rules")
    country, known = loaded.controller.country, functions.packs()
    if country not in known:
        found = f"of {country} no identity codes, telephone numbers or postal codes are known: they are not checked"
        yield Check("country", NOTE, found, f"countries known: {', '.join(sorted(known))}")


def of_expectations(folder: Path) -> list[Check]:
    """Every fault of every file of a folder of expectations, in the order in which to mend them; rules are looked at once all else is
    right."""
    from pipelines.expectations import faults  # may be what is broken
    from pipelines.expectations.load import load  # may be what is broken
    from pipelines.rules import rulecheck  # may be what is broken

    found = [
        Check(f"{each.file}, line {each.line}" if each.line else each.file, FAULT, each.problem, each.remedy)
        for each in faults.every(folder)
    ]
    if found:
        return found
    loaded = load(folder)
    for rule in loaded.domain_rules:
        try:
            rulecheck.check_file(loaded, rule.path)
        except VahtiError as error:
            what = ", ".join(filter(None, (f"rules/{rule.path.name}", error.place)))
            found.append(Check(what, FAULT, error.problem, error.remedy))
    whole = f"{len(loaded.contracts)} contracts, {len(loaded.rules)} rules, as they have to be"
    return found or [Check(str(folder), FINE, whole)]


def what_arrived(exports: Path, expectations: Path) -> Iterator[Check]:
    """Checks the newest period's files against the contracts: missing files, and headers that are not as declared."""
    from pipelines.expectations.load import load  # may be broken
    from pipelines.home import store  # may be broken
    from pipelines.landing import land, periods  # may be broken

    try:
        newest = exports / periods.find(exports)[-1]
        loaded = load(expectations)
    except VahtiError as error:
        yield Check("exports", FAULT, str(error).partition("\n")[0], error.remedy)
        return
    if sum(path.stat().st_size for path in newest.iterdir() if path.is_file()) > MOST_BYTES:
        yield Check("exports", NOTE, f"{newest.name} is large: its headers are looked at by vahti run alone")
        return
    with store.scratch() as connection, tempfile.TemporaryDirectory(prefix="vahti-") as spare:
        land.prepare(connection)
        try:
            land.land(connection, loaded.contracts, newest, Path(spare))
        except VahtiError as error:
            yield Check("exports", FAULT, str(error).partition("\n")[0], error.remedy)
            return
        yield from _files(connection.execute, newest.name)


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
            return Check(what, NOTE, "missing", "ask for it")
        found = seeming.of(contract, path)
    except VahtiError as error:
        return Check(what, FAULT, error.problem, error.remedy)
    except apart.Unread as end:
        return Check(what, FAULT, end.status, "ask for it in another form")
    todo = f"ask for the file as before, or say in the contract of {contract.dataset} how it is"
    return Check(what, FAULT, "; ".join(map(str, found)), todo) if found else Check(what, FINE, "as its contract says")


def _files(query: Callable, period: str) -> Iterator[Check]:
    """One check for all files that are as declared, one for each that is not."""
    files = query("select dataset, file, status from feed.files order by file").fetchall()
    headers = "select dataset, header, position, status from feed.columns where status <> 'declared' order by position, header"
    others: dict[str, list[str]] = {}
    for dataset, header, position, status in query(headers).fetchall():
        text = f"“{header}” is missing" if status == "missing" else f"column {position} is not declared"
        others.setdefault(dataset, []).append(text)
    whole = [file for dataset, file, status in files if status == "read" and dataset not in others]
    yield Check(
        f"exports of {period}",
        FINE if whole else NOTE,
        f"{len(whole)} of {len(files)} files are as their contracts say",
    )
    for dataset, file, status in files:
        if status != "read":
            todo = "ask for it; the period can be taken in without it, and says what it could not look at"
            yield Check(
                file, NOTE, "no header line that the contract knows" if status != "missing" else "missing", todo
            )
        elif dataset in others:
            todo = f"ask what changed, or change the contract of {dataset}"
            yield Check(file, NOTE, "; ".join(others[dataset]), todo)


def _newest(exports: Path) -> Path | None:
    from pipelines.landing import periods  # may be broken

    try:
        return exports / periods.find(exports)[-1]
    except VahtiError:
        return None
