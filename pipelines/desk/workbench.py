"""The officer's desk: `open_workbench()` gives one period of a home as an object whose members read as questions.

Nothing here changes a register or a finding; looking at a person adds to the home's log. A member's rows are in an order of
their own that never changes, and hold record keys, customer numbers, kinds, counts and dates; only `sql`, and a person's
values revealed for a stated reason, show more.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from functools import cached_property
from pathlib import Path

from pipelines.desk.answers import Answers
from pipelines.desk.app.shown import Application
from pipelines.desk.courses import Courses
from pipelines.desk.found import Findings
from pipelines.desk.pictures import Figures
from pipelines.desk.report import Report
from pipelines.errors import BusyError, ExpectationsError, HomeError
from pipelines.expectations.opened import open_period
from pipelines.expectations.rule import SEVERITIES
from pipelines.home import store
from pipelines.job import remembered
from pipelines.job import run as job
from pipelines.known import beside
from pipelines.language.languages import N_
from pipelines.sentence import Sentence

FIRST_USE_WAIT_SECONDS = 300
LANGUAGE = "VAHTI_LANGUAGE"  # set by `vahti lab` and `vahti desk` for their kernels


def open_workbench(
    home: str | Path | None = None,
    period: str | dt.date | None = None,
    language: str | None = None,
    expectations: str | Path | None = None,
) -> Workbench:
    """The newest period of a home, or the one named; VahtiError where it is not there.

    Without `home`: VAHTI_HOME, or the home of `vahti use`, or `.vahti` of this repository, which is filled from the samples
    at its first use. Without `expectations`: VAHTI_EXPECTATIONS, or those that the home was made with; others are refused.
    `language`: of tables, pictures and the report; without it VAHTI_LANGUAGE, or the controller's own.
    """
    given = home or os.environ.get("VAHTI_HOME")
    path = Path(given).expanduser() if given else remembered.home()[0]
    named = expectations or os.environ.get("VAHTI_EXPECTATIONS")
    folder = Path(named) if named else remembered.folder("expectations", path.resolve())
    if not named:
        remembered.check_known(path.resolve())
    if not folder.is_dir():
        remedy = Sentence("name it with expectations=%(beside)s", beside=beside(folder))
        raise ExpectationsError("no such folder of expectations", file=folder, remedy=remedy)
    remembered.check_expectations(path.resolve(), folder)
    if not given and path == remembered.OTHERWISE["home"]:
        take_in_samples(path, folder)
    opened = open_period(path.expanduser().resolve(), folder, str(period) if period else None)
    return Workbench(opened, language or os.environ.get(LANGUAGE) or None)


def take_in_samples(home: Path, expectations: Path) -> None:
    """The samples into the default home, where nothing was taken in yet; another notebook may be at it already."""
    deadline = time.monotonic() + FIRST_USE_WAIT_SECONDS
    while not ((home / "home.json").exists() and store.periods(store.open_home(home))):
        try:
            job.run(home, remembered.OTHERWISE["exports"], expectations)
        except BusyError:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)


class Workbench(Findings, Courses, Answers):
    """One opened period. `period` and `as_of` are dates."""

    def __repr__(self) -> str:
        counts, now = self.opened.note["counts"], self.owners().df
        shown = ", ".join(
            f"{counts[severity]} {self.words.cell(severity, 'severity').lower()}" for severity in SEVERITIES
        )
        return self.words.put(
            N_(
                "Workbench of %(controller)s, period %(period)s, as of %(as_of)s: %(open)s findings and tasks are open,"
                " %(urgent)s urgent, %(late)s past the day to act by; its exports show %(shown)s"
            ),
            controller=self.controller.name,
            period=self.period,
            as_of=self.as_of,
            open=now.open.sum(),
            urgent=now.urgent.sum(),
            late=now.late.sum(),
            shown=shown,
        )

    @property
    def figures(self) -> Figures:
        """Pictures of the same numbers."""
        return Figures(self)

    @cached_property
    def report(self) -> Report:
        """The sections of the periodic report, in this workbench's language."""
        return Report(self)

    def desk(self) -> Application:
        """The officer's desk at this period as an application, in which she decides and follows up."""
        return Application(self.opened, self.language, self.words)


__all__ = ["HomeError", "Workbench", "open_workbench"]
