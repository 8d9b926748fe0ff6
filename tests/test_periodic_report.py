"""The periodic report: the report notebook bound into one page in three languages, and its PDF."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path

import desks
import nbformat
import pytest
import worlds

from pipelines import open_workbench
from pipelines.desk import notebooks, schedule
from pipelines.desk import report as periodic
from pipelines.errors import VahtiError
from pipelines.expectations.context import Context
from pipelines.expectations.contract_reader import load_contracts
from pipelines.expectations.load import load
from pipelines.home import store
from pipelines.report import facts as report_facts
from pipelines.report import pdf

LANGUAGES = ("en", "fi", "sv")
TITLES = {"en": "Data protection report", "fi": "Tietosuojaraportti", "sv": "Dataskyddsrapport"}
DAYS = {"en": "30 Jun 2026", "fi": "30.6.2026", "sv": "30 juni 2026"}
RULES = {"en": "A record past its last day", "fi": "viimeinen säilytyspäivä on ohi", "sv": "har passerat sin sista dag"}


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return desks.home(tmp_path_factory)


@pytest.fixture(scope="module", params=LANGUAGES)
def written(request, tmp_path_factory) -> tuple[str, list[Path]]:
    """The language, and the files that `vahti report --pdf` wrote."""
    return request.param, desks.reports(tmp_path_factory, request.param)


@pytest.fixture(scope="module")
def text(written) -> str:
    return written[1][0].read_text("utf-8")


# The page


def test_the_files_are_where_the_first_version_was(written, home):
    language, paths = written
    stem = "report" if language == "en" else f"report.{language}"
    folder = home / "reports" / worlds.PERIOD
    assert [path.resolve() for path in paths] == [(folder / f"{stem}{end}").resolve() for end in (".html", ".pdf")]


def test_it_has_the_contents_of_the_page_that_a_run_writes(written, text, home):
    page = open_workbench(home, language=written[0]).report.page
    text = re.sub(r'<tr id="log">.*?</tr>', "", text)  # whether somebody has looked meanwhile
    assert "".join(text.split()) == "".join(page.split())


def test_it_speaks_the_language_in_words_days_and_titles(written, text):
    language = written[0]
    assert f'<html lang="{language}">' in text
    for words in (TITLES[language], DAYS[language], RULES[language]):
        assert words in text
    for other in set(LANGUAGES) - {language}:
        assert TITLES[other] not in text and RULES[other] not in text


def test_it_stands_by_itself_without_code(text):
    assert not re.search(r"https?:|<script|<link|@import|url\((?!data:)", text)
    assert "wb." not in text and "open_workbench" not in text
    assert set(re.findall(r'\b(?:src|srcset)="([a-z]+:)', text)) == {"data:"}
    assert "default-src 'none'" in text


def test_it_has_a_table_of_contents_and_prints(text):
    contents = re.search(r"<nav .*?</nav>", text, re.DOTALL)[0]
    ids = set(re.findall(r'\bid="([^"]+)"', text))
    targets = re.findall(r'href="#([^"]+)"', contents)
    assert len(targets) >= 5 and set(targets) <= ids
    assert "@media print" in text and "@page" in text


def test_the_pdf_is_a_pdf_and_the_same_again(written, text):
    content = written[1][1].read_bytes()
    assert content.startswith(b"%PDF-") and len(content) > 100_000
    if written[0] == "sv":
        assert pdf.pdf_of(text) == content


def test_the_pdf_says_what_it_is_to_who_cannot_see_it(written):
    content = written[1][1].read_bytes()
    assert b"pdfuaid" in content or b"/Marked true" in content


def test_no_machine_and_no_user_is_in_it(text, home):
    assert str(home) not in text and str(worlds.ROOT) not in text


def test_a_notebook_that_fails_ends_in_one_message_without_its_traceback(home, monkeypatch):
    def broken(path):
        notebook = nbformat.read(path, as_version=4)
        notebook.cells[2].source = "raise ValueError('Virtanen Matti')"
        return notebook

    monkeypatch.setattr(notebooks, "read", broken)
    with pytest.raises(VahtiError) as caught:
        periodic.executed(open_workbench(home))
    assert "ValueError" in str(caught.value) and "Virtanen" not in str(caught.value)


def test_in_a_cell_the_style_finds_its_colours_and_touches_no_prose(home):
    style = open_workbench(home).report.head().markup.partition("</style>")[0]
    assert style.startswith("<style>\n@scope (.jp-RenderedHTMLCommon:not(.jp-RenderedMarkdown)) {")
    assert ":scope {" in style and "--deep:" in style and ":root" not in style and "@page" not in style
    assert ":scope:scope table :is(th, td) { text-align: left" in style  # or JupyterLab's own wins


def test_an_unknown_section_or_language_is_refused(home):
    with pytest.raises(VahtiError, match="There are: summary"):
        open_workbench(home).report.section("nothing")
    with pytest.raises(VahtiError, match="there are: en, fi, sv"):
        open_workbench(home, language="de").report.summary()


def test_markup_in_a_cell_stays_text_in_the_pdf():
    page = '<html lang="en"><title>T</title><body><main><h1>#h $x$ *b* _i_ "q" \\ &lt;x&gt;</h1><p>#let a = 1 @b</p></main></body></html>'
    assert pdf.pdf_of(page).startswith(b"%PDF-")


# Periods missed or failed


@pytest.mark.parametrize(
    ("before", "period", "missed"),
    [
        ("2026-03-31", "2026-06-30", []),
        ("2026-03-31", "2026-07-20", []),  # twenty days late
        ("2026-03-31", "2026-07-21", ["2026-06-30"]),
        ("2025-12-31", "2026-06-30", ["2026-03-31"]),
        ("2025-12-31", "2026-09-30", ["2026-03-31", "2026-06-30"]),
        ("2023-11-30", "2024-05-31", ["2024-02-29"]),
        ("2026-03-31", "2026-05-15", []),
    ],
)
def test_exports_that_were_due_between_two_periods_are_missed(before, period, missed):
    context = Context(dt.date.fromisoformat(period), load(worlds.EXPECTATIONS).contracts, None)
    with store.scratch() as connection:
        connection.execute("create schema ledger")
        connection.execute("create table ledger.periods as select $1::date as as_of", [context.as_of])
        connection.execute("create table ledger.systems (system varchar, name varchar, keeper varchar)")
        connection.execute("create schema results")
        connection.execute("create table results.rules (rule varchar, title varchar)")
        source = report_facts.Source(connection, context)
        days = source.missed(dt.date.fromisoformat(before), dt.date.fromisoformat(period))
    assert days == [dt.date.fromisoformat(day) for day in missed]


def test_contracts_say_how_often_they_are_exported():
    assert {contract.frequency for contract in load_contracts(worlds.EXPECTATIONS / "contracts")} <= {0, 1, 3, 12}


def test_a_missed_and_a_failed_period_are_said(home, tmp_path, monkeypatch):
    assert "missed" not in str(open_workbench(home).report.summary())
    place = tmp_path / "home"
    shutil.copytree(home, place)
    exports = tmp_path / "exports"
    (exports / worlds.PERIOD).mkdir(parents=True)
    assert schedule.once(place, exports, worlds.EXPECTATIONS, call=lambda words: 7) == 7
    monkeypatch.setattr(report_facts.Source, "missed", lambda *periods: [dt.date(2026, 4, 30), dt.date(2026, 5, 31)])
    shown = open_workbench(place, language="fi").report.summary()._repr_html_()
    assert "2 jaksoa jäi väliin" in shown and "30.4.2026, 31.5.2026" in shown
    assert "Ajastettu ajo epäonnistui" in shown and "30.6.2026 (7)" in shown
    assert "epäonnistui" not in open_workbench(place, "2026-03-31", "fi").report.summary()._repr_html_()
