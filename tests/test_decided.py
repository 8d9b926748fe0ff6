"""Findings handed on, remarks, acceptances that go on, disposals, and the journal: one library under commands and desk."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest
import worlds
from typer.testing import CliRunner

from pipelines.commands.main import app
from pipelines.errors import DecisionError, UnknownError
from pipelines.expectations.acceptance import Acceptance
from pipelines.home import store
from pipelines.job.refresh import refresh
from pipelines.ledger import acceptances, assignments, disposals, journal, looking

GROUND = "the board weighed the risk with the installer, and mends it by autumn"
DAY = dt.date(2026, 7, 2)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> store.Home:
    copied = shutil.copytree(worlds.home_of_samples(tmp_path_factory), tmp_path_factory.mktemp("decided") / "home")
    return store.open_existing(copied)


def open_ones(home: store.Home, rule: str) -> list[str]:
    return [row["fingerprint"] for row in looking.states(home) if row["rule"] == rule and row["is_open"]]


def row_of(home: store.Home, fingerprint: str) -> dict:
    return next(row for row in looking.states(home) if row["fingerprint"] == fingerprint)


def test_a_finding_is_handed_on_counts_with_its_new_owner_and_is_given_back(home):
    mark = open_ones(home, "contact-mismatch")[0]
    before = row_of(home, mark)["who"]
    given = {"reason": "they keep the binders", "by": "Officer", "on": DAY}
    assert assignments.assign(home, [mark], who="office", **given) == 1
    refresh(home)
    assert row_of(home, mark)["who"] == "office" != before
    with store.reading(home, worlds.PERIOD) as connection:
        told = dict(
            connection.execute(
                "select who, sum(open) from ledger.standing where period = $1 group by who", [worlds.PERIOD]
            ).fetchall()
        )
        counted = dict(
            connection.execute("select who, count(*) from ledger.states where is_open group by who").fetchall()
        )
    assert {who: number for who, number in told.items() if number} == counted
    assert mark in (home.reports(worlds.PERIOD) / "worklists" / "office.csv").read_text("utf-8")
    assignments.assign(home, [mark], who="", **given)
    refresh(home)
    assert row_of(home, mark)["who"] == before


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"who": "nobody"}, UnknownError), ({"reason": " "}, DecisionError), ({"by": ""}, DecisionError),
        ({"reason": "010190-900A asked for it"}, DecisionError), ({"fingerprints": []}, DecisionError),
        ({"fingerprints": ["v0"]}, DecisionError),
    ],
)  # fmt: skip
def test_what_cannot_be_handed_on_is_refused_and_changes_nothing(home, changes, error):
    usual = {
        "fingerprints": open_ones(home, "contact-mismatch")[:1],
        "who": "office",
        "reason": "a reason",
        "by": "Officer",
    }
    before = journal.entries(home)
    with pytest.raises(error):
        assignments.assign(home, **(usual | changes))
    assert journal.entries(home) == before


def test_a_remark_is_kept_and_the_newest_counts(home):
    mark = open_ones(home, "contact-mismatch")[1]
    for text in ("asked by letter", "asked twice by letter"):
        assignments.remark(home, [mark], text=text, by="Officer", on=DAY)
    assert row_of(home, mark)["remark"] == "asked twice by letter"
    with pytest.raises(DecisionError, match="personal value"):
        assignments.remark(home, [mark], text="call 050 123 4567", by="Officer")


def test_an_acceptance_goes_on_and_withdrawn_leaves_the_one_before(home):
    mark = open_ones(home, "contact-mismatch")[2]
    number, _ = acceptances.accept(home, [mark], reason=GROUND, until=dt.date(2026, 8, 1), by="Officer", on=DAY)
    again = {"reason": GROUND, "by": "Officer", "terms": Acceptance()}
    with pytest.raises(DecisionError, match="no later than the day it ends on"):
        acceptances.extend(home, number, until=dt.date(2026, 8, 1), **again)
    with pytest.raises(DecisionError, match="too late for"):
        acceptances.extend(home, number, until=dt.date(2029, 8, 1), **again)
    with pytest.raises(DecisionError, match="no acceptance in force"):
        acceptances.extend(home, "A9999", until=dt.date(2026, 9, 1), **again)
    later, count = acceptances.extend(home, number, until=dt.date(2026, 9, 1), **again)
    assert (count, row_of(home, mark)["accepted_until"]) == (1, dt.date(2026, 9, 1))
    acceptances.withdraw(home, [later], reason="it was mended", by="Officer")
    assert row_of(home, mark)["accepted_until"] == dt.date(2026, 8, 1)
    acceptances.withdraw(home, [number], reason="it was mended", by="Officer")
    assert row_of(home, mark)["is_open"]
    with pytest.raises(DecisionError, match="no acceptance in force"):
        acceptances.extend(home, number, until=dt.date(2026, 9, 1), **again)


def test_a_disposal_is_approved_by_two_for_the_list_as_it_was_and_withdrawn(home):
    row = disposals.due(home)[0]
    terms = Acceptance(second_name=("past-retention",))
    given = {"reason": "past its last day", "by": "Officer", "terms": terms}
    with pytest.raises(DecisionError, match="one person alone"):
        disposals.answer(home, row["class"], disposals.APPROVED, **given)
    with pytest.raises(DecisionError, match="same person"):
        disposals.answer(home, row["class"], disposals.APPROVED, second="officer", **given)
    with pytest.raises(UnknownError):
        disposals.answer(home, "no.class", disposals.APPROVED, second="Director", **given)
    with pytest.raises(DecisionError, match="nothing is approved"):
        disposals.answer(home, row["class"], disposals.WITHDRAWN, **given)
    assert disposals.answer(home, row["class"], disposals.APPROVED, second="Director", **given) == row["records"]
    approved = next(each for each in disposals.due(home) if each["class"] == row["class"])
    assert (approved["approved_by"], approved["second_name"], approved["since"]) == (
        "Officer",
        "Director",
        worlds.PERIOD,
    )
    assert len(disposals.keys(home, row["class"])) == row["records"]
    with store.workbench(home) as connection:  # the list is another than was approved
        connection.execute("update ledger.disposals set keys_sha256 = 'of another list'")
    assert next(each for each in disposals.due(home) if each["class"] == row["class"])["approved_by"] == ""
    with store.workbench(home) as connection:
        connection.execute("update ledger.disposals set keys_sha256 = $1", [row["keys_sha256"]])
    disposals.answer(home, row["class"], disposals.WITHDRAWN, **given)
    assert next(each for each in disposals.due(home) if each["class"] == row["class"])["approved_by"] == ""


def test_the_journal_has_everything_with_day_name_and_reason(home):
    found = [(row["what"], row["decided_by"], row["decided_on"]) for row in journal.entries(home)]
    assert {"assign", "remark", "accept", "extend", "withdraw", "disposal approved", "disposal withdrawn"} <= {
        what for what, _, _ in found
    }
    assert ("assign", "Officer", DAY) in found and all(row["reason"] for row in journal.entries(home))


def test_the_commands_do_the_same(home):
    mark = open_ones(home, "contact-mismatch")[3]
    where = ["--home", str(home.path)]
    rules = ["--expectations", str(worlds.EXPECTATIONS)]
    runner = CliRunner()
    done = runner.invoke(
        app, ["assign", mark, "--to", "office", "--by", "Officer", "--reason", "they keep the binders", *where, *rules]
    )
    assert (done.exit_code, done.stdout) == (0, "1 finding: handed to office\n")
    assert row_of(home, mark)["who"] == "office"
    assert runner.invoke(app, ["remark", mark, "--text", "asked", "--by", "Officer", *where]).exit_code == 0
    shown = runner.invoke(app, ["disposals", *where, *rules])
    assert disposals.due(home)[0]["class"] in shown.stdout
    listed = runner.invoke(app, ["decisions", "--format", "json", *where])
    assert '"handed' not in listed.stdout and '"assign"' in listed.stdout and '"they keep the binders"' in listed.stdout


def test_a_home_of_before_has_no_table_of_assignments_and_reads_as_it_did(home, tmp_path):
    old = store.open_existing(shutil.copytree(home.path, tmp_path / "home"))
    before = {row["fingerprint"] for row in looking.states(old)}
    with store.workbench(old) as connection:
        for table in ("assignments", "disposals", "journal"):
            connection.execute(f"drop table ledger.{table}")
    assert {row["fingerprint"] for row in looking.states(old)} == before
    assert disposals.due(old) and {row["what"] for row in journal.entries(old)} >= {"accept", "withdraw"}
