"""How long each record may be kept, to the day: the schedule's classes, offsets, holds, the customers themselves."""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from dataclasses import replace
from pathlib import Path

import oracle
import pytest
import worlds
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.layouts import DATASETS
from oracle.values import add_months, add_years
from worlds import EXPECTATIONS, PERIOD, brief, expectations, judged

from pipelines.errors import ExpectationsError
from pipelines.expectations.schedule import load_schedule
from pipelines.expectations.span import parse_period
from pipelines.rules import holds as legal_holds

CUSTOMER = "customer_number\nA1"


@contextlib.contextmanager
def world(folder: Path, as_of: str = PERIOD, loaded=None, **tables: str):
    """A world with one current customer, unless the tables say otherwise."""
    worlds.write(folder / PERIOD, **{"customers": CUSTOMER, "connections": "connection_number\nK1"} | tables)
    with judged(folder, as_of=as_of, loaded=loaded) as judgement:
        yield judgement


def states(dataset: str, folder: Path, as_of: str = PERIOD, loaded=None, **tables: str) -> list[str]:
    with world(folder, as_of, loaded, **tables) as judgement:
        return judgement.states(dataset)


# The last day of every class, by its event

LAST_DAYS = """
    dataset               | event            | last day
    invoices              | 1.1.2020         | 2026-12-31
    invoices              | 31.12.2020       | 2026-12-31
    invoices              | 29.2.2020        | 2026-12-31
    ledger                | 31.12.2015       | 2025-12-31
    ledger                | 29.2.2016        | 2026-02-28
    ledger                | 30.4.2016        | 2026-04-30
    meter_readings        | 29.2.2020        | 2026-12-31
    meter_readings        | 31.12.2019       | 2025-12-31
    consumption           | 2023-06          | 2026-06-30
    consumption           | 2024-02          | 2027-02-28
    consumption           | 2021-02          | 2024-02-28
    consumption           | 2023-12          | 2026-12-31
    messages              | 29.2.2024 23:59  | 2026-02-28
    messages              | 31.8.2024 0:00   | 2026-08-31
    claims                | 29.2.2024        | 2027-02-28
    claims                | 31.3.2023        | 2026-03-31
    installer_disclosures | 29.2.2024        | 2025-02-28
    installer_disclosures | 28.2.2023        | 2024-02-28
    user_accounts         | 29.2.2024        | 2025-02-28
    requests              | 29.2.2024        | 2027-02-28
    consents              | 31.1.2023        | 2026-01-31
"""
EVENTS = {
    "invoices": "invoiced_on",
    "ledger": "financial_year_end",
    "meter_readings": "read_on",
    "consumption": "month",
    "messages": "sent_at",
    "claims": "resolved_on",
    "installer_disclosures": "disclosed_on",
    "user_accounts": "ended_on",
    "requests": "answered_on",
    "consents": "withdrawn_on",
}


def tables_of(rows: list[dict[str, str]]) -> dict[str, str]:
    """One table per dataset, its records numbered, each with its event."""
    tables: dict[str, str] = {}
    for number, row in enumerate(rows):
        name = row["dataset"]
        tables.setdefault(name, f"{DATASETS[name].key} | {EVENTS[name]}")
        tables[name] += f"\nN{number} | {row['event'] or '.'}"
    return tables


def test_the_last_day_of_each_class(tmp_path):
    rows = worlds.rows_of(LAST_DAYS)
    with world(tmp_path, **tables_of(rows)) as judgement:
        found = {row["record_key"]: row["last_day"] for row in judgement.retention()}
    assert {f"N{number}": row["last day"] for number, row in enumerate(rows)}.items() <= found.items()


def test_the_day_before_the_day_and_the_day_after(tmp_path):
    """A is 30.6.2026: a last day of A itself is still within the period."""
    messages = """
        message_id | sent_at
        before     | 29.6.2024 12:00
        the day    | 30.6.2024 23:59
        after      | 1.7.2024 0:00
    """
    with world(tmp_path, messages=messages) as judgement:
        assert judgement.states("messages") == [
            "after 2026-07-01 active",
            "before 2026-06-29 due",
            "the day 2026-06-30 active",
        ]
        assert judgement.found("past-retention") == ["before 2026-06-29"]


def test_an_invoice_around_its_last_day(tmp_path):
    with world(tmp_path, invoices="invoice_number | invoiced_on\nL1 | 15.3.2020") as judgement:
        for as_of, state in (("2026-12-30", "active"), ("2026-12-31", "active"), ("2027-01-01", "due")):
            assert judgement.again(as_of).states("invoices") == [f"L1 2026-12-31 {state}"]


def test_a_class_whose_event_is_the_customers(tmp_path):
    customers = """
        customer_number | customer_until
        A1              | .
        A2              | 29.6.2025
        A3              | 30.6.2025
        A4              | 29.2.2024
        A5              | 31.2.2024
    """
    accounts = "account_id | customer_number" + "".join(f"\nT{n} | A{n}" for n in range(1, 7))
    assert states("accounts", tmp_path, customers=customers, accounts=accounts) == [
        "T1 not running",
        "T2 2026-06-29 due",
        "T3 2026-06-30 active",
        "T4 2025-02-28 due",
        "T5 trigger missing",
        "T6 trigger missing",
    ]


def test_a_missing_event_is_never_a_day_that_has_not_come(tmp_path):
    tables = tables_of([{"dataset": name, "event": ""} for name in EVENTS])
    with world(tmp_path, **tables) as judgement:
        states = {row["dataset"].split(".")[1]: row["state"] for row in judgement.retention()}
    missing = {name for name, state in states.items() if state == "trigger missing"}
    assert missing == {"invoices", "ledger", "meter_readings", "consumption", "messages", "installer_disclosures"}
    assert {states[name] for name in ("claims", "user_accounts", "requests", "consents")} == {"not running"}


def test_rows_of_another_company_are_nobodys_here(tmp_path):
    assert states("ledger", tmp_path, ledger="voucher_number | company\nT1 | XYZ\nT2 | KVH") == ["T2 2036-12-31 active"]


# Financial years, by day and month of their end

FINANCIAL_YEARS = """
    year ends | invoiced  | end of financial year | last day of the invoice
    12-31     | 31.12.2019 | 2019-12-31           | 2025-12-31
    12-31     | 1.1.2020   | 2020-12-31           | 2026-12-31
    04-30     | 29.4.2020  | 2020-04-30           | 2026-12-31
    04-30     | 30.4.2020  | 2020-04-30           | 2026-12-31
    04-30     | 1.5.2020   | 2021-04-30           | 2027-12-31
    02-28     | 28.2.2020  | 2020-02-29           | 2026-12-31
    02-28     | 29.2.2020  | 2020-02-29           | 2026-12-31
    02-28     | 1.3.2020   | 2021-02-28           | 2027-12-31
    02-28     | 28.2.2021  | 2021-02-28           | 2027-12-31
    02-29     | 29.2.2020  | 2020-02-29           | 2026-12-31
    02-29     | 1.3.2020   | 2021-02-28           | 2027-12-31
    06-15     | 15.6.2020  | 2020-06-15           | 2026-12-31
    06-15     | 16.6.2020  | 2021-06-15           | 2027-12-31
"""


def with_schedule(tmp_path: Path, change=None, year_end: str = "12-31"):
    """The repository's expectations with a changed schedule or financial year."""
    loaded = expectations()
    document = yaml.safe_load((EXPECTATIONS / "retention.yaml").read_text("utf-8"))
    if change:
        change(document)
    path = tmp_path / "retention.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), "utf-8")
    controller = replace(loaded.controller, financial_year_end=year_end)
    return replace(loaded, schedule=load_schedule(path, loaded.contracts, controller.parameters), controller=controller)


def test_financial_years_end_when_the_controller_says(tmp_path):
    rows = worlds.rows_of(FINANCIAL_YEARS)
    invoices = "invoice_number | invoiced_on" + "".join(f"\nL{n} | {row['invoiced']}" for n, row in enumerate(rows))
    with world(tmp_path, invoices=invoices) as judgement:
        for number, row in enumerate(rows):
            here = judgement.again(loaded=with_schedule(tmp_path, year_end=row["year ends"]))
            day = "date '{2}-{1:0>2}-{0:0>2}'".format(*row["invoiced"].split("."))
            assert here.rows(f"select end_of_financial_year({day}) as day")[0]["day"] == row["end of financial year"], (
                row
            )
            lasts = {one["record_key"]: one["last_day"] for one in here.retention()}
            assert lasts[f"L{number}"] == row["last day of the invoice"], row


OFFSETS_AND_PERIODS = """
    offset                                     | period | event     | last day
    .                                          | P1Y6M  | 31.8.2024 | 2026-02-28
    .                                          | P30D   | 31.1.2026 | 2026-03-02
    .                                          | P1M    | 31.1.2024 | 2024-02-29
    .                                          | P12M   | 29.2.2024 | 2025-02-28
    .                                          | P1Y    | 28.2.2024 | 2025-02-28
    .                                          | P1M1D  | 30.1.2026 | 2026-03-01
    end of month                               | P1M    | 1.2.2024  | 2024-03-29
    end of month                               | P1Y    | 10.2.2023 | 2024-02-28
    end of calendar year                       | P1Y    | 1.1.2024  | 2025-12-31
    end of financial year                      | P1Y    | 1.5.2024  | 2026-04-30
    end of financial year,end of calendar year | P1Y    | 1.5.2024  | 2026-12-31
    end of calendar year,end of financial year | P1Y    | 1.5.2024  | 2026-04-30
"""


def test_offsets_come_before_the_period_in_the_order_of_the_schedule(tmp_path):
    rows = worlds.rows_of(OFFSETS_AND_PERIODS)
    readings = "reading_id | read_on" + "".join(f"\nM{n} | {row['event']}" for n, row in enumerate(rows))
    with world(tmp_path, meter_readings=readings) as judgement:
        for number, row in enumerate(rows):
            offsets = row["offset"].split(",") if row["offset"] else []

            def change(document, offsets=offsets, period=row["period"]):
                document["classes"]["vesikanta.meter_readings"] |= {"offset": offsets, "period": period}

            here = judgement.again(loaded=with_schedule(tmp_path, change, year_end="04-30"))
            lasts = {one["record_key"]: one["last_day"] for one in here.retention()}
            assert lasts[f"M{number}"] == row["last day"], row


@pytest.mark.parametrize(
    ("text", "months", "days"), [("P6Y", 72, 0), ("P12M", 12, 0), ("P1Y6M", 18, 0), ("P30D", 0, 30), ("P1Y2M3D", 14, 3)]
)
def test_iso_periods(text, months, days):
    period = parse_period(text)
    assert (period.months, period.days) == (months, days)


@pytest.mark.parametrize("text", ["P", "6Y", "P6", "P1W", "PT1H", "P-1Y", "P1M1Y", "p6y", "", None, 6])
def test_no_iso_periods(text):
    assert parse_period(text) is None


# A schedule with a mistake

MISTAKES = {
    "an unknown top-level key": (lambda d: d.update(clases={}), "clases", "unknown key"),
    "an unknown key": (
        lambda d: d["classes"]["keyaqua.messages"].update(perod="P2Y"),
        "classes.keyaqua.messages.perod",
        "unknown key",
    ),
    "no title": (
        lambda d: d["classes"]["keyaqua.messages"].pop("title"),
        "classes.keyaqua.messages.title",
        "is missing",
    ),
    "no mandate": (
        lambda d: d["classes"]["keyaqua.messages"].pop("mandate"),
        "classes.keyaqua.messages.mandate",
        "is missing",
    ),
    "no such contract": (
        lambda d: d["classes"].update({"keyaqua.birds": dict(d["classes"]["keyaqua.messages"])}),
        "classes.keyaqua.birds",
        "no contract",
    ),
    "no ISO period": (
        lambda d: d["classes"]["keyaqua.messages"].update(period="2 years"),
        "classes.keyaqua.messages.period",
        "is no period",
    ),
    "no ISO review": (
        lambda d: d["classes"]["paper.agreements"]["review"].update(every="5"),
        "classes.paper.agreements.review.every",
        "is no period",
    ),
    "a review since no date": (
        lambda d: d["classes"]["paper.agreements"]["review"].update(since=["binder"]),
        "classes.paper.agreements.review.since",
        "no date column",
    ),
    "a review that says too little": (
        lambda d: d["classes"]["paper.agreements"].update(review="P5Y"),
        "classes.paper.agreements.review",
        "no day to count from",
    ),
    "an overdue event that is another's": (
        lambda d: d["classes"]["kulutusweb.accounts"].update(overdue={"after": "P1Y", "since": "created_on"}),
        "classes.kulutusweb.accounts.overdue",
        "no event of the record's own",
    ),
    "an overdue event counted from no word": (
        lambda d: d["classes"]["vesikanta.claims"]["overdue"].update(undated="perhaps"),
        "classes.vesikanta.claims.overdue.undated",
        "cannot be 'perhaps'",
    ),
    "a guard that is no truth": (
        lambda d: d["classes"]["paper.agreements"].update(guarded="always"),
        "classes.paper.agreements.guarded",
        "cannot be 'always'",
    ),
    "fields needed while nothing": (
        lambda d: d["fields_needed_while"][0].pop("where"),
        "fields_needed_while.0",
        "is not complete",
    ),
    "an unknown kind": (
        lambda d: d["classes"]["keyaqua.messages"].update(kind="about"),
        "classes.keyaqua.messages.kind",
        "minimum, maximum",
    ),
    "an unknown action": (
        lambda d: d["classes"]["keyaqua.messages"].update(action="burn"),
        "classes.keyaqua.messages.action",
        "erase, review",
    ),
    "a period without an event": (
        lambda d: d["classes"]["keyaqua.messages"].pop("time_reference"),
        "classes.keyaqua.messages",
        "but not both",
    ),
    "an event that is no date": (
        lambda d: d["classes"]["keyaqua.messages"].update(time_reference="text"),
        "classes.keyaqua.messages.time_reference",
        "no date column",
    ),
    "an event of the subject that is none": (
        lambda d: d["classes"]["kulutusweb.accounts"].update(time_reference="subject.name"),
        "classes.kulutusweb.accounts.time_reference",
        "no date column",
    ),
    "an unknown offset": (
        lambda d: d["classes"]["keyaqua.messages"].update(offset=["end of week"]),
        "classes.keyaqua.messages.offset",
        "unknown offset",
    ),
    "an unknown word for missing": (
        lambda d: d["classes"]["keyaqua.messages"].update(missing="fine"),
        "classes.keyaqua.messages.missing",
        "is 'fine'",
    ),
    "no mapping": (
        lambda d: d["classes"].update({"keyaqua.messages": "P2Y"}),
        "classes.keyaqua.messages",
        "is no mapping",
    ),
    "held by no class": (lambda d: d["subject"].update(held_by=["vesikanta.birds"]), "subject.held_by", "no class"),
    "held while what": (
        lambda d: d["subject"].update(held_while=[{"dataset": "connections"}]),
        "subject.held_while.0",
        "is not complete",
    ),
    "held while of nothing": (
        lambda d: d["subject"]["held_while"][1].update(dataset="birds"),
        "subject.held_while.1.dataset",
        "no dataset",
    ),
    "ended when what": (
        lambda d: d["subject"].update(ended_when={"dataset": "connections"}),
        "subject.ended_when",
        "is not complete",
    ),
    "the subject of no contract": (
        lambda d: d["subject"].update({"class": "vesikanta.birds"}),
        "subject",
        "no contract",
    ),
    "holds through nothing": (lambda d: d.update(holds_through=["birds"]), "holds_through", "no dataset"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_schedule_names_file_class_key_and_remedy(tmp_path, mistake):
    change, place, problem = MISTAKES[mistake]
    with pytest.raises(ExpectationsError) as caught:
        with_schedule(tmp_path, change)
    assert caught.value.place == place
    assert problem in caught.value.problem
    assert caught.value.file.endswith("retention.yaml")
    assert caught.value.remedy


def test_one_offset_may_be_written_without_a_list(tmp_path):
    loaded = with_schedule(tmp_path, lambda d: d["classes"]["keyaqua.messages"].update(offset="end of month"))
    messages = "message_id | sent_at\nV1 | 1.2.2025 12:00"
    assert states("messages", tmp_path, loaded=loaded, messages=messages) == ["V1 2027-02-28 active"]


# Legal holds

HOLDS = """
    customer | system    | dataset  | from      | until     | covers
    A0       | .         | .        | .         | .         | all
    A1       | vesikanta | .        | .         | .         | claims customers invoices meter_readings
    A2       | keyaqua   | .        | .         | .         | customers messages
    A3       | vesikanta | invoices | .         | .         | customers invoices
    A4       | .         | invoices | .         | .         | customers invoices
    A5       | .         | .        | .         | 29.6.2026 | .
    A6       | .         | .        | .         | 30.6.2026 | all
    A7       | .         | .        | 30.6.2026 | .         | all
    A8       | .         | .        | 1.7.2026  | .         | .
    NOBODY   | .         | .        | .         | .         | .
"""
COVERABLE = {"claims", "consumption", "customers", "invoices", "meter_readings", "messages"}
OVERDUE = {
    "customers": "customer_number | customer_until\nA{n} | 1.1.2015",
    "connections": "connection_number | customer_number | status\nK{n} | A{n} | päättynyt",
    "invoices": "invoice_number | customer_number | invoiced_on\nL{n} | A{n} | 1.1.2012",
    "ledger": "voucher_number | customer_number\nT{n} | A99",
    "claims": "claim_number | customer_number | resolved_on\nR{n} | A{n} | 1.1.2012",
    "messages": "message_id | customer_number | sent_at\nV{n} | A{n} | 1.1.2012 9:00",
    "meter_readings": "reading_id | connection_number | read_on\nM{n} | K{n} | 1.1.2012",
    "consumption": "row_id | customer_number | connection_number | month\nC{n} | A99 | K{n} | 2012-01",
}


def overdue(count: int) -> dict[str, str]:
    """Customers long gone, each with a record of every kind that names the customer, or the customer's connection."""
    tables = {}
    for name, text in OVERDUE.items():
        header, row = text.split("\n")
        tables[name] = "\n".join([header, *(row.format(n=number) for number in range(count))])
    return tables


def test_a_hold_covers_what_names_the_customer_or_a_connection_of_the_customers(tmp_path):
    rows = worlds.rows_of(HOLDS)
    holds = "hold_id | customer_number | system | dataset | from_date | until_date"
    for number, row in enumerate(rows):
        holds += f"\nP{number} | " + " | ".join(
            row[name] or "." for name in ("customer", "system", "dataset", "from", "until")
        )
    with world(tmp_path, **overdue(len(rows)), holds=holds) as judgement:
        fates = judgement.retention()
        due = {brief(one) for one in judgement.findings("past-retention")}
    for number, row in enumerate(rows):
        mine = {one["dataset"].split(".")[1]: one for one in fates if one["record_key"][1:] == str(number)}
        covered = COVERABLE if row["covers"] == "all" else set(row["covers"].split())
        assert {name for name, one in mine.items() if one["state"] == "held"} == covered, row
        for name in COVERABLE:
            is_due = f"{mine[name]['record_key']} {mine[name]['last_day']}" in due
            assert is_due == (name not in covered), (name, row)


def test_a_record_without_its_event_is_not_held_but_faulty(tmp_path):
    tables = {"invoices": "invoice_number | invoiced_on\nL1 | 31.2.2012", "holds": "hold_id | customer_number\nP1 | A1"}
    assert states("invoices", tmp_path, **tables) == ["L1 trigger missing"]


def test_what_a_missing_connection_list_might_hold_is_not_called_due(tmp_path):
    tables = {name: table for name, table in overdue(1).items() if name != "connections"}
    worlds.write(tmp_path / PERIOD, **tables, holds="hold_id | customer_number\nP1 | A9")
    with judged(tmp_path) as judgement:
        assert judgement.states("meter_readings") == judgement.states("consumption") == []
        assert judgement.states("messages") == ["V0 2014-01-01 due"]
        reasons = {row["dataset"]: row["reason"] for row in map(vars, judgement.unavailable)}
        assert "held" in reasons["meter_readings"]


def test_a_hold_that_holds_nothing_is_told(tmp_path):
    holds = """
        hold_id | customer_number | system   | dataset  | from_date | until_date
        P1      | A1              | .        | .        | 1.1.2026  | 30.6.2026
        P2      | A1              | .        | .        | .         | 29.6.2026
        P3      | A9              | .        | .        | .         | .
        P4      | .               | .        | .        | .         | .
        P5      | A1              | vesikant | .        | .         | .
        P6      | A1              | .        | invoyces | .         | .
        P7      | A1              | .        | .        | 31.2.2026 | .
    """
    with world(tmp_path, holds=holds) as judgement:
        assert legal_holds.faults(judgement.connection, judgement.context) == [
            "legal hold P2: expired on 2026-06-29",
            "legal hold P3: names nobody that is known",
            "legal hold P4: names nobody: nothing that it may cover is called overdue",
            "legal hold P5: names a system that no contract has",
            "legal hold P6: names a dataset that no contract has",
            "legal hold P7: its from_date cannot be read",
        ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (
            "Pito;Järjestelmä;Aineisto;Asiakasnumero;Peruste;Alkoi;Päättyy\nP1;vesikanta\n",
            "holds.csv:2: cannot be read: too few cells",
        ),
        ("Pito;Järjestelmä;Aineisto;Asiakasnro;Peruste;Alkoi;Päättyy\n", "holds.csv: has no column Asiakasnumero"),
        ("", ""),
    ],
)
def test_a_list_of_holds_that_cannot_be_read_is_told(tmp_path, content, fault):
    worlds.write(tmp_path / PERIOD, customers=CUSTOMER)
    (tmp_path / PERIOD / "holds.csv").write_text(content, "utf-8")
    with judged(tmp_path) as judgement:
        assert legal_holds.faults(judgement.connection, judgement.context) == [f"legal hold {fault}"] * bool(fault)


# Customers: gone when nothing holds them any more

SUBJECTS = """
    held by                                | state
    nothing                                | 2023-05-31 due
    an invoice of 1.1.2021                 | 2027-12-31 active
    an invoice of 1.1.2019                 | 2025-12-31 due
    an invoice of ?                        | not running
    a ledger row of 31.12.2017             | 2027-12-31 active
    a ledger row of ?                      | not running
    a ledger row of 31.12.2012, 0,01 open  | not running
    a ledger row of 31.12.2017, of another | 2023-05-31 due
    a claim of 1.7.2023                    | 2026-07-01 active
    a claim of ?                           | not running
    a connection in force                  | not running
    a hold on keyaqua                      | held
"""
GONE = {
    "customers": "customer_number | customer_until\nA1 | 31.5.2020",
    "connections": "connection_number | status\nK1 | päättynyt",
    "invoices": "invoice_number | customer_number\nL9 | A9",
    "ledger": "voucher_number | customer_number\nT9 | A9",
    "claims": "claim_number | customer_number | resolved_on\nR9 | A9 | 1.1.2026",
}


def test_a_former_customer_goes_when_nothing_holds_the_record_any_more(tmp_path):
    rows = worlds.rows_of(SUBJECTS)
    tables = {
        "customers": "customer_number | customer_until",
        "connections": "connection_number | customer_number | status",
        "invoices": "invoice_number | customer_number | invoiced_on",
        "ledger": "voucher_number | customer_number | financial_year_end | open_amount | company",
        "claims": "claim_number | customer_number | resolved_on",
        "holds": "hold_id | customer_number | system",
    }
    for number, row in enumerate(rows):
        tables["customers"] += f"\nA{number:02} | 31.5.2020"
        kind, _, day = row["held by"].partition(" of ")
        day = day.split(",")[0]
        match kind:
            case "an invoice":
                tables["invoices"] += f"\nL{number} | A{number:02} | {day}"
            case "a claim":
                tables["claims"] += f"\nR{number} | A{number:02} | {day}"
            case "a connection in force":
                tables["connections"] += f"\nK{number} | A{number:02} | voimassa"
            case "a hold on keyaqua":
                tables["holds"] += f"\nP{number} | A{number:02} | keyaqua"
            case "a ledger row":
                amount, company = (
                    "0,01" if "open" in row["held by"] else "0",
                    "XYZ" if "another" in row["held by"] else "KVH",
                )
                tables["ledger"] += f"\nT{number} | A{number:02} | {day} | {amount} | {company}"
    found = states("customers", tmp_path, **tables)
    assert found == [f"A{number:02} {row['state']}" for number, row in enumerate(rows)]


def test_the_latest_of_all_sets_the_customers_last_day(tmp_path):
    tables = {
        "invoices": "invoice_number | invoiced_on\nL1 | 1.1.2021\nL2 | 1.1.2020",
        "ledger": "voucher_number | financial_year_end\nT1 | 31.12.2018\nT2 | 31.12.2012",
    }
    with world(tmp_path, **GONE | tables) as judgement:
        assert judgement.states("customers") == ["A1 2028-12-31 active"]
        limits = judgement.rows("select class, record_key, last_day, never_ends from registry.subject_limits")
        assert limits == [
            {"class": "proeconomica.ledger", "record_key": "T1", "last_day": "2028-12-31", "never_ends": False}
        ]
        holds = judgement.rows(
            "select record_key, last_day from registry.subject_holds where customer_number = 'A1' order by 1"
        )
        assert [" ".join(row.values()) for row in holds] == [
            "L1 2027-12-31",
            "L2 2026-12-31",
            "T1 2028-12-31",
            "T2 2022-12-31",
        ]


def test_the_detail_says_which_class_sets_the_last_day(tmp_path):
    tables = {"invoices": "invoice_number | invoiced_on\nL1 | 1.1.2019"}
    with world(tmp_path, **GONE | tables) as judgement:
        details = [one["detail"] for one in judgement.findings("past-retention") if one["dataset"] == "customers"]
    assert details == ["last day set by vesikanta.invoices"]


def test_a_customer_whose_connections_have_all_ended_has_no_end_that_starts_anything(tmp_path):
    customers = """
        customer_number | customer_until
        A1              | .
        A2              | .
        A3              | .
        A4              | 31.2.2020
    """
    connections = """
        connection_number | customer_number | status
        K1                | A1              | päättynyt
        K2                | A2              | päättynyt
        K3                | A2              | voimassa
    """
    with world(tmp_path, **GONE | {"customers": customers, "connections": connections}) as judgement:
        assert judgement.found("trigger-missing") == ["A1 customer_until", "A4 customer_until"]
        assert judgement.states("customers") == [
            "A1 trigger missing",
            "A2 not running",
            "A3 not running",
            "A4 trigger missing",
        ]


# Against the oracle, on worlds of chance

DAYS = st.dates(dt.date(2009, 1, 1), dt.date(2026, 6, 30)) | st.sampled_from(
    [dt.date(2012, 2, 29), dt.date(2016, 2, 29), dt.date(2020, 2, 29), dt.date(2024, 2, 29), dt.date(2024, 6, 30)]
)
MAYBE_DAY = st.none() | DAYS
PEOPLE = st.sampled_from([f"A{number}" for number in range(1, 9)])
RECORDS = st.fixed_dictionaries(
    {
        "customers": st.lists(MAYBE_DAY, min_size=8, max_size=8),
        "connections": st.lists(st.tuples(PEOPLE, st.sampled_from(["voimassa", "päättynyt"])), max_size=7),
        "invoices": st.lists(st.tuples(PEOPLE, MAYBE_DAY), max_size=14),
        "ledger": st.lists(
            st.tuples(PEOPLE, MAYBE_DAY, st.sampled_from(["0", "1,50"]), st.sampled_from(["KVH", "KVH", "XYZ"])),
            max_size=14,
        ),
        "claims": st.lists(st.tuples(PEOPLE, MAYBE_DAY), max_size=8),
        "meter_readings": st.lists(st.tuples(st.sampled_from(["K0", "K1", "K2"]), DAYS), max_size=8),
        "accounts": st.lists(PEOPLE, max_size=8),
        "messages": st.lists(st.tuples(PEOPLE, DAYS), max_size=8),
        "holds": st.lists(
            st.tuples(PEOPLE, st.sampled_from([".", "vesikanta", "keyaqua"]), MAYBE_DAY, MAYBE_DAY), max_size=2
        ),
    }
)


def finnish(day: dt.date | None) -> str:
    return f"{day.day}.{day.month}.{day.year}" if day else "."


def table(header: str, rows) -> str:
    return "\n".join([header, *(" | ".join(map(str, row)) for row in rows)])


def tables_by_chance(drawn: dict) -> dict[str, str]:
    return {
        "customers": table(
            "customer_number | customer_until", [(f"A{n}", finnish(day)) for n, day in enumerate(drawn["customers"], 1)]
        ),
        "connections": table(
            "connection_number | customer_number | status",
            [(f"K{n}", *row) for n, row in enumerate(drawn["connections"])],
        ),
        "invoices": table(
            "invoice_number | customer_number | invoiced_on",
            [(f"L{n}", who, finnish(day)) for n, (who, day) in enumerate(drawn["invoices"])],
        ),
        "ledger": table(
            "voucher_number | customer_number | financial_year_end | open_amount | company",
            [(f"T{n}", who, finnish(day), *more) for n, (who, day, *more) in enumerate(drawn["ledger"])],
        ),
        "claims": table(
            "claim_number | customer_number | opened_on | resolved_on",
            [(f"R{n}", who, "1.1.2024", finnish(day)) for n, (who, day) in enumerate(drawn["claims"])],
        ),
        "meter_readings": table(
            "reading_id | connection_number | read_on",
            [(f"M{n}", what, finnish(day)) for n, (what, day) in enumerate(drawn["meter_readings"])],
        ),
        "accounts": table("account_id | customer_number", [(f"P{n}", who) for n, who in enumerate(drawn["accounts"])]),
        "messages": table(
            "message_id | customer_number | sent_at",
            [(f"V{n}", who, f"{finnish(day)} 9:00") for n, (who, day) in enumerate(drawn["messages"])],
        ),
        "holds": table(
            "hold_id | customer_number | system | from_date | until_date",
            [
                (f"H{n}", who, system, finnish(start), finnish(end))
                for n, (who, system, start, end) in enumerate(drawn["holds"])
            ],
        ),
    }


@settings(max_examples=8, deadline=None, derandomize=True)
@given(RECORDS)
def test_every_last_day_and_state_is_the_oracles(drawn):
    """But for the name of the state in which a record is both held and not running, which nothing follows from."""
    with tempfile.TemporaryDirectory() as folder:
        worlds.write(Path(folder) / PERIOD, **tables_by_chance(drawn))
        with judged(Path(folder)) as judgement:
            here = {fate(row) for row in judgement.retention()}
            findings = judgement.findings("past-retention", "trigger-missing")
        assert here == {fate(row) for row in oracle.retention(Path(folder), PERIOD)}
        oracles = worlds.expected(Path(folder))
        for rule in ("past-retention", "trigger-missing"):
            assert worlds.told(findings, rule) == worlds.told(oracles, rule)


def fate(row: dict) -> tuple:
    running = row["state"] in ("active", "due")
    state = row["state"] if running else "at rest"
    return row["dataset"], row["record_key"], row["last_day"] if running else "", state


@given(st.dates(dt.date(1960, 1, 1), dt.date(2090, 12, 31)), st.integers(1, 400))
def test_the_oracle_counts_months_as_people_do(day, months):
    """The same day of the month, or its last day: never beyond."""
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + dt.timedelta(1)).day == 1)
    assert add_years(day, 1) == add_months(day, 12)
