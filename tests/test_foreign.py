"""Nothing foreign towards Finnish and Swedish readers: no English word of the catalogue, no raw name, no ISO date; on every page, letter,
sheet, draft and calendar that the samples give."""

from __future__ import annotations

import ast
import html
import io
import json
import re
import shutil
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import desks
import foreign
import pytest
import python_calamine
import worlds
from pypdf import PdfReader

from pipelines import person
from pipelines.desk import notebooks, prose
from pipelines.desk.app.desk import Desk
from pipelines.desk.app.session import Session
from pipelines.desk.app.views import findings
from pipelines.expectations.opened import open_period
from pipelines.home import store
from pipelines.job import calendar
from pipelines.ledger import worklists
from pipelines.ledger.letters import draft, message
from pipelines.ledger.worklist_sheets import workbook
from pipelines.record import collect as record

HIDDEN = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL)
# What a screen reader says is text as well.
SPOKEN = re.compile(r'\b(?:alt|aria-label|title|data-label|placeholder)="([^"]*)"')
TRANSLATED = ("fi", "sv")
# What stands in the columns of a sheet that are hidden, for the way back.
HIDDEN_CELL = re.compile("Line|Fingerprint|v[0-9a-f]{16}")
PASSWORD = "a password of the tests"


def text_of(page: str) -> str:
    """What a page shows and says."""
    page = HIDDEN.sub(" ", page)
    said = " ".join(SPOKEN.findall(page))
    return html.unescape(re.sub(r"<[^>]+>", " ", page) + " " + said)


def text_of_pdf(path: Path) -> str:
    return " ".join(page.extract_text() for page in PdfReader(path).pages)


def text_of_sheet(content: bytes) -> str:
    """Every cell that somebody reads."""
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return " ".join(str(cell) for row in rows for cell in row if not HIDDEN_CELL.fullmatch(str(cell)))


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> store.Home:
    """A home of the samples with a decision of each kind."""
    place = tmp_path_factory.mktemp("foreign") / "home"
    shutil.copytree(desks.home(tmp_path_factory), place)
    return store.open_existing(place)


@pytest.fixture(scope="module", params=TRANSLATED)
def code(request) -> str:
    return request.param


def test_the_report_as_page_and_pdf(tmp_path_factory, code):
    page, pdf = desks.reports(tmp_path_factory, code)
    assert foreign.found(text_of(page.read_text("utf-8")), code) == []
    assert foreign.found(text_of_pdf(pdf), code) == []


def test_every_page_of_the_desk(home, code):
    desk = Desk(Session(open_period(home, worlds.EXPECTATIONS), code))
    loaded = desk.session.loaded
    number = person_with_texts(home)
    desk.session.reasons[number] = "pyyntö"
    pages = [
        "/",
        "/findings",
        "/rules",
        "/notice",
        "/systems",
        "/people",
        "/requests",
        "/acceptances",
        "/disposals",
        "/worklists",
    ]
    pages += ["/calendar", "/report", "/log", "/nowhere", f"/person/{number}", f"/redactions/{number}", "/person/0"]
    pages += [f"/rule/{rule.id}" for rule in loaded.rules] + [f"/system/{name}" for name in loaded.controller.systems]
    pages += [f"/statement/{statement.id}" for statement in loaded.notice.statements]
    pages += [f"/finding/{mark}" for mark in one_of_each_rule(desk.session)]
    hits = {page: found for page in pages if (found := foreign.found(text_of(desk.page(page).html), code))}
    assert hits == {}


def person_with_texts(home: store.Home) -> str:
    """A customer with many records who asked for them."""
    with person.at(home, worlds.EXPECTATIONS) as place:
        found = person.requests(place)
    return str(found.customer_number.dropna().iloc[0])


def one_of_each_rule(session: Session) -> list[str]:
    """A finding of every rule, those whose key is hidden aside."""
    return list({row["rule"]: row["fingerprint"] for row in findings.every(session)}.values())


def test_an_answer_to_a_person_and_its_certificate(home, code, tmp_path):
    number = person_with_texts(home)
    with person.at(home, worlds.EXPECTATIONS) as place:
        person.package(
            place, number, tmp_path / "out", why="pyyntö", language=code, leave_offers_open=True, confirm_protected=True
        )
    hits = {}
    for name in ("letter", "certificate"):
        hits[name] = foreign.found(data_aside(text_of((tmp_path / "out" / f"{name}.html").read_text("utf-8"))), code)
        hits[f"{name}, PDF"] = foreign.found(data_aside(text_of_pdf(tmp_path / "out" / f"{name}.pdf")), code)
    rows = json.loads((tmp_path / "out" / "records.json").read_text("utf-8"))
    hits["fields"] = foreign.found(" ".join({word for row in rows for word in row["fields_in_words"].values()}), code)
    assert {name: found for name, found in hits.items() if found} == {}


def data_aside(text: str) -> str:
    return text.replace("_" * 40, " ")


def test_worklists_with_their_drafts_and_reminders(home, code, monkeypatch):
    hits = {}
    with store.reading(home, worlds.PERIOD) as connection:
        for keeper in worklists.keepers(connection):
            to = replace(worklists.handing(connection, keeper), speech=worklists.spoken(connection, code))
            rows = worklists.entries(connection, keeper)
            monkeypatch.setattr(worklists, "MOST_ROWS", max(1, len(rows) - 1))  # so that there is an overview, too
            mail = message_from_bytes(message(draft(connection, to, worlds.PERIOD, PASSWORD)), policy=policy.default)
            said = f"{mail['Subject']} {mail.get_body().get_content()}"
            (_file, parts), *_ = worklists.files(connection, to, "list", 1)
            sheets = text_of_sheet(workbook(to, rows)) + text_of_sheet(worklists.workbook(connection, to, parts))
            hits[keeper] = foreign.found(sheets, code) + foreign.found(said, code)
    assert {keeper: found for keeper, found in hits.items() if found} == {}


def test_the_calendar(home, code):
    found = calendar.events(home, worlds.EXPECTATIONS, code=code)
    assert foreign.found(" ".join(f"{each.title} {each.text}" for each in found), code) == []


def test_the_record_of_processing(home, code, tmp_path):
    paths = record.of_period(open_period(home, worlds.EXPECTATIONS))
    page = next(path for path in paths if path.name.endswith(f"{code}.html"))
    assert foreign.found(text_of(page.read_text("utf-8")), code) == []


# What says how to ask is asked in English; a query is hers. The sentences of `explain`, and why a record is offered, are English.
ASKED = re.compile(r"`[^`]*`|\b\w+\.\w+\([^)]*\)")
ENGLISH = ("wb.sql(", "wb.explain(", "person.offers()")
KEYS = re.compile(r"\b[a-z_]+/\S+")


@pytest.mark.parametrize("stem", [path.stem for path in notebooks.notebooks() if path.stem != "90_periodic_report"])
def test_a_notebook_as_it_is_drawn(home, code, stem, monkeypatch):
    """The report's own notebook is the report. Cells run here, without a kernel."""
    for name, value in (
        ("VAHTI_HOME", home.path),
        ("VAHTI_EXPECTATIONS", worlds.EXPECTATIONS),
        ("VAHTI_LANGUAGE", code),
    ):
        monkeypatch.setenv(name, str(value))
    names: dict = {}
    hits = {}
    for cell in prose.turned(notebooks.read(notebooks.FOLDER / f"{stem}.ipynb"), code).cells:
        said = cell.source if cell.cell_type == "markdown" else drawn(cell.source, names)
        if not cell.source.startswith(ENGLISH):
            hits[cell.source] = foreign.found(KEYS.sub(" ", ASKED.sub(" ", said)), code)
    assert {source: found for source, found in hits.items() if found} == {}


def drawn(source: str, names: dict) -> str:
    """What a cell shows and says."""
    *before, last = ast.parse(source).body
    if not isinstance(last, ast.Expr):
        before, last = [*before, last], ast.parse("None").body[0]
    exec(compile(ast.Module(before, []), "cell", "exec"), names)
    shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    bundle = getattr(shown, "_repr_mimebundle_", lambda: ({}, {}))()[0]
    return text_of(bundle.get("text/html") or getattr(shown, "_repr_html_", lambda: str(shown))())
