"""The main job: takes every new period folder, oldest first, through all stages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as replace_in
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import ExportsError
from pipelines.expectations.controller import load_controller
from pipelines.expectations.opened import OpenedPeriod
from pipelines.home import purge, store
from pipelines.job import remembered
from pipelines.job.profiling import Profile
from pipelines.job.refresh import refresh_locked
from pipelines.known import checked
from pipelines.landing import apart as reading
from pipelines.landing import periods
from pipelines.second_opinion import apart

if TYPE_CHECKING:
    from pipelines.expectations.load import Expectations
    from pipelines.home.store import Home


# Sums of the expectations whose rules this process has checked.
_CHECKED: set[str] = set()


@dataclass(frozen=True)
class Outcome:
    """One period as taken in: numbers of files, rows and findings by severity; `notes`: sentences for the user; `undrawn`:
    {period: what kept its report from being drawn}, of this period and of those redrawn because of it."""

    period: str
    counts: dict[str, int]
    notes: tuple[str, ...] = ()
    new: bool = True
    undrawn: dict[str, str] = field(default_factory=dict)


def run(
    home_path: Path,
    exports: Path,
    expectations: Path,
    *,
    as_of: dt.date | None = None,
    period: str | None = None,
    replace: bool = False,
    memory: str | None = None,
    threads: int | None = None,
    progress: Callable[[str, str], None] = lambda period, stage: None,
    profile: Profile | None = None,
) -> list[Outcome]:
    """Takes in what is new and reports what it found; an Outcome per period, also for those already taken in.

    `as_of` replaces the folder's date as the day that findings are calculated for. `profile` records where the time goes, and
    writes profiles of the slowest rules to HOME/profiles/<period>. VahtiError leaves the home unchanged.
    """
    waiting = periods.find(exports)
    if period:
        checked("folder", period, waiting, place=str(exports))
    sum_of_expectations = periods.digest_folder(expectations)
    home = store.open_home(home_path, memory, threads)
    with store.locked(home):
        left = refresh_locked(home)
        known, waiting = store.periods(home), [period] if period else waiting
        try:
            outcomes = list(
                _outcomes(
                    home,
                    exports,
                    expectations,
                    sum_of_expectations,
                    waiting,
                    known,
                    as_of,
                    replace,
                    bool(left),
                    profile or progress,
                )
            )
        finally:
            apart.stop()
            reading.stop()
        if left and outcomes:
            outcomes[-1] = replace_in(outcomes[-1], undrawn=left | outcomes[-1].undrawn)
        return _purged(home, expectations, outcomes, known, [period] if period else [])


def _purged(
    home: Home, expectations: Path, outcomes: list[Outcome], known: Iterable[str], spared: list[str]
) -> list[Outcome]:
    """The outcomes, with a note on the last about what was purged. A period requested by name is spared, this time."""
    if len(list(known)) < 2:
        return outcomes
    kept = load_controller(expectations / "controller.yaml").periods_kept
    gone = purge.purge(home, kept, spared, known)
    if gone:
        outcomes[-1] = replace_in(outcomes[-1], notes=(*outcomes[-1].notes, purge.sentence(gone, kept)))
    return outcomes


def _outcomes(
    home: Home,
    exports: Path,
    expectations: Path,
    sum_of_expectations: str,
    waiting: Iterable[str],
    known: dict[str, dict],
    as_of: dt.date | None,
    replace: bool,
    left: bool,
    progress: Callable[[str, str], None],
) -> Iterator[Outcome]:
    """The outcome of each waiting period; those taken in are added to `known`. `left`: earlier outputs wait to be written again."""
    loaded: Expectations | None = None
    for period in waiting:
        note = known.get(period)
        day = as_of or dt.date.fromisoformat(period)
        if note and not replace:
            yield _already(exports, period, note, day, sum_of_expectations)
            continue
        if loaded is None:
            # a run that finds nothing new does not need them
            from pipelines import second_opinion as checkpoint
            from pipelines.expectations.load import load

            loaded = load(expectations)
            reading.start()
            checkpoint.warm(home, exports / period)
            if sum_of_expectations not in {each["expectations"] for each in known.values()} | _CHECKED:
                from pipelines.rules.rulecheck import check_all  # only for rules that were not checked before

                check_all(loaded)
                _CHECKED.add(sum_of_expectations)
        earlier = [other for other in known if other < period]
        opened = OpenedPeriod(home, period, day, loaded, known=dict(sorted(known.items())))
        outcome, note = _take_in(opened, exports / period, max(earlier, default=None), sum_of_expectations, progress)
        if left or max(known, default="") > period:
            outcome = replace_in(outcome, undrawn=outcome.undrawn | refresh_locked(home))
        known[period] = note
        yield outcome


def _already(exports: Path, period: str, note: dict, day: dt.date, expectations: str) -> Outcome:
    changed = periods.changed(exports / period, note["files"])
    if changed:
        raise ExportsError(
            f"changed since it was taken in: {', '.join(changed)}",
            file=exports / period,
            remedy=f"take it in again with --replace --period {period}, or restore the files",
        )
    notes = []
    if note["expectations"] != expectations:
        notes.append(f"{period}: the expectations have changed since; --replace --period {period} checks it again")
    if note["as_of"] != day.isoformat():
        notes.append(f"{period}: was checked as of {note['as_of']}; --replace --period {period} checks it again")
    return Outcome(period, note["counts"], tuple(notes), new=False)


def _take_in(
    opened: OpenedPeriod,
    folder: Path,
    previous: str | None,
    sum_of_expectations: str,
    progress: Callable[[str, str], None],
) -> tuple[Outcome, dict]:
    """One period, brought into force: its outcome, and its note."""
    from pipelines.job import stages  # as above: a run that finds nothing new does not need it

    home, period, loaded = opened.home, opened.name, opened.expectations
    purged = previous is not None and not home.database(previous).exists()
    made = stages.take_in(opened, folder, previous, progress)
    notes = (*made.notes, *_notes_on_later(opened.known, period))
    if purged:
        notes += (f"{period}: was not compared with {previous}, whose registry was purged",)
    note = {
        "as_of": opened.context.as_of.isoformat(),
        "files": periods.stamp(folder, [contract.file for contract in opened.contracts], made.sums),
        "expectations": sum_of_expectations,
        "counts": made.counts,
        "statements": made.statements,
        "references": made.references,
    }
    progress(period, "commit")
    if not opened.known:  # if this process dies from here on, the home still has its record
        remembered.remember(home.path, folder.parent, loaded.folder)
    note = store.commit(home, period, note)
    if isinstance(progress, Profile):
        progress.ended(period, made.counts["rows_registered"])
    return Outcome(period, made.counts, notes, undrawn={period: made.fault} if made.fault else {}), note


def _notes_on_later(known: Mapping[str, dict], period: str) -> tuple[str, ...]:
    """The next period was compared with the earlier state of this one; its states update themselves, its findings do not."""
    later = min((other for other in known if other > period), default=None)
    return (
        (f"{later}: was compared with the period before it as that was; --replace --period {later} checks it again",)
        if later
        else ()
    )
