"""One definition of each number: what page, PDF, notebook, worklists, commands and bundle say of the samples is the same."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import shutil
from collections import Counter
from pathlib import Path

import desks
import pytest
import worlds
from test_report import table
from typer.testing import CliRunner

from pipelines import open_workbench
from pipelines.commands.main import app
from pipelines.desk import report as periodic
from pipelines.home import store
from pipelines.job import bundle
from pipelines.job.refresh import refresh
from pipelines.ledger import acceptances, looking


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return desks.home(tmp_path_factory)


@pytest.fixture(scope="module")
def folder(home) -> Path:
    return home / "reports" / worlds.PERIOD


@pytest.fixture(scope="module")
def truth(home) -> dict:
    """The numbers, counted here from the ledger's rows and from nothing that the product sums up."""
    return counted(looking.states(store.open_existing(home), worlds.PERIOD))


def counted(rows: list[dict]) -> dict:
    as_of = dt.date.fromisoformat(worlds.PERIOD)
    there = [row for row in rows if row["state"] in ("new", "open", "reappeared")]
    return {
        "open": len(there),
        "who": Counter(row["who"] for row in there),
        "urgent": sum(row["term_hours"] <= 168 for row in there),
        "late": sum(row["act_by"] < as_of for row in there),
        "passed": sum(row["due_on"] is not None and row["due_on"] < as_of for row in there),
        "new": sum(row["state"] == "new" for row in there),
        "back": sum(row["state"] == "reappeared" for row in there),
        "mended": sum(row["resolved_on"] == as_of for row in rows),
        "accepted": sum(row["state"] == "accepted" for row in rows),
    }


def on_page(text: str) -> dict:
    """The same numbers as the page has them."""
    owners = table(text, "owners")
    changes = {row[0]: int(row[1]) for row in table(text, "changes")[1:]}
    last = owners[-1]
    return {
        "open": int(last[4]),
        "who": {row[0]: int(row[4]) for row in owners[1:-1]},
        "urgent": int(last[5]), "late": int(last[6]), "passed": int(last[7]),
        "new": changes["New"], "back": changes["Reappeared"], "mended": changes["Mended"], "accepted": changes["Accepted"],
    }  # fmt: skip


def tiles(text: str) -> list[int]:
    return [int(re.sub(r"\D", "", cell)) for cell in re.findall(r'class="value">([^<]+)<', text)[:4]]


def worklists(folder: Path) -> dict[str, list[dict]]:
    return {
        path.stem: list(csv.DictReader(path.open(encoding="utf-8", newline="")))
        for path in sorted((folder / "worklists").glob("*.csv"))
    }


def test_the_page_says_what_the_ledger_holds(folder, truth):
    text = (folder / "report.html").read_text("utf-8")
    assert on_page(text) == truth
    assert tiles(text) == [truth["urgent"], truth["late"], truth["open"], truth["accepted"]]
    assert int(table(text, "matrix")[-1][-1]) == truth["open"]
    assert int(table(text, "mending")[-1][5]) == truth["late"]
    assert sum(map(int, table(text, "mending")[-1][1:5])) == truth["open"]
    assert sum(int(row[1]) for row in table(text, "passed")[1:]) == truth["passed"]


def test_worklists_hold_what_each_has_to_do(folder, truth):
    lists = worklists(folder)
    assert {name: len(rows) for name, rows in lists.items()} == {
        name.replace(" ", "-"): count for name, count in truth["who"].items()
    }
    rows = [row for each in lists.values() for row in each]
    assert sum(row["By"] < worlds.PERIOD for row in rows) == truth["late"]
    assert sum("" < row["Last day"] < worlds.PERIOD for row in rows) == truth["passed"]


def test_the_report_notebook_and_its_pdf_say_the_same(home, truth, tmp_path_factory):
    import pypdf

    page, pdf = desks.reports(tmp_path_factory, "en")
    assert on_page(page.read_text("utf-8")) == truth
    text = re.sub(r"\s+", " ", " ".join(each.extract_text() for each in pypdf.PdfReader(pdf).pages))
    assert f"{truth['urgent']} things are urgent. {truth['late']} are past the day to act by." in text
    for who, count in truth["who"].items():
        assert re.search(rf"{who} (\d+ ){{3}}{count} ", text), who


def test_the_desk_says_the_same(home, truth):
    desk = open_workbench(home, expectations=worlds.EXPECTATIONS)
    owners = desk.owners().df
    assert dict(zip(owners.who, owners.open, strict=True)) == truth["who"]
    assert (owners.urgent.sum(), owners.late.sum(), owners.deadlines_passed.sum()) == (
        truth["urgent"], truth["late"], truth["passed"],
    )  # fmt: skip
    changes = desk.changes().df
    assert (changes.new.sum(), changes.back.sum(), changes.mended.sum()) == (
        truth["new"],
        truth["back"],
        truth["mended"],
    )
    late = desk.late().df
    assert late[late.period == worlds.PERIOD].past_their_day.sum() == truth["late"]
    assert len(desk.overdue()) == truth["passed"]


def test_the_command_says_the_same(home, truth):
    said = CliRunner().invoke(app, ["findings", "--home", str(home), "--format", "json"])
    rows = json.loads(said.stdout)
    assert sum(row["is_open"] for row in rows) == truth["open"]
    assert sum(row["is_urgent"] for row in rows) == truth["urgent"]
    shown = CliRunner().invoke(app, ["findings", "--home", str(home), "--rule", "past-retention"])
    assert re.search(r"\d+ open \(\d+ urgent, \d+ past the day to act by\)", shown.stdout)


def test_the_bundle_holds_the_numbers_and_the_decisions(home, folder, truth):
    entries = dict(bundle.entries_of(home, folder, worlds.EXPECTATIONS))
    rows = list(csv.DictReader(io.StringIO(entries["outputs/standing.csv"].decode())))
    for name in ("open", "urgent", "late", "passed", "mended"):
        assert sum(int(row[name]) for row in rows) == truth[name], name
    whose = Counter()
    for row in rows:
        whose[row["who"]] += int(row["open"])
    assert +whose == truth["who"]
    assert "outputs/acceptances.csv" in entries


def test_what_is_accepted_is_counted_apart_and_listed_in_page_pdf_and_bundle(home, folder, tmp_path_factory, tmp_path):
    import pypdf

    desks.reports(tmp_path_factory, "en")
    own = store.open_existing(shutil.copytree(home, tmp_path / "home"))
    place, before = own.reports(worlds.PERIOD), counted(looking.states(own))
    (finnish,) = periodic.write(open_workbench(own.path, worlds.PERIOD, "fi"))
    reason = "the board keeps these until the court has decided"
    _, count = acceptances.accept(
        own, [], rule="past-retention", reason=reason, until=dt.date(2026, 9, 30), by="Officer", second="Director"
    )
    refresh(own)
    after, text = counted(looking.states(own)), (place / "report.html").read_text("utf-8")
    assert on_page(text) == after and after["accepted"] == count > 0
    assert after["open"] == before["open"] - count and after["passed"] < before["passed"]
    assert table(text, "acceptances")[1][2:5] == [str(count), "Officer, Director", reason]
    assert "record past its last day" not in " ".join(row[0] for row in table(text, "passed"))
    spoken = finnish.read_text("utf-8")
    assert table(spoken, "acceptances")[1][2:5] == [str(count), "Officer, Director", reason]
    assert table(spoken, "owners")[1][0] not in after["who"]  # a name in Finnish, as before the decision
    pdf = " ".join(each.extract_text() for each in pypdf.PdfReader(place / "report.pdf").pages)
    assert reason in re.sub(r"\s+", " ", pdf)
    entries = dict(bundle.entries_of(own.path, place, worlds.EXPECTATIONS))
    kept = list(csv.DictReader(io.StringIO(entries["outputs/acceptances.csv"].decode())))
    assert len(kept) == count and {(row["accepted_by"], row["second_name"], row["reason"]) for row in kept} == {
        ("Officer", "Director", reason)
    }
