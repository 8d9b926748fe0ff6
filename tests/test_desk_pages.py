"""The officer's desk without a browser: what its pages say, what its forms do, in her language."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import desks
import nbformat
import pytest
import worlds
from markupsafe import escape

from pipelines import person
from pipelines.desk.app import acts, serving
from pipelines.desk.app.desk import Desk
from pipelines.desk.app.session import Session
from pipelines.desk.app.views import findings, people, sending, start
from pipelines.expectations.opened import open_period
from pipelines.ledger import acceptances, looking
from pipelines.person import log
from pipelines.report import standing

GROUND = "the board weighed the risk with the installer, and mends it by autumn"
LANGUAGES = ("en", "fi", "sv")


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A copy of the home of the samples, for decisions."""
    copy = tmp_path_factory.mktemp("pages") / "home"
    shutil.copytree(desks.home(tmp_path_factory), copy)
    return copy


@pytest.fixture
def desk(place) -> Desk:
    return Desk(Session(open_period(place, worlds.EXPECTATIONS), "en"))


def text(html: str) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_first_page_tells_the_ledgers_numbers(desk):
    seen = start.start(desk.session)
    with desk.session.reading() as connection:
        rows = looking.rows(connection, "select * from ledger.standing where period = $1", [desk.session.period])
        (late,) = connection.execute("select count(*) from ledger.states where is_open and act_by <= as_of").fetchone()
        gravest = standing.gravest(connection)
    assert seen.totals == standing.totals(rows)
    assert seen.counts["today"] == late > 0
    assert [(row["rule"], row["who"]) for row in seen.gravest] == [(row["rule"], row["who"]) for row in gravest[:5]]
    assert sum(row["open"] for row in seen.waiting) == seen.totals["open"]
    html = desk.page("/").html
    assert all(f"{seen.totals[name]}</span>" in html for name in ("open", "late", "urgent"))


def test_every_line_of_the_first_page_leads_to_as_many_findings_as_it_says(desk):
    seen = start.start(desk.session)
    for row in seen.gravest:
        assert findings.listing(desk.session, {"rule": row["rule"], "who": row["who"]}).total == row["open"]
    for name in ("today", "week"):
        assert findings.listing(desk.session, {"due": name}).total == seen.counts[name]
    for row in seen.waiting:
        assert findings.listing(desk.session, {"who": row["who"]}).total == row["open"]
    assert findings.listing(desk.session, {"due": "late"}).total == seen.totals["late"]
    assert findings.listing(desk.session, {"state": "urgent"}).total == seen.totals["urgent"]


def test_a_filter_leaves_what_fits_and_pages_hold_all_of_it(desk):
    seen, marks = findings.listing(desk.session, {}), []
    for first in range(0, seen.total, findings.SHOWN):
        marks += [row["fingerprint"] for row in findings.listing(desk.session, {"from": str(first)}).rows]
    assert len(marks) == len(set(marks)) == seen.total
    system = seen.rows[0]["system"]
    assert {row["system"] for row in findings.listing(desk.session, {"system": system}).rows} == {system}
    assert findings.listing(desk.session, {"rule": "no such"}).total == 0
    for odd in ("-5", "x", "9" * 30):
        assert findings.listing(desk.session, {"from": odd}).start == 0


def test_a_finding_says_what_why_and_how_it_went_through_the_periods(desk):
    row = next(row for row in findings.listing(desk.session, {}).rows if row["age_days"] > 100)
    seen = findings.finding(desk.session, row["fingerprint"])
    assert [each["state"] for each in seen.course][-1] == row["state"] and len(seen.course) >= 2
    said = text(desk.page(f"/finding/{row['fingerprint']}").html)
    assert row["title"] in said and seen.rule["why"] in said and row["key"] in said


def test_a_key_that_tells_who_is_protected_is_on_no_page(desk):
    """Planted: every finding's key is its customer's number, and every rule tells."""
    found = [row | {"hides": True} for row in findings.every(desk.session)]
    keys = {row["record_key"] for row in found if len(row["record_key"]) > 6}
    desk.session._known[("findings", desk.session.period, "en")] = [
        findings._spoken(desk.session, row) for row in found
    ]
    pages = [desk.page("/findings?state=there").html, desk.page(f"/finding/{found[0]['fingerprint']}").html]
    assert not any(key in html for key in keys for html in pages)
    assert "would tell whose address is protected" in pages[1]


@pytest.mark.parametrize(
    "address", ["/nowhere", "/finding/v0", "/finding", "/findings/1/2/3", "javascript:1", "/decide/accept", "//x/y"]
)
def test_a_page_that_there_is_not_says_so(desk, address):
    page = desk.page(address)
    assert page.title and ("alert" in page.html or page.path == "/")


def test_what_data_says_is_escaped(desk):
    found = findings.every(desk.session)
    found[0] |= {"title": "<script>alert(1)</script>\u202e\x1b", "key": "<img src=x>", "fingerprint": "v\u200b1"}
    html = desk.page("/findings").html
    said = text(html)
    assert "\u202e" not in said and "\x1b" not in said and "⟨U+202E⟩⟨U+001B⟩" in said
    assert 'value="v\u200b1"' in html  # what a form gives back is what was meant
    assert "<script>alert" not in desk.page("/findings").html and "<img src=x" not in desk.page("/findings").html
    desk.session._stamp = ()


def test_findings_are_accepted_and_the_acceptance_withdrawn(desk):
    row = next(row for row in findings.listing(desk.session, {"rule": "contact-mismatch"}).rows)
    before = start.start(desk.session).totals
    page = desk.act("choose", {"chosen": row["fingerprint"], "what": "accept"})
    assert page.path == "/decide/accept" and "1 finding" in text(page.html)
    short = desk.act("accept", {"reason": "no time", "until": "2026-08-31", "by": "Officer"})
    assert "says too little" in text(short.html) and "no time</textarea>" in short.html
    done = desk.act("accept", {"reason": GROUND, "until": "2026-08-31", "by": "Officer"})
    assert done.path == "/acceptances" and "1 finding is accepted until 31 Aug 2026" in text(done.html)
    (kept,) = acceptances.acceptances(desk.session.home)
    assert (kept["fingerprint"], kept["accepted_by"], kept["reason"]) == (row["fingerprint"], "Officer", GROUND)
    now = start.start(desk.session).totals
    assert (now["open"], now["accepted"]) == (before["open"] - 1, before["accepted"] + 1)
    gone = desk.act(
        "withdraw", {"acceptance": kept["acceptance"], "reason": "the installer mended it", "by": "Officer"}
    )
    assert "1 finding is open again" in text(gone.html) and start.start(desk.session).totals["open"] == before["open"]


def test_two_names_where_the_controller_wants_them(desk):
    row = findings.listing(desk.session, {"rule": "past-retention"}).rows[0]
    page = desk.act("choose", {"chosen": row["fingerprint"], "what": "accept"})
    assert "one person alone cannot" in text(page.html)
    refused = desk.act("accept", {"reason": GROUND, "until": "2026-08-31", "by": "Officer"})
    assert "one person alone" in text(refused.html) and "alert" in refused.html
    same = desk.act("accept", {"reason": GROUND, "until": "2026-08-31", "by": "Officer", "second": "officer"})
    assert "same person" in text(same.html)
    too_long = desk.act("accept", {"reason": GROUND, "until": "2029-08-31", "by": "Officer", "second": "Director"})
    assert "too late" in text(too_long.html)
    assert acceptances.acceptances(desk.session.home, ending=400) == []


def test_all_that_a_filter_shows_can_be_chosen(desk):
    total = findings.listing(desk.session, {"rule": "contact-mismatch"}).total
    desk.act("choose", {"all": "1", "rule": "contact-mismatch", "state": "open", "what": "accept"})
    assert len(desk.session.chosen) == total > 1


def test_period_and_language_are_hers(desk):
    page = desk.act("turn", {"language": "fi"})
    assert page.code == "fi" and page.title == "Aloita tästä"
    earlier = desk.act("turn", {"period": worlds.BEFORE})
    assert "31.3.2026" in text(earlier.html) and desk.session.period == worlds.BEFORE
    wrong = desk.act("turn", {"period": "2020-01-01"})
    assert "alert" in wrong.html and desk.session.period == worlds.BEFORE


@pytest.mark.parametrize("written", ["31.8.2026", "31.08.2026", "31/08/2026", "2026-08-31"])
def test_days_are_taken_as_her_country_writes_them(written):
    assert acts.day({"until": written}, "until").isoformat() == "2026-08-31"


def test_the_application_is_the_first_notebook_up_to_its_desk(place):
    book = nbformat.read(serving.application(place), as_version=4)
    assert [cell.source for cell in book.cells][-1] == "wb.desk()" and not any(cell.outputs for cell in book.cells)
    assert all(cell.cell_type == "code" for cell in book.cells)


def test_a_person_is_opened_for_a_reason_an_offer_decided_and_the_request_answered(desk, tmp_path):
    with person.at(desk.session.home, worlds.EXPECTATIONS) as place:
        found = person.links(place, why="a test of the desk")
    loose = found[found.right.str.startswith("customers/") & ~found.left.str.startswith(("customers/", "?"))]
    number, member = loose.right.iloc[0].partition("/")[2], loose.left.iloc[0]
    assert "<table" not in desk.page(f"/person/{number}").html, "something is shown before the reason"
    assert "alert" in desk.act("look", {"number": number, "why": " "}).html
    opened = desk.act("look", {"number": number, "why": "access request of the desk"})
    assert member in opened.html and "<table" in opened.html
    kept = desk.act("offer", {"number": number, "member": member, "answer": "no", "by": "Officer"})
    assert "The answer is kept." in text(kept.html)
    given = {"number": number, "by": "Officer", "language": "fi"}
    inside = desk.act("answer", given | {"folder": str(desk.session.home.path / "answer")})
    assert "lies in the workbench home" in text(inside.html)
    done = desk.act("answer", given | {"folder": str(tmp_path / "answer")})
    assert str(tmp_path / "answer") in text(done.html) and (tmp_path / "answer" / "letter.pdf").exists()
    assert "access request of the desk" in {entry["why"] for entry in log.entries(desk.session.home)}


def test_what_goes_out_of_a_persons_records_is_decided_on_a_page_of_its_own(desk):
    with person.at(desk.session.home, worlds.EXPECTATIONS) as place:
        number = next(
            row.record_key
            for row in place.connection.execute(
                "select customer_number as record_key from registry.messages where customer_number is not null and text is not null"
                " order by all limit 1"
            )
            .df()
            .itertuples()
        )
    before = desk.page(f"/redactions/{number}").html
    assert "<select id=" not in before, "something is shown before the reason"
    desk.act("look", {"number": number, "why": "access request of the desk"})
    seen = people.redactions(desk.session, number).rows
    assert seen and not any(row["answer"] for row in seen)
    chosen = {"number": number, "by": "Officer", f"spot {seen[0]['id']}": "withhold"}
    assert "alert" in desk.act("redact", {"number": number, "by": "Officer", "reason": "it is read"}).html
    assert "alert" in desk.act("redact", chosen | {"reason": " "}).html, "a decision has a reason"
    assert "alert" in desk.act("redact", chosen | {"reason": "it is read", f"spot {seen[0]['id']}": "perhaps"}).html
    kept = desk.act("redact", chosen | {"reason": "it speaks of a neighbour", "spot unknown": "release"})
    assert "1 decision is kept." in text(kept.html) and "[redacted: withheld]" in kept.html
    assert people.one(desk.session, number).waiting == len(seen) - 1
    assert "it speaks of a neighbour" in desk.page("/log").html
    desk.act("redact", {"number": number, "by": "Officer", "reason": "again", f"spot {seen[0]['id']}": "withdrawn"})
    assert people.one(desk.session, number).waiting == len(seen)


def test_drafts_and_reminders_are_made_for_those_chosen_and_nothing_without_a_password(desk):
    page = sending.sending(desk.session)
    who = [row["who"] for row in page.keepers]
    assert (
        page.waiting == len(who) > 2
        and sum(row["rows"] for row in page.keepers) == start.start(desk.session).totals["open"]
    )
    assert "password is missing or too short" in text(desk.act("send", {"what": "send", "password": "short"}).html)
    one = desk.act("send", {"what": "send", "keeper": who[0], "password": "twelve letters"})
    assert one.download and one.download[0].endswith(".eml") and b"X-Unsent: 1" in one.download[1]
    some = desk.act("send", {"what": "remind", "keeper": who[:2], "password": "twelve letters"})
    assert "2 drafts are made" in text(some.html)
    with zipfile.ZipFile(io.BytesIO(some.download[1])) as archive:
        assert len(archive.namelist()) == 2 and all(name.endswith("-reminder.eml") for name in archive.namelist())
    assert "alert" in desk.act("send", {"what": "send", "keeper": "nobody", "password": "twelve letters"}).html


def test_answers_are_read_from_the_homes_folder_and_what_is_none_stays_and_says_why(desk):
    folder = sending.sending(desk.session).folder
    assert "there is no answer in the folder" in text(desk.act("take in", {}).html)
    row = next(row for row in sending.sending(desk.session).keepers if row["who"] == "office")
    source = desk.session.opened.reports / "worklists" / "office.csv"
    rows = list(csv.reader(source.open(encoding="utf-8")))
    rows[1][rows[0].index("Tehty")] = "K"
    with (folder / "office.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)
    (folder / "other.csv").write_text("no worklist\n", "utf-8")
    said = text(desk.act("take in", {}).html)
    assert "office.csv: 1 reported done" in said and "other.csv could not be read in:" in said
    after = next(each for each in sending.sending(desk.session).keepers if each["who"] == "office")
    assert (after["done"], after["waiting"]) == (row["done"] + 1, row["waiting"] - 1)
    assert (folder / "other.csv").exists() and (folder / "read" / "office.csv").exists()


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_calendar_is_the_commands_and_can_be_taken_along(desk, code):
    desk.session.turn_to(code=code)
    days = sending.days(desk.session)
    html = desk.page("/calendar").html
    assert days and all(str(escape(each.title)) in html for each in days)
    taken = desk.act("calendar", {}).download
    assert taken[0] == "calendar.ics" and taken[1].startswith(b"BEGIN:VCALENDAR")
    assert taken[1].count(b"BEGIN:VEVENT") == len(days)


# What would make the first page slow: `make bench-desk` measures it, and docs/performance.md has the figures.
FIRST_PAGE = """
import json, sys
from pipelines import open_workbench
from pipelines.home import connections
opened, real = [], connections.connect
connections.connect = lambda *words, **more: opened.append(1) or real(*words, **more)
page = open_workbench(language="fi").desk()._desk().page("/")
print(json.dumps({"page": page.title, "opened": len(opened), "modules": sorted({name.partition(".")[0] for name in sys.modules})}))
"""
HEAVY = {
    "great_expectations", "matplotlib", "splink", "sqlglot", "nbformat", "nbconvert", "jsonschema", "lark", "itables", "openpyxl",
    "xlsxwriter", "docx", "pypdf", "requests", "IPython",
}  # fmt: skip


def test_the_first_page_loads_nothing_heavy_and_opens_few_databases(place):
    environment = os.environ | {"VAHTI_HOME": str(place), "VAHTI_EXPECTATIONS": str(worlds.EXPECTATIONS)}
    done = subprocess.run(
        [sys.executable, "-c", FIRST_PAGE], env=environment, capture_output=True, text=True, check=True
    )
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["page"] == "Aloita tästä" and not HEAVY & set(said["modules"])
    assert 0 < said["opened"] <= 9, "each encrypted database takes 0.06 s to open"


@pytest.mark.parametrize("module", ["pipelines.desk.app.serving", "pipelines.desk.app.server"])
def test_what_serves_the_first_page_builds_no_grammars(module):
    """They took 1.1 s of processor in each of the two processes; lark is what builds them."""
    code = f"import sys, {module}; import nbformat; print('lark' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]
