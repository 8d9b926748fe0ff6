"""Small worlds of exports, written from compact tables, and what the workbench says of them, in memory.

A table names registry columns; a column that is not named takes its default, `.` is an empty cell, and the as-of
date is 30.6.2026. `judged(exports)` reads, builds and evaluates one period as a run does, without a home.
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import oracle
import pytest
import xlsxwriter
from filelock import FileLock
from oracle.layouts import DATASETS, HOLDS

from pipelines import second_opinion as checkpoint
from pipelines.expectations.context import Context
from pipelines.expectations.load import Expectations, load
from pipelines.expectations.opened import OpenedPeriod
from pipelines.home import guard, store
from pipelines.job import run
from pipelines.landing import land as raw
from pipelines.landing import periods
from pipelines.registry import build as registry
from pipelines.report import page as report
from pipelines.rules import findings, relations, retention
from pipelines.rules.findings import COLUMNS
from pipelines.rules.parts import parts_of

ROOT = Path(__file__).parent.parent
EXPECTATIONS, SAMPLES = ROOT / "expectations", ROOT / "data_samples"
PERIOD, BEFORE = "2026-06-30", "2026-03-31"
DEFAULTS = {
    "customer_number": "A1",
    "customer_type": "H",
    "name": "Virtanen Matti",
    "street_address": "Topeekantie 3",
    "postal_code": "61800",
    "city": "KAUHAJOKI",
    "customer_since": "1.1.2010",
    "contact_confirmed_on": "1.6.2026",
    "contact_source": "asiakas",
    "protected_address": "E",
    "connection_number": "K1",
    "status": "voimassa",
    "agreed_on": "1.6.2026",
    "company": "KVH",
    "amount": "10,00",
    "open_amount": "0,00",
    "refund_due": "E",
    "invoiced_on": "1.6.2026",
    "voucher_date": "1.6.2026",
    "financial_year_end": "31.12.2026",
    "read_on": "1.6.2026",
    "month": "2026-06",
    "sent_at": "1.6.2026 12:00",
    "created_on": "1.6.2026",
    "imported_on": "2.6.2026",
    "disclosed_on": "1.6.2026",
    "granted_on": "1.6.2026",
    "received_on": "1.6.2026",
    "opened_on": "1.1.2026",
    "category": "huolto",
    "site_plan": "K",
    "floor_plan": "K",
    "system": "KeyAqua",
    "organisation": "Kauhajoen Vesihuolto Oy",
    "role": "asentaja",
    "updated_on": "1.6.2026",
}


def rows_of(table: str) -> list[dict[str, str]]:
    """The rows of a compact table: cells divided by `|`, `.` an empty one."""
    header, *lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return [dict(zip(header, ("" if cell == "." else cell for cell in line), strict=True)) for line in lines]


def write(folder: Path, **tables: str) -> Path:
    """Every table as its export in `folder`, by the layouts of the spec."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        dataset, usual = (HOLDS, {}) if name == "holds" else (DATASETS[name], DEFAULTS)
        cells = [[column.header for column in dataset.columns]]
        cells += [[row.get(c.name, usual.get(c.name, "")) for c in dataset.columns] for row in rows_of(table)]
        if dataset.file.endswith(".xlsx"):
            with xlsxwriter.Workbook(folder / dataset.file) as book:
                sheet = book.add_worksheet()
                for place, row in enumerate(cells):
                    sheet.write_row(place, 0, row)
        else:
            with open(folder / dataset.file, "w", encoding=dataset.encoding, newline="") as file:
                csv.writer(file, delimiter=dataset.delimiter).writerows(cells)
    return folder


@cache
def expectations(folder: Path = EXPECTATIONS) -> Expectations:
    """The expectations of a folder, loaded once."""
    return load(folder)


@dataclass(frozen=True)
class Judged:
    """One period as the workbench sees it, open for questions."""

    connection: object
    context: Context
    loaded: Expectations
    unavailable: tuple

    def opened(self, period: str = PERIOD, loaded: Expectations | None = None) -> OpenedPeriod:
        """The period as it is while a run takes it in, into no home."""
        return OpenedPeriod(None, period, self.context.as_of, loaded or self.loaded)

    def rows(self, sql: str) -> list[dict]:
        """What a SELECT answers, dates as ISO text and nulls as ''."""
        found = self.connection.execute(sql)
        names = [item[0] for item in found.description]
        return [dict(zip(names, map(plain, row), strict=True)) for row in found.fetchall()]

    def findings(self, *rules: str) -> list[dict]:
        """The findings of all rules or of those named, with the columns of findings.csv, in its order."""
        parts = parts_of(self.connection, self.loaded)
        self.evaluate([part for part in parts if not rules or part.rule.id in rules])
        return self.rows(
            f"select {', '.join(COLUMNS)} from results.findings order by rule, system, dataset, record_key, field"
        )

    def found(self, rule: str) -> list[str]:
        """`record_key field due_on` of every finding of a rule, blanks left out."""
        return [brief(one) for one in self.findings(rule)]

    def again(self, as_of: str | None = None, loaded: Expectations | None = None) -> Judged:
        """The same registry as of another day, or under other expectations."""
        loaded = loaded or self.loaded
        day = dt.date.fromisoformat(as_of) if as_of else self.context.as_of
        return derive(self.connection, Context(day, loaded.contracts, loaded.controller), loaded)

    def retention(self) -> list[dict]:
        """dataset (with its system), record_key, start, last_day and state of every record."""
        return self.rows(
            "select system || '.' || dataset as dataset, record_key, started_on as start, last_day, state"
            " from registry.retention order by system, registry.retention.dataset, record_key, last_day"
        )

    def states(self, dataset: str) -> list[str]:
        """`record_key last_day state` of every record of a dataset."""
        rows = [row for row in self.retention() if row["dataset"].endswith("." + dataset)]
        return [" ".join(filter(None, (row["record_key"], row["last_day"], row["state"]))) for row in rows]

    def not_evaluated(self) -> set[str]:
        """Rules of which a part was not evaluated."""
        return {row["rule"] for row in self.rows("select rule from results.evaluations where status <> 'evaluated'")}

    def evaluate(self, parts) -> None:
        """The parts of rules, from nothing."""
        self.connection.execute("delete from results.offences; delete from results.evaluations")
        findings.evaluate(self.connection, self.context, parts, self.unavailable)


def plain(value: object) -> object:
    """A value as a CSV would have it."""
    return "" if value is None else value.isoformat() if isinstance(value, dt.date) else value


def brief(finding: dict) -> str:
    """`record_key field due_on`, blanks left out."""
    return " ".join(filter(None, (finding["record_key"], finding["field"], finding["due_on"])))


def build(connection, exports: Path, period: str, as_of: dt.date, loaded: Expectations) -> Judged:
    """Reads one period into the current database, up to the rules' evaluation."""
    read(connection, exports, period, loaded)
    guard.lock(connection)
    return begin(connection, as_of, loaded)


def read(connection, exports: Path, period: str, loaded: Expectations) -> None:
    """One period's registry, in the current database."""
    contracts = (*loaded.contracts, *loaded.own)
    raw.prepare(connection)
    raw.land(connection, contracts, exports / period, exports)
    if connection.execute("from duckdb_tables() where table_name = 'feeds' and temporary").fetchall():
        raw.note_rows_before(connection, "temp.feeds", period)
    registry.build(connection, contracts, loaded.controller.subject, loaded.controller.country)


def begin(connection, as_of: dt.date, loaded: Expectations) -> Judged:
    """What the expectations say of the current database's registry, on a connection that is locked."""
    context = Context(as_of, loaded.contracts, loaded.controller)
    findings.prepare(connection, context, loaded.rules)
    return derive(connection, context, loaded)


def derive(connection, context: Context, loaded: Expectations) -> Judged:
    """What follows from the registry: retention and shared relations."""
    unavailable = retention.build(connection, context, loaded.schedule)
    relations.build(connection, context, loaded.relations)
    return Judged(connection, context, loaded, tuple(unavailable))


@contextlib.contextmanager
def judged(
    exports: Path, period: str = PERIOD, as_of: str | None = None, loaded: Expectations | None = None
) -> Iterator[Judged]:
    """One period of an exports folder, with the period before it where there is one."""
    loaded = loaded or expectations()
    earlier = [name for name in periods.find(exports) if name < period]
    with store.scratch() as connection:
        if earlier:
            connection.execute("attach ':memory:' as previous; use previous")
            read(connection, exports, earlier[-1], loaded)
            feeds = "create temp table feeds as select '' as period, dataset, rows_registered from previous.feed.files"
            connection.execute(feeds)
            connection.execute("use period")
        read(connection, exports, period, loaded)
        guard.lock(connection)
        if earlier:
            connection.execute("use previous")
            begin(connection, dt.date.fromisoformat(earlier[-1]), loaded)
            connection.execute("use period")
        yield begin(connection, dt.date.fromisoformat(as_of or period), loaded)


def expected(exports: Path, period: str = PERIOD, as_of: str | None = None) -> list[dict]:
    """The oracle's findings."""
    return oracle.findings(exports, period, dt.date.fromisoformat(as_of or period))


def answer_key(samples: Path) -> dict[str, list[dict]]:
    """The samples' own findings, by period."""
    key: dict[str, list[dict]] = {}
    with (samples / "expected_findings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key.setdefault(row.pop("period"), []).append(row)
    return key


# Everything that a finding says but for `detail`, which is worded freely.
JUDGED_COLUMNS = tuple(column for column in COLUMNS if column != "detail")


def told(rows: list[dict], rule: str | None = None) -> list[tuple]:
    """Findings as comparable tuples, of one rule or of all."""
    return sorted(
        tuple(row[column] for column in JUDGED_COLUMNS) for row in rows if rule is None or row["rule"] == rule
    )


# Real homes. Great Expectations and the report have tests of their own, and take longer than all the rest.


@contextlib.contextmanager
def light() -> Iterator[None]:
    """Runs without Great Expectations and without a report."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (checkpoint, report):
            patch.setattr(module, "run" if module is checkpoint else "write", lambda *arguments, **more: None)
        yield


def home_of_samples(tmp_path_factory) -> Path:
    """A home that has taken in the repository's samples: made once for all workers of a session. Not to be changed."""
    place = tmp_path_factory.getbasetemp()
    place = (place.parent if "PYTEST_XDIST_WORKER" in os.environ else place) / "samples"
    with FileLock(f"{place}.lock"):
        if not place.exists():
            with light():
                run.run(place.with_suffix(".part"), SAMPLES / "exports", EXPECTATIONS, threads=2)
            place.with_suffix(".part").replace(place)
    return place
