"""A controller of two datasets and two rules, for tests of what happens around the stages: seconds, not tens."""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

import pytest
import worlds

from pipelines.commands import main as cli
from pipelines.home import store
from pipelines.job import remembered
from pipelines.job.run import Outcome, run
from pipelines.second_opinion import apart

PERIODS = ("2025-12-31", "2026-03-31", "2026-06-30")
CONTRACTS = ("vesikanta.customers", "vesikanta.claims")
# Personal values that no output of a run may show.
PLANTED = {"name": "Kuikkanen Tellervo", "personal_identity_code": "131052-308T", "phone": "0407654321"}
NOTE = "soita Kuikkaselle 0407654321"

CONTROLLER = """
controller: A small one
subject: {dataset: customers, key: customer_number}
systems:
  vesikanta: {name: VesikantaPlus, keeper: customer service}
"""
SCHEDULE = """
classes:
  vesikanta.claims:
    title: Claims
    time_reference: resolved_on
    missing: not running
    period: P3Y
    mandate: decision of the controller
    kind: maximum
    action: erase
"""
FRONT = """/*
title: {title}
category: staleness
severity: {severity}
dataset: {dataset}
why: It is said so.
todo: Mend it.
notice: []
mandate: GDPR art. 5(1)(d)
owner: customer service
reviewed: 2026-06-01
review_by: {review_by}
*/
"""
OPEN_CLAIM = (
    "select record_key, 'resolved_on' as field from registry.claims where resolved_on is null and opened_on < $as_of"
)


def rule(
    sql: str, *, title="A claim that nobody has answered", severity="high", dataset="claims", review_by="2027-06-30"
):
    """The text of a rule; its SQL begins on line 13."""
    return FRONT.format(title=title, severity=severity, dataset=dataset, review_by=review_by) + sql.strip() + "\n"


def expectations(folder: Path) -> Path:
    """The expectations of the small controller."""
    (folder / "contracts").mkdir(parents=True)
    (folder / "rules").mkdir()
    for name in CONTRACTS:
        shutil.copy(worlds.EXPECTATIONS / "contracts" / f"{name}.odcs.yaml", folder / "contracts")
    (folder / "controller.yaml").write_text(CONTROLLER, "utf-8")
    (folder / "retention.yaml").write_text(SCHEDULE, "utf-8")
    (folder / "rules" / "claim-unanswered.sql").write_text(rule(OPEN_CLAIM), "utf-8")
    return folder


def exports(folder: Path, *periods: str) -> Path:
    """A few customers and claims per period; the second customer has no name, the third an invalid code."""
    for number, period in enumerate(periods or PERIODS, 1):
        worlds.write(
            folder / period,
            customers=f"""
                customer_number | name              | personal_identity_code              | phone              | notes
                A1              | {PLANTED["name"]} | {PLANTED["personal_identity_code"]} | {PLANTED["phone"]} | {NOTE}
                A2              | .                 | .                                   | .                  | .
                A3              | Aalto Liisa       | 131052-308X                         | .                  | .
            """,
            claims=f"""
                claim_number | customer_number | opened_on | resolved_on | description
                R{number}    | A1              | 1.3.2025  | .           | {NOTE}
            """,
        )
    return folder


def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Great Expectations, worklists, record of processing, notice and report, which have tests of their own."""
    for name in (
        "second_opinion.run",
        "second_opinion.warm",
        "report.page.write",
        "record.collect.take_in",
        "ledger.worklists.write",
    ):
        monkeypatch.setattr(f"pipelines.{name}", lambda *arguments, **more: None)
    monkeypatch.setattr("pipelines.notice.conformity.take_in", lambda *arguments, **more: ({}, None))


# The same for a process of its own.
QUIET = """
from pipelines import second_opinion
from pipelines.ledger import worklists
from pipelines.notice import conformity
from pipelines.record import collect
from pipelines.report import page
second_opinion.apart.MOST_BYTES = 0
second_opinion.run = second_opinion.warm = page.write = collect.take_in = worklists.write = lambda *arguments, **more: None
conformity.take_in = lambda *arguments, **more: ({}, None)
from pipelines.commands.main import main
main()
"""


class Place:
    """Exports, expectations and a home in one folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.exports, self.expectations, self.home = (folder / name for name in ("exports", "expectations", "home"))

    def run(self, **options) -> list[Outcome]:
        """On one thread, where more would cost more than they save; `vahti run` and the homes of the samples use all, as does
        a run of which Great Expectations is to have a process of its own."""
        limits = {} if apart.MOST_BYTES else {"threads": 1}
        return run(self.home, self.exports, self.expectations, **limits | options)

    def arguments(self, *more: str) -> list[str]:
        """The words of `vahti run` here."""
        named = (("--exports", self.exports), ("--expectations", self.expectations), ("--home", self.home))
        return ["run", *(str(word) for pair in named for word in pair), *more]

    def copied(self, folder: Path) -> Place:
        """The same elsewhere, free to be changed. Times of files are kept."""
        for path in (self.exports, self.expectations, self.home):
            shutil.copytree(path, folder / path.name)
        return Place(folder).adopted()

    def adopted(self) -> Place:
        """Itself, with a home that knows these exports and expectations as its own, if it knows any."""
        if remembered.of_home(self.home):
            remembered.remember(self.home, self.exports, self.expectations)
        return self

    def opened(self) -> store.Home:
        return store.open_home(self.home)

    def findings(self, period: str) -> bytes:
        return (self.home / "reports" / period / "findings.csv").read_bytes()

    def state(self) -> dict[str, str]:
        """Everything that counts in the home: a sum per file, and what was taken in."""
        files = {
            path.relative_to(self.home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.home.rglob("*"))
            if path.is_file() and path.name not in (".lock", "workbench.duckdb", "made_with.json")
        }
        return files | {f"taken in: {period}": repr(note) for period, note in store.periods(self.opened()).items()}


def taken_in(folder: Path, *periods: str, **options) -> tuple[Place, list[Outcome]]:
    """Periods of exports, all by default, and expectations in a new folder, run with these options; and what came of it."""
    place = Place(folder)
    exports(place.exports, *periods)
    expectations(place.expectations)
    with pytest.MonkeyPatch.context() as patch:
        quiet(patch)
        return place, place.run(**options)


def command(monkeypatch: pytest.MonkeyPatch, capsys, *words: object) -> tuple[int, str, str]:
    """`vahti` in this process: exit code, stdout, stderr."""
    monkeypatch.setattr(sys, "argv", ["vahti", *map(str, words)])
    capsys.readouterr()
    try:
        cli.main()
        code = 0
    except SystemExit as ended:
        code = ended.code or 0
    return code, *capsys.readouterr()
