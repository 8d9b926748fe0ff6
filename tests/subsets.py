"""Small exports of all eighteen datasets, any part of which may be left out, and everything that the workbench makes of them.

Two customers with something wrong in every dataset: few rows, so that a home is taken in and read in a second or two.
"""

from __future__ import annotations

import ast
import contextlib
import csv
import dataclasses
import functools
import json
import random
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import worlds
from oracle.layouts import DATASETS

from pipelines import open_workbench
from pipelines.desk import notebooks
from pipelines.expectations.opened import open_period
from pipelines.home import store
from pipelines.job import bundle, sbom
from pipelines.job.run import Outcome, run
from pipelines.language import languages
from pipelines.person import at, linkage, package

LANGUAGES = ("en", "fi", "sv")
EARLIER = ("2025-12-31", worlds.BEFORE)
ALL = tuple(DATASETS)
# What a package is asked for: whoever is in the customer register.
CUSTOMER = "A1"
TABLES = {
    "customers": """
        customer_number | name          | personal_identity_code | protected_address | customer_until | contact_confirmed_on | phone       | notes
        A1              | Virtanen Matti | 131052-308T           | K                 | .              | 1.1.2019             | 040 1234567 | soita 0407654321
        A2              | Aalto Liisa    | 131052-308X           | E                 | 1.1.2010       | 1.1.2019             | .           | .
    """,
    "connections": """
        connection_number | customer_number | agreement_number | property_id   | site_address  | agreed_on | status    | ended_on
        K1                | A1              | S1               | 232-1-1-1     | Topeekantie 3 | 1.1.2015  | voimassa  | .
        K2                | A2              | S2               | 232-1-1-2     | Topeekantie 4 | 1.1.2005  | päättynyt | 1.1.2010
    """,
    "meter_readings": """
        reading_id | connection_number | meter_number | read_on  | reading | method
        L1         | K1                | M1           | 1.1.2015 | 10      | etäluku
        L2         | K1                | M1           | 1.6.2026 | 5       | asiakas
    """,
    "invoices": """
        invoice_number | customer_number | invoiced_on | due_on    | amount | reference_number
        1001           | A1              | 1.1.2015    | 1.2.2015  | 10,00  | 1232
        1002           | A9              | 1.5.2026    | 1.6.2026  | 10,00  | 1233
    """,
    "claims": """
        claim_number | customer_number | opened_on | resolved_on | description
        R1           | A1              | 1.1.2019  | .           | hidas 0407654321
        R2           | A2              | 1.1.2015  | 1.2.2015    | hidas
    """,
    "ledger": """
        company | voucher_number | invoice_number | customer_number | name           | voucher_date | financial_year_end | paid_on
        KVH     | T1             | 1001           | A1              | Virtanen Matti | 1.1.2010     | 31.12.2010         | 1.2.2010
        MUU     | T2             | .              | A2              | Aalto Liisa    | 1.1.2026     | 31.12.2026         | .
    """,
    "map_customers": """
        site_id | customer_number | name            | address                          | phone
        P1      | A1              | Virtanen Matias | Topeekantie 9, 61800 KAUHAJOKI   | 040 1234568
        P2      | A2              | Aalto Liisa     | Topeekantie 3, 61800 KAUHAJOKI   | .
    """,
    "messages": """
        message_id | customer_number | phone       | sent_at        | category | text
        V1         | A1              | 040 1234567 | 1.1.2020 12:00 | huolto   | 131052-308T
        V2         | .               | 040 1234567 | 1.6.2026 12:00 | muu      | huomenna
    """,
    "accounts": """
        account_id | customer_number | email            | phone       | created_on | last_login_on
        a1         | A1              | matti@example.fi | 040 1234567 | 1.1.2015   | 1.1.2016
        a2         | A2              | ei               | .           | 1.1.2015   | .
    """,
    "consumption": """
        row_id | customer_number | connection_number | month   | consumption_m3
        c1     | A1              | K1                | 2015-01 | 5
        c2     | A1              | K1                | 2026-06 | -5
    """,
    "agreements": """
        agreement_number | binder | agreement_type      | connection_number | property_id | party_name     | agreed_on | retention_reviewed_on
        S1               | 1      | liittymäsopimus     | K1                | 232-1-1-1   | Virtanen Matti | 1.1.2015  | 1.1.2016
        S9               | 1      | lisäliittymäsopimus | K9                | 232-1-1-9   | Aalto Liisa    | 1.1.2015  | .
    """,
    "installer_disclosures": """
        disclosure_id | disclosed_on | customer_number | recipient | channel | fields             | destroyed_on
        U1            | 1.1.2020     | A1              | Putki Oy  | paperi  | nimi, henkilötunnus | .
        U2            | 1.6.2026     | A2              | Putki Oy  | puhelin | nimi               | .
    """,
    "user_accounts": """
        account_key | system  | user_name | name           | organisation            | role     | granted_on | last_login_on
        t1          | KeyAqua | tt01      | Käyttäjä Yksi  | Kauhajoen Vesihuolto Oy | asentaja | 1.1.2015   | 1.1.2016
        t2          | KeyAqua | tt02      | Käyttäjä Kaksi | Muu Oy                  | muu      | 1.1.2026   | 1.6.2026
    """,
    "processors": """
        supplier  | service | agreement_signed_on | agreement_valid_until | test_use | test_data_anonymised
        Keypro Oy | KeyAqua | .                   | .                     | K        | E
    """,
    "requests": """
        request_number | customer_number | kind       | received_on | answered_on | extended
        TP1            | A1              | tarkastus  | 1.1.2026    | .           | E
        TP2            | A2              | poisto     | 1.1.2015    | 1.2.2015    | E
    """,
    "consents": """
        consent_id | customer_number | purpose   | given_on | withdrawn_on | in_use
        S1         | A1              | tiedotteet | 1.1.2015 | 1.1.2016    | K
    """,
    "companies": """
        business_id | name         | status
        4090016-0   | Väärä Oy     | lakannut
    """,
    "e_invoice_addresses": """
        e_invoice_address | business_id | name     | operator
        003799999998      | 4090016-0   | Väärä Oy | OKOYFIHH
    """,
}  # fmt: skip
HOLDS = """
    hold_id | system    | dataset  | customer_number | reason | from_date | until_date
    H1      | vesikanta | invoices | A1              | riita  | 1.1.2020  | .
"""


def write(folder: Path, names: Iterable[str] = ALL) -> Path:
    """The exports of these datasets, and the controller's legal holds."""
    folder.mkdir(parents=True)
    return worlds.write(folder, **{name: TABLES[name] for name in names}, holds=HOLDS)


def without_column(folder: Path, dataset: str, column: str) -> None:
    """Takes a column out of an export in `folder`."""
    layout = DATASETS[dataset]
    place = [each.name for each in layout.columns].index(column)
    path = folder / layout.file
    if path.suffix == ".xlsx":
        _sheet_without(path, place)
        return
    with path.open(encoding=layout.encoding, newline="") as file:
        rows = list(csv.reader(file, delimiter=layout.delimiter))
    with path.open("w", encoding=layout.encoding, newline="") as file:
        csv.writer(file, delimiter=layout.delimiter).writerows(row[:place] + row[place + 1 :] for row in rows)


def _sheet_without(path: Path, place: int) -> None:
    import xlsxwriter
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row[:place] + row[place + 1 :])


def required() -> Iterator[tuple[str, str]]:
    """(dataset, column) of every column that the exports must have."""
    return ((name, column.name) for name, layout in DATASETS.items() for column in layout.columns if column.required)


@dataclass(frozen=True)
class Case:
    """One period as it may come: exports that arrive, columns taken out of them, and exports of the periods before it."""

    name: str
    arrive: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    lacks: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.name


def but(*names: str) -> tuple[str, ...]:
    """All datasets but these."""
    return tuple(name for name in ALL if name not in names)


def singles() -> list[Case]:
    """None of the exports, each alone, each missing."""
    alone = [Case(f"{name} alone", (name,)) for name in ALL]
    return [Case("none", ()), *alone, *(Case(f"no {name}", but(name)) for name in ALL)]


def later() -> list[Case]:
    """Second and third periods: an export gone, come back, and come late; everything gone and back again."""
    gone = [Case(f"{name} gone", but(name), (ALL,)) for name in ALL]
    late = [Case(f"{name} late", ALL, (but(name),)) for name in ALL]
    third = [
        Case("gone and back", ALL, (ALL, ())),
        Case("nothing, then nothing", (), (ALL, ())),
        Case("first of all", ALL, ((), ())),
        Case("customers gone twice", but("customers"), (ALL, but("customers"))),
    ]
    return [*gone, *late, *third]


def pairs(number: int, seed: int = 14) -> list[Case]:
    """Two exports, drawn at random, missing or arriving alone."""
    drawn = random.Random(seed)
    chosen = [tuple(sorted(drawn.sample(ALL, 2))) for _ in range(number)]
    return [
        Case(f"no {a}, no {b}", but(a, b)) if place % 2 else Case(f"{a} and {b} alone", (a, b))
        for place, (a, b) in enumerate(chosen)
    ]


def columns() -> list[Case]:
    """Each required column missing from its export."""
    return [Case(f"{dataset} without {column}", ALL, lacks=((dataset, column),)) for dataset, column in required()]


def taken_in(folder: Path, case: Case, shelf: Path | None = None) -> tuple[Path, list[Outcome]]:
    """The home of a case, with all its periods taken in, and what came of them. `shelf`: where homes of earlier periods are
    kept, for cases that share them."""
    exports, home = folder / "exports", folder / "home"
    outcomes = earlier(folder, case.before, shelf or folder.with_name(f"{folder.name}-before"))
    period = write(exports / worlds.PERIOD, case.arrive)
    for dataset, column in case.lacks:
        without_column(period, dataset, column)
    return home, [*outcomes, *run(home, exports, worlds.EXPECTATIONS, threads=1)]


def earlier(folder: Path, before: tuple[tuple[str, ...], ...], shelf: Path) -> list[Outcome]:
    """Exports and home of the periods before; what came of them where they were taken in for this and not for an earlier case."""
    if not before:
        return []
    kept = shelf / "-".join(str(sum(1 << ALL.index(name) for name in names)) for names in before)
    outcomes = []
    if not kept.exists():
        for name, names in zip(EARLIER[-len(before) :], before, strict=True):
            write(kept / "exports" / name, names)
        outcomes = run(kept / "home", kept / "exports", worlds.EXPECTATIONS, threads=1)
    shutil.copytree(kept, folder, dirs_exist_ok=True)
    return outcomes


@contextlib.contextmanager
def one_connection() -> Iterator[None]:
    """Every look at a period over one connection to it: to open an encrypted database takes longer than a question."""
    opened: dict[tuple, contextlib.ExitStack] = {}
    connections, reading = {}, store.reading

    @contextlib.contextmanager
    def again(home, period, previous=None):
        key = (home.path, period, previous)
        if key not in opened:
            opened[key] = contextlib.ExitStack()
            connections[key] = opened[key].enter_context(reading(home, period, previous))
        cursor = connections[key].cursor()
        cursor.execute("use period")
        yield cursor
        cursor.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "reading", again)
        yield
    for stack in opened.values():
        stack.close()


MATERIALS = sbom.of_installed
NO_PAIRS = linkage.NOTHING + "".join(f", 0 as gamma_{name}" for name in linkage.model.COMPARISONS) + " where false"


@functools.cache
def of_installed() -> bytes:
    """The software bill of materials, which is the same in every bundle and takes a quarter of a case's time."""
    return MATERIALS()


@functools.cache
def spoken(language: str):
    """The expectations, of a controller who speaks another language."""
    loaded = worlds.expectations()
    return dataclasses.replace(loaded, controller=dataclasses.replace(loaded.controller, language=language))


@contextlib.contextmanager
def quick(language: str = "") -> Iterator[None]:
    """Expectations read once; no Great Expectations, no Splink (its table is made all the same), no pictures and no PDF, which
    have tests of their own and take longer than all the rest. The controller speaks `language`."""
    loaded = spoken(language) if language else worlds.expectations()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("pipelines.expectations.load.load", "pipelines.expectations.opened.load"):
            patch.setattr(name, lambda folder: loaded)
        patch.setattr("pipelines.rules.rulecheck.check_all", lambda loaded: None)
        for name in ("run", "warm"):
            patch.setattr(f"pipelines.second_opinion.{name}", lambda *arguments, **more: None)
        for name in ("heat_map", "stacked_bars", "columns_over_time"):
            patch.setattr(f"pipelines.report.figures.{name}", lambda *arguments, **more: "")
        for name in ("pipelines.report.page.statement_grid", "pipelines.desk.pictures.statement_grid"):
            patch.setattr(name, lambda *arguments: "")
        patch.setattr("pipelines.record.files.pdf", lambda *arguments: b"")
        patch.setattr("pipelines.person.linkage._splink", lambda connection: NO_PAIRS)
        patch.setattr("pipelines.job.sbom.of_installed", of_installed)
        yield


@contextlib.contextmanager
def without_letters_pdf() -> Iterator[None]:
    """The letter is written and drawn as a page, and not set as a PDF: that takes a quarter of a case's time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.person.pdf.pdf", lambda *arguments: b"")
        yield


def cells(name: str) -> list[str]:
    """The code of a notebook, cell by cell."""
    found = notebooks.read(notebooks.FOLDER / name).cells
    return [cell.source for cell in found if cell.cell_type == "code"]


def execute(name: str, show: Callable[[str], object] = str, **parameters: object) -> None:
    """A notebook's cells in this process, each result handed to `show` as a notebook would show it."""
    names: dict[str, object] = {}
    for number, source in enumerate(cells(name)):
        tree = ast.parse(source)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, name, "exec"), names)
        if last is not None:
            shown = eval(compile(ast.Expression(last.value), name, "eval"), names)
            show(getattr(shown, "_repr_html_", shown.__repr__)() or "")
        if not number:
            names.update(parameters)


# What is left of a period whatever arrived


def everything(
    folder: Path, case: Case, language: str, books: Iterable[str], shelf: Path | None = None
) -> list[Outcome]:
    """Takes a case in and makes all that the workbench makes of it, in a language, with these notebooks; asserts that each
    says what could not be looked at."""
    home, outcomes = taken_in(folder, case, shelf)
    assert [outcome.undrawn for outcome in outcomes] == [{}] * len(outcomes)
    lost = [name for name in ALL if name not in case.arrive]
    with one_connection():
        bench = open_workbench(home, language=language, expectations=worlds.EXPECTATIONS)
        report_says_so((home / "reports" / worlds.PERIOD / "report.html").read_text("utf-8"), bench, lost)
        findings_say_so(bench, lost)
        bundle_is_whole(bundle.of_period(open_period(home, worlds.EXPECTATIONS, worlds.PERIOD)), home)
        package_says_so(bench, folder / "package", language, lost)
        for name in books:
            execute(name, home=str(home), language=language, query=CUSTOMER, customer=CUSTOMER)
    return outcomes


def report_says_so(page: str, bench, lost: list[str]) -> None:
    """The page that the run wrote speaks the language, and names each export that did not arrive at its head and among what
    could not be checked."""
    assert f'<html lang="{bench.language}">' in page
    speech = languages.language(bench.language, bench.folder)
    head = page.partition('class="warn"')[2].partition("</p>")[0]
    feed = page.partition('<section id="feed"')[2].partition("</section>")[0]
    assert feed
    for name in lost:
        assert speech.label(name) in head and speech.label(name) in feed, name
    assert not lost or '<ul class="compact">' in feed.partition("</table>")[2]


def findings_say_so(bench, lost: list[str]) -> None:
    """What did not arrive is reported missing, and nothing else is found in it but what the schedule itself lacks."""
    found = bench.findings().df
    assert set(found[found.rule == "missing-export"].dataset) == set(lost)
    of_lost = found[found.dataset.isin(lost)]
    assert set(of_lost.rule) <= {"missing-export", "retention-criterion-missing", "feed-stale"}
    assert not lost or bench.opened.note["counts"]["not_evaluated"]


def bundle_is_whole(path: Path, home: Path) -> None:
    """The bundle has the report, the findings, the notice and the record in all languages."""
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    wanted = {"report.html", "findings.csv", "notice.json", "ropa.jsonld", *(f"ropa.{code}.html" for code in LANGUAGES)}
    assert {f"outputs/{name}" for name in wanted} <= names
    assert (home / "reports" / worlds.PERIOD / "worklists").is_dir()


def package_says_so(bench, folder: Path, language: str, lost: list[str]) -> None:
    """The certificate of the customer's access package names every export that could not be searched."""
    with at(bench.home, bench.folder, bench.name) as place:
        made = package(
            place,
            CUSTOMER,
            folder,
            confirm_protected=True,
            leave_offers_open=True,
            language=language,
            why="request TP1",
        )
        personal = set(place.contracts)
    said = json.dumps(made.certificate["could_not_be_searched"])
    assert [name for name in lost if name in personal and f'"{name}"' not in said] == []
