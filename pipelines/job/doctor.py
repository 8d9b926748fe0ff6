"""Whether this machine, the home and the exports are fit: one Check per item, and what to do if it is not.

Nothing is changed, except that opening a home closes it to others. Of the exports only places and declared names are reported,
never the content of a file.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Collection, Iterator
from importlib import metadata
from pathlib import Path

from pipelines.errors import VahtiError
from pipelines.job.arrived import what_arrived
from pipelines.job.fit import FAULT, FINE, NOTE, Check, of_error
from pipelines.known import beside
from pipelines.sentence import Sentence, joined

LEAST_PYTHON = (3, 11)
# A period's database and its copy beside it, each about as large as its exports.
TIMES_EXPORTS, LEAST_FREE = 3, 500_000_000


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
    yield Check(
        "Python", FINE if fits else FAULT, version, "" if fits else Sentence("install Python 3.11 or newer; make setup")
    )


def reader() -> Iterator[Check]:
    """What the process that reads exports and worklists gives up on this system."""
    from pipelines.landing import apart  # may be broken

    lacking = [what for what, is_given_up in apart.limits().items() if not is_given_up]
    if lacking:
        found = Sentence(
            "in a process of its own, which this system does not keep from %(what)s", what=", ".join(lacking)
        )
        yield Check(Sentence("reading exports"), NOTE, found, Sentence("take in exports of strangers on Linux"))
    else:
        found = Sentence("in a process of its own, without files, network or much memory")
        yield Check(Sentence("reading exports"), FINE, found)


def packages() -> Iterator[Check]:
    """Every required package, in a required version."""
    from packaging.requirements import Requirement  # may be broken

    wrong, wanted = [], [Requirement(text) for text in metadata.requires("rekisterivahti") or ()]
    wanted = [each for each in wanted if not each.marker or each.marker.evaluate({"extra": ""})]
    for each in wanted:
        try:
            version = metadata.version(each.name)
        except metadata.PackageNotFoundError:
            wrong.append(Sentence("%(name)s is missing", name=each.name))
            continue
        if not each.specifier.contains(version, prereleases=True):
            facts = {"name": each.name, "version": version, "wanted": each.specifier}
            wrong.append(Sentence("%(name)s is %(version)s, wanted %(wanted)s", **facts))
    found = joined(wrong) or Sentence("%(n)s packages, all in versions that fit", n=len(wanted))
    yield Check(Sentence("packages"), FAULT if wrong else FINE, found, "make setup" if wrong else "")


def settings(home: Path, exports: Path, expectations: Path, whose: str, given: Collection[str] = ()) -> Iterator[Check]:
    """What is used, and where each choice comes from; `given`: which of exports and expectations were named."""
    from pipelines.job import remembered  # may be broken

    yield Check(Sentence("home"), FINE, _from(home, Sentence(whose)))
    known = remembered.of_home(home)
    by: str = Sentence("the home remembers them") if known else Sentence("nothing remembered yet")
    yield Check(Sentence("exports used"), FINE, _from(exports, "--exports" if "exports" in given else by))
    by = "--expectations" if "expectations" in given else by
    yield Check(Sentence("expectations used"), FINE, _from(expectations, by))
    try:
        remembered.check_known(home)
        remembered.check_expectations(home, expectations)
    except VahtiError as error:
        yield of_error(Sentence("whose home"), error)
        return
    if known.get("controller"):
        found = Sentence("%(controller)s; another's expectations are refused", controller=known["controller"])
        yield Check(Sentence("whose home"), FINE, found)
    if different := remembered.differences(home, expectations):
        found = Sentence("not as they were at the last run: %(files)s", files=", ".join(different))
        todo = Sentence("check the newest period by them: vahti run --replace --period DATE")
        yield Check(Sentence("expectations changed"), NOTE, found, todo)


def _from(path: Path, why: str) -> Sentence:
    return Sentence("%(path)s (%(why)s)", path=path, why=why)


def home_itself(home: Path) -> Iterator[Check]:
    """Whether it exists, is writable, and is closed to others."""
    from pipelines.job import remembered  # may be broken

    if not (home / "home.json").exists():
        todo = Sentence("take exports in: vahti run%(beside)s", beside=beside(home))
        yield Check(Sentence("home's state"), NOTE, Sentence("there is none yet"), todo)
        return
    if not os.access(home, os.W_OK | os.X_OK):
        todo = Sentence("give yourself the right: chmod u+rwx %(home)s", home=home)
        yield Check(Sentence("permissions"), FAULT, Sentence("the home cannot be written"), todo)
    if os.name == "posix" and home.stat().st_mode & 0o077:
        todo = Sentence("close it: chmod 700 %(home)s", home=home)
        yield Check(Sentence("permissions"), FAULT, Sentence("others can open the home"), todo)
    else:
        yield Check(Sentence("permissions"), FINE, Sentence("its owner alone"))
    if home.resolve().is_relative_to(remembered.ROOT) and home.resolve() != remembered.OTHERWISE["home"]:
        todo = Sentence("keep a real controller's home outside of it")
        yield Check(Sentence("place of the home"), NOTE, Sentence("it lies in the repository"), todo)


def key(home: Path) -> Iterator[Check]:
    """Where the key is, and whether it opens the home."""
    from pipelines.home import keys, store  # may be broken

    if not (home / "home.json").exists():
        return
    try:
        opened = store.open_existing(home)
        place, taken_in = keys.source(opened), store.periods(opened)
    except VahtiError as error:
        yield of_error(Sentence("key"), error)
        return
    todo = (
        Sentence("back it up, apart from the home: %(file)s", file=keys.key_file(opened)) if place == keys.FILE else ""
    )
    found = Sentence("it comes from %(place)s and opens the home", place=Sentence(place))
    if keys.is_plain(opened) and opened.workbench.exists():
        found = Sentence("it comes from %(place)s and opens the home as it is typed", place=Sentence(place))
        todo = Sentence("set VAHTI_NEW_KEY to a new one, or to the same; vahti key rotate")
    yield Check(Sentence("key"), NOTE if todo else FINE, found, todo)
    if taken_in:
        found = Sentence("%(n)s, the newest %(period)s", n=len(taken_in), period=max(taken_in))
        yield Check(Sentence("periods taken in"), FINE, found)
    else:
        yield Check(Sentence("periods taken in"), NOTE, Sentence("none yet"), "vahti run")


def disk(home: Path, exports: Path) -> Iterator[Check]:
    """Whether there is disk space for one more period."""
    there = next(path for path in (home, *home.resolve().parents) if path.exists())
    free, newest = shutil.disk_usage(there).free, _newest(exports)
    size = sum(path.stat().st_size for path in newest.iterdir() if path.is_file()) if newest else 0
    needed = max(LEAST_FREE, TIMES_EXPORTS * size)
    facts = {"free": f"{free / 1e9:.1f}", "wanted": f"{needed / 1e9:.1f}"}
    found = Sentence("%(free)s GB free, about %(wanted)s GB wanted", **facts)
    if free >= needed:
        yield Check(Sentence("disk"), FINE, found)
    else:
        yield Check(
            Sentence("disk"), FAULT, found, Sentence("free disk space; vahti purge --dry-run says what could go")
        )


def what_must_hold(expectations: Path) -> Iterator[Check]:
    """Whether the expectations can be loaded."""
    from pipelines.expectations.load import load  # may be broken
    from pipelines.registry import functions  # may be broken

    try:
        loaded = load(expectations)
    except VahtiError as error:
        yield of_error(Sentence("expectations"), error)
        return
    counts = {"contracts": len(loaded.contracts), "rules": len(loaded.rules)}
    yield Check(Sentence("expectations"), FINE, Sentence("%(contracts)s contracts, %(rules)s rules", **counts))
    country, known = loaded.controller.country, functions.packs()
    if country not in known:
        found = Sentence(
            "of %(country)s no identity codes, telephone numbers or postal codes are known: they are not checked",
            country=country,
        )
        todo = Sentence("countries known: %(countries)s", countries=", ".join(sorted(known)))
        yield Check(Sentence("country"), NOTE, found, todo)


def of_expectations(folder: Path) -> list[Check]:
    """Every fault of every file of a folder of expectations, in the order in which to mend them; rules are looked at once all else is
    right."""
    from pipelines.expectations import faults  # may be what is broken
    from pipelines.expectations.load import load  # may be what is broken
    from pipelines.rules import rulecheck  # may be what is broken

    found = [
        Check(
            Sentence("%(file)s, line %(line)s", file=each.file, line=each.line) if each.line else each.file,
            FAULT,
            Sentence(each.problem),
            Sentence(each.remedy),
        )
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
            found.append(Check(what, FAULT, *error.sentences))
    counts = {"contracts": len(loaded.contracts), "rules": len(loaded.rules)}
    whole = Sentence("%(contracts)s contracts, %(rules)s rules, as they have to be", **counts)
    return found or [Check(str(folder), FINE, whole)]


def _newest(exports: Path) -> Path | None:
    from pipelines.landing import periods  # may be broken

    try:
        return exports / periods.find(exports)[-1]
    except VahtiError:
        return None
