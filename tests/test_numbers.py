"""One definition of each number: what page, PDF, notebooks, worklists, commands, desk and bundle say of a period is the same.

Every number is taken off the report and off every page of the desk, in all languages, and compared with a count of its own
(`figures`, `told`); of the PDF and the report notebook, with the page. A number that nobody accounts for fails the test with
the sentence or cell that it stands in.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import random
import re
import shutil
import zipfile
from collections import Counter
from pathlib import Path

import desks
import pytest
import told
import worlds
from bs4 import BeautifulSoup
from figures import Truth
from test_report import table
from typer.testing import CliRunner

from pipelines import open_workbench
from pipelines.commands.main import app
from pipelines.commands.shown import standing_of
from pipelines.desk import notebooks
from pipelines.desk import report as periodic
from pipelines.desk.app.desk import Desk
from pipelines.desk.app.session import Session
from pipelines.desk.report import Report
from pipelines.expectations.opened import open_period
from pipelines.expectations.rule import CATEGORIES, SEVERITIES
from pipelines.home import store
from pipelines.job import bundle
from pipelines.job.refresh import refresh
from pipelines.language.languages import LOCALES
from pipelines.ledger import acceptances, looking
from pipelines.report import page as report
from pipelines.report import standing

# More than these are read off a page, or it is no page.
MANY, SOME, DRAWN = 1000, 40, 20
# Pages of the desk that say how much there is; those of one rule, system or statement are all of their kind.
PAGES = (
    "/", "/findings", "/findings?state=urgent", "/findings?state=mended", "/findings?state=resolved", "/findings?due=late&from=50",
    "/findings?system=vesikanta&due=today", "/rules", "/notice", "/systems", "/acceptances", "/disposals", "/worklists", "/requests",
    "/log", "/report", "/people",
)  # fmt: skip


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
        "tasks": sum(row["kind"] == "task" for row in there),
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
        "tasks": sum(
            map(
                int,
                re.findall(
                    r"(\d+) tasks?",
                    text[text.index('class="tiles"') : text.index("</ul>", text.index('class="tiles"'))],
                ),
            )
        ),
        "who": {row[0]: int(row[4]) for row in owners[1:-1]},
        "urgent": int(last[5]),
        "late": int(last[6]),
        "passed": int(last[7]),
        "new": changes["New"],
        "back": changes["Reappeared"],
        "mended": changes["Mended"],
        "accepted": changes["Accepted"],
    }


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


# Every number of a page


@pytest.mark.parametrize("code", LOCALES)
def test_every_number_of_the_report_is_counted_anew(home, code):
    page = Report(open_workbench(home, language=code)).page
    truth = Truth(home, code)
    read = told.Reading(page, truth, told.known(truth))
    assert read.wrong == []
    assert read.seen > MANY


@pytest.mark.parametrize("code", LOCALES)
def test_every_number_of_the_desk_is_counted_anew(home, code):
    """In English every rule, system and statement; one of each in the others."""
    desk, truth = Desk(Session(open_period(home, worlds.EXPECTATIONS), code)), Truth(home, code)
    gravest = min((row for row in truth.items if row["is_open"]), key=lambda row: (row["rank"], row["fingerprint"]))
    ones = [
        [f"/{kind}/{name}" for name in names]
        for kind, names in (
            ("rule", truth.rules),
            ("system", truth.systems),
            ("statement", [row["id"] for row in truth.notice["statements"]]),
            ("finding", [gravest["fingerprint"]]),
        )
    ]
    known, seen, wrong = (
        told.known(truth) | {str(home)},
        0,
        [],
    )  # the worklists' page names the home's folder of answers
    for address in (*PAGES, *(each for names in ones for each in (names if code == "en" else names[:1]))):
        read = told.Reading(desk.page(address).html, truth, known, address)
        seen, wrong = seen + read.seen, [*wrong, *(f"{address}: {each}" for each in read.wrong)]
    assert wrong == []
    assert seen > SOME


def test_a_number_that_is_another_is_told(folder, home):
    """Numbers drawn from the page are made others: as many are told."""
    truth = Truth(home)
    known, soup = told.known(truth), BeautifulSoup((folder / "report.html").read_text("utf-8"), "html.parser")
    reading = told.Reading("", truth, known)
    figures = [
        node
        for node in soup.body.find_all(string=re.compile(r"\d"))
        if told.numbers(reading.without_form(node))
        and not node.find_parent(class_=["keys", "sum"])
        and not node.find_parent("dd")
    ]
    assert len(figures) > MANY / 2
    drawn = random.Random(14).sample(figures, DRAWN)
    assert len({id(node.find_parent(["tr", "p", "li", "h2", "h3"])) for node in drawn}) == DRAWN
    for node in drawn:
        number = re.search(told.NUMBER, reading.without_form(node))[0]
        node.replace_with(node.replace(number, f"{number[:-1]}{(int(number[-1]) + 1) % 10}"))
    assert len(told.Reading(str(soup), truth, known).wrong) == DRAWN


def test_the_pdf_and_the_report_notebook_have_the_numbers_of_the_page(home, tmp_path_factory):
    import pypdf

    page, pdf = desks.reports(tmp_path_factory, "en")
    bound, truth = page.read_text("utf-8"), Truth(home)
    assert told.Reading(bound, truth, told.known(truth)).wrong == []
    text = "\n".join(each.extract_text() for each in pypdf.PdfReader(pdf).pages)
    assert told.printed(text) == told.in_print(bound)


# Which comes first


def test_what_is_past_its_day_rises_by_a_rank_and_the_disclosed_address_is_among_the_gravest(home):
    """In its first period it has 72 hours, and stands in front; what is late stands above what is as risky and has time."""
    now, first = Truth(home), Truth(home, period="2025-12-31")
    for row in now.items:
        assert row["rank"] == (max(row["risk"] - 1, 1) if row["act_by"] < now.day else row["risk"])
    own = store.open_existing(home)
    with store.reading(own, worlds.PERIOD) as connection:
        order = standing.gravest(connection)
    assert [row["rank"] for row in order] == sorted(row["rank"] for row in order)
    places = {
        risk: [(row["days_left"] < 0, place) for place, row in enumerate(order) if row["risk"] == risk]
        for risk in (2, 3)
    }
    late, timely = ([place for is_late, place in places[2] if is_late is so] for so in (True, False))
    assert late and timely and max(late) < min(timely)
    assert "disclosure-of-protected" in [row["rule"] for row in order[: standing.GRAVEST_SHOWN]]
    (disclosed,) = [row for row in first.items if row["rule"] == "disclosure-of-protected"]
    assert (disclosed["term_hours"], disclosed["rank"]) == (72, 1)
    assert disclosed["act_by"] == first.day + dt.timedelta(3)


# The same numbers elsewhere


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


def test_a_sheet_has_a_row_for_each_thing_and_a_number_for_each_row(folder, truth):
    """What is handed to a keeper as a workbook is numbered from 1 to as many as that keeper has to do."""
    from python_calamine import CalamineWorkbook

    for who, count in truth["who"].items():
        path = folder / "worklists" / f"{who.replace(' ', '-')}.xlsx"
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        numbered = [row[0] for row in rows if str(row[0]).isdecimal()]
        assert numbered == [str(number) for number in range(1, count + 1)], who


def test_the_workbench_says_the_same(home, truth):
    wb = open_workbench(home, expectations=worlds.EXPECTATIONS)
    owners = wb.owners().df
    assert dict(zip(owners.who, owners.open, strict=True)) == truth["who"]
    assert (owners.urgent.sum(), owners.late.sum(), owners.deadlines_passed.sum()) == (
        truth["urgent"],
        truth["late"],
        truth["passed"],
    )
    changes = wb.changes().df
    assert [changes[name].sum() for name in ("new", "back", "mended")] == [
        truth[name] for name in ("new", "back", "mended")
    ]
    late = wb.late().df
    assert late[late.period == worlds.PERIOD].past_their_day.sum() == truth["late"]
    assert len(wb.overdue()) == truth["passed"]
    assert f": {truth['open']} findings and tasks are open, {truth['urgent']} urgent, {truth['late']} past" in repr(wb)


def test_the_workbenchs_tables_are_the_pages(home):
    """Table by table, what a notebook shows beside what the report does: both from one count."""
    wb, of = open_workbench(home, expectations=worlds.EXPECTATIONS), Truth(home)
    for row in wb.systems().df.to_dict("records"):
        scope = {"system": row["system"]}
        assert row == scope | {each: of.of("open", category=each, **scope) for each in CATEGORIES} | {
            "open": of.of("open", **scope)
        }
    for row in wb.rules().df.to_dict("records"):
        assert row["findings"] == of.of("findings", rule=row["rule"]) == sum(row[each] for each in SEVERITIES)
        assert row["records"] in (of.looked(row["rule"]), None) or not of.looked(row["rule"])
    for row in wb.changes().df.to_dict("records"):
        assert [row[name] for name in ("new", "back", "since_before", "mended", "not_observable")] == [
            of.of(name, rule=row["rule"]) for name in ("new", "back", "since before", "mended", "unseen")
        ]
    for row in wb.mending().df.to_dict("records"):
        assert (row["mended"], row["mean_days"]) == of.mended_by_system(row["system"])
    for row in wb.retention().df.to_dict("records"):
        states = {
            "past_due": "due",
            "held": "held",
            "not_running": "not running",
            "date_missing": "trigger missing",
            "no_criterion": "no criterion",
        }
        assert {name: row[name] for name in states} == {
            name: of.records(state, of=row["class"]) for name, state in states.items()
        }
        assert row["records"] == of.records(of=row["class"])
    read = wb.feed().df.fillna(0).set_index("dataset")
    for name in ("rows_read", "rows_registered", "rows_rejected"):
        assert {each: read[name][each] for each in read.index} == {row["dataset"]: row[name] or 0 for row in of.files}
    shown = wb.periods().df.iloc[-1]
    found = Counter(row["severity"] for row in of.items if row["is_found"] and row["kind"] == "finding")
    assert {each: shown[each] for each in SEVERITIES} == {each: found[each] for each in SEVERITIES}
    assert len(wb.findings()) == found.total()


def test_what_the_notebooks_say_in_a_sentence_is_counted_anew(home):
    """The closing line of each notebook in the repository, of the samples, and the workbench's own line in its second cell."""
    of, said = Truth(home), closing_lines()
    notice = Counter(row["status"] for row in of.notice["statements"])
    due, soon = of.records("due"), of.records("active", until=of.in_a_year)
    shown = {each: [row for row in of.items if row["is_found"] and row["category"] == each] for each in CATEGORIES}
    keys = {each: {row["record_key"] for row in rows} for each, rows in shown.items()}
    theirs = [
        row["customer_number"] for row in open_workbench(home).findings(category="consistency").df.to_dict("records")
    ]
    gaps = [len(shown["completeness"]), len(keys["completeness"])]
    expected = {
        "00": [of.of("open")],
        "10": gaps,
        "20": [len(shown["staleness"]), of.of("open", rule="feed-stale")],
        "30": [due, soon],
        "40": [len(set(theirs) - {""}), sum(map(bool, theirs))],
        "50": [of.of("open", category="minimisation"), of.of("open", category="disclosure")],
        "60": [len(keys["access"]), of.read_of("user_accounts", "rows_registered")],
        "65": [notice["broken"], len(of.notice["statements"]), len(of.notice["amendments"])],
        "70": [of.of("new"), of.of("mended")],
        "90": [len(report.SECTIONS), of.of("open")],
    }
    assert {name: told.numbers(said[name])[: len(numbers)] for name, numbers in expected.items()} == expected


def closing_lines() -> dict[str, str]:
    """By the number of a notebook, what its last cell says."""
    found = {}
    for path in notebooks.notebooks():
        outputs = notebooks.read(path).cells[-1].outputs
        found[path.name[:2]] = outputs[-1]["data"]["text/plain"]
    return found


def test_the_command_says_the_same(home, truth):
    said = CliRunner().invoke(app, ["findings", "--home", str(home), "--format", "json"])
    rows = json.loads(said.stdout)
    assert sum(row["is_open"] for row in rows) == truth["open"]
    assert sum(row["is_urgent"] for row in rows) == truth["urgent"]
    shown = CliRunner().invoke(app, ["findings", "--home", str(home), "--rule", "past-retention"])
    assert re.search(r"\d+ open \(\d+ urgent, \d+ past the day to act by\)", shown.stdout)


def test_a_run_says_what_its_report_says(home, truth):
    assert standing_of(home, worlds.PERIOD) == (
        f"Open in {worlds.PERIOD}: {truth['open'] - truth['tasks']} findings and {truth['tasks']} tasks; {truth['urgent']} urgent,"
        f" {truth['late']} past the day to act by. Accepted: {truth['accepted']}."
    )


def test_every_number_in_the_bundle_is_counted_anew(home, folder):
    """Of the files that hold numbers and no rows: manifest, notice.json, record of processing in every form."""
    opened = open_period(home, worlds.EXPECTATIONS)
    with zipfile.ZipFile(bundle.of_period(opened)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    of, manifest = Truth(home), json.loads(files["manifest.json"])
    found = Counter(row["severity"] for row in of.items if row["is_found"] and row["kind"] == "finding")
    assert manifest["counts"] == {
        "files": len(of.exports) - of.absent,
        "files_expected": len(of.exports),
        "not_evaluated": manifest["counts"]["not_evaluated"],
        **{name: of.read(name) for name in ("rows_read", "rows_registered", "rows_rejected")},
        **{each: found[each] for each in SEVERITIES},
    }
    assert manifest["counts"]["not_evaluated"] == len(of.unmade)
    assert len(list(csv.DictReader(io.StringIO(files["outputs/findings.csv"].decode())))) == found.total()
    ledger = list(csv.DictReader(io.StringIO(files["outputs/ledger.csv"].decode())))
    others = Counter(row["state"] for row in of.items if row["kind"] == "task" or not row["is_found"])
    assert Counter(row["state"] for row in ledger) == others
    notice = json.loads(files["outputs/notice.json"])
    assert [(row["id"], row["findings"]) for row in notice["statements"]] == [
        (row["id"], row["findings"]) for row in of.notice["statements"]
    ]
    assert all(row["records"] == of.amended(row) for row in notice["amendments"])
    record = json.loads(files["outputs/ropa.json"])
    assert {row["dataset"]: row["records"] for row in record["datasets"] if row["records"] is not None} == {
        row["dataset"]: row["rows_registered"] for row in of.exports if row["status"] == "read"
    }
    assert sum(row["past"] for row in record["erasure"]) == of.records("due")
    told_of = {code: figures_of(files[f"outputs/ropa.{code}.html"].decode(), code) for code in LOCALES}
    assert told_of["en"] == told_of["fi"] == told_of["sv"]
    values = {category["values"] for row in record["datasets"] for category in row["categories"]}
    assert len(values & set(told_of["en"])) > len(record["datasets"])


def figures_of(html: str, code: str) -> Counter:
    """How often each number of more than one digit stands on a page, days aside."""
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup(["style", "title"]):
        tag.decompose()
    text = re.sub(told.DAYS[code], " ", re.sub(r"\d{4}-\d\d-\d\d", " ", soup.get_text(" ")))
    return Counter(number for number in told.numbers(text) if number > 9)


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
    truth = Truth(own.path)
    known = told.known(truth) | {reason}
    assert told.Reading(text, truth, known).wrong == []
    desk = Desk(Session(open_period(own, worlds.EXPECTATIONS), "en"))
    for address in ("/", "/acceptances", "/log", "/findings?state=accepted"):
        read = told.Reading(desk.page(address).html, truth, known, address)
        assert (read.wrong, read.seen > 0) == ([], True), address
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
