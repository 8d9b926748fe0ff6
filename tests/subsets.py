"""Small exports of all eighteen datasets, any part of which may be left out, and everything that the workbench makes of them.

Two customers with something wrong in every dataset: few rows, so that a home is taken in and read in a second or two.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import worlds
from oracle.layouts import DATASETS

from pipelines import open_workbench
from pipelines.desk import notebooks
from pipelines.job import bundle
from pipelines.job.run import Outcome, run
from pipelines.person import at, package

LANGUAGES = ("en", "fi", "sv")
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
    import csv

    with path.open(encoding=layout.encoding, newline="") as file:
        rows = list(csv.reader(file, delimiter=layout.delimiter))
    with path.open("w", encoding=layout.encoding, newline="") as file:
        csv.writer(file, delimiter=layout.delimiter).writerows(row[:place] + row[place + 1 :] for row in rows)


def _sheet_without(path: Path, place: int) -> None:
    import openpyxl

    book = openpyxl.load_workbook(path)
    book.active.delete_cols(place + 1)
    book.save(path)


def required() -> Iterator[tuple[str, str]]:
    """(dataset, column) of every column that the exports must have."""
    return ((name, column.name) for name, layout in DATASETS.items() for column in layout.columns if column.required)
