"""The oracle against worlds small enough to judge by eye: tables hold the records, the lines below say who is found.

A table names registry columns; a column that is not named takes its default, `.` is an empty cell, and A is 30.6.2026.
"""

import csv
import datetime as dt
from pathlib import Path

import oracle
import pytest
import xlsxwriter
from oracle import values
from oracle.freetext import kinds_in
from oracle.layouts import DATASETS, HOLDS
from oracle.reading import csv_rows
from stdnum.fi import hetu, ytunnus

PERIOD, BEFORE = "2026-06-30", "2025-12-31"
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
    "status": "voimassa",
    "agreed_on": "1.6.2026",
    "company": "KVH",
    "open_amount": "0,00",
    "amount": "10,00",
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
    "extended": "E",
    "kind": "poisto",
    "in_use": "E",
    "channel": "puhelin",
    "fields": "nimi",
    "test_use": "E",
    "agreement_signed_on": "1.1.2020",
    "opened_on": "1.1.2026",
    "category": "huolto",
    "agreement_type": "liittymäsopimus",
    "site_plan": "K",
    "floor_plan": "K",
    "system": "KeyAqua",
    "role": "asentaja",
    "organisation": "Kauhajoen Vesihuolto Oy",
    "updated_on": "1.6.2026",
}


def rows_of(table: str) -> list[dict[str, str]]:
    header, *lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return [dict(zip(header, ("" if cell == "." else cell for cell in line), strict=False)) for line in lines]


def write(folder: Path, name: str, table: str) -> None:
    dataset = HOLDS if name == "holds" else DATASETS[name]
    usual = {} if name == "holds" else DEFAULTS
    cells = [[column.header for column in dataset.columns]]
    cells += [
        [row.get(column.name, usual.get(column.name, "")) for column in dataset.columns] for row in rows_of(table)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    if dataset.file.endswith(".xlsx"):
        with xlsxwriter.Workbook(folder / dataset.file) as book:
            sheet = book.add_worksheet()
            for place, row in enumerate(cells):
                sheet.write_row(place, 0, row)
    else:
        with open(folder / dataset.file, "w", encoding=dataset.encoding, newline="") as file:
            csv.writer(file, delimiter=dataset.delimiter).writerows(cells)


@pytest.fixture
def judge(tmp_path):
    """Writes the tables and gives back the rule's findings as `record_key field due_on`, blanks left out."""

    def found(
        rule: str, before: dict[str, str] | None = None, as_of: str = PERIOD, synthetic_data: bool = True, **tables: str
    ) -> list[str]:
        for name, table in tables.items():
            write(tmp_path / PERIOD, name, table)
        for name, table in (before or {}).items():
            write(tmp_path / BEFORE, name, table)
        all_found = oracle.findings(tmp_path, PERIOD, dt.date.fromisoformat(as_of), synthetic_data)
        return [
            " ".join(filter(None, (one["record_key"], one["field"], one["due_on"])))
            for one in all_found
            if one["rule"] == rule
        ]

    return found


ONE_CUSTOMER = "customer_number\nA1"


# Reading


def lines_and_cells(text: str) -> list:
    return [(row.line, row.cells) for row in csv_rows(text.encode("utf-8"), "utf-8", ";")]


def test_a_quoted_cell_may_hold_delimiters_quotes_and_line_ends():
    assert lines_and_cells('a;"b;""c""\r\nd"\r\ne;f\n') == [(1, ["a", 'b;"c"\r\nd']), (3, ["e", "f"])]


def test_a_quote_inside_a_cell_is_a_character():
    assert lines_and_cells('a "b";c') == [(1, ['a "b"', "c"])]


@pytest.mark.parametrize("text", ['a;"b" c\nd;e', 'a;"b\nd;e'])
def test_malformed_quoting_rejects_its_first_line_only(text):
    assert lines_and_cells(text) == [(1, None), (2, ["d", "e"])]


def test_a_lone_carriage_return_ends_no_line():
    assert lines_and_cells("a\rb;c\r\nd;e") == [(1, ["a\rb", "c"]), (2, ["d", "e"])]


def test_rejected_rows_by_their_physical_line(judge, tmp_path):
    header = ";".join(column.header for column in DATASETS["consents"].columns)
    (tmp_path / PERIOD).mkdir()
    lines = [
        header,
        "S1;A1;uutiskirje;1.6.2026;;E",
        "",
        ";;;;;",
        " ; ",
        "S2;A1;liian;vähän",
        "S3;A1;uutiskirje;1.6.2026;;E;;",
        "S4;A1;uutiskirje;1.6.2026;;E;x",
        header,
        'S5;A1;"monta\nriviä";1.6.2026;;E',
        'S6;A1;"paha" x;1.6.2026;;E',
    ]
    data = "\ufeff".encode() + "\n".join(lines).encode() + b"\nS7;A1;\xe4;1.6.2026;;E\n"
    (tmp_path / PERIOD / "suostumukset.csv").write_bytes(data)
    assert judge("rejected-row") == [f"suostumukset.csv:{line}" for line in (12, 13, 6, 7, 8, 9)]


def test_an_empty_file_has_no_header_line(judge, tmp_path):
    (tmp_path / PERIOD).mkdir()
    (tmp_path / PERIOD / "suostumukset.csv").write_bytes(b"\n\n")
    assert judge("missing-export") == [""] * len(DATASETS)


def test_an_unreadable_value_counts_as_missing(judge):
    table = """
        invoice_number | invoiced_on | amount   | refund_due
        L1             | 31.2.2025   | 1 234,50 | E
        L2             | 1.2.2025    | 12,5x    | k
        .              | ei TIEDOSSA | 1234     | K
    """
    unreadable = ["L1 invoiced_on", "L2 amount", "L2 refund_due"]
    assert judge("unreadable-value", invoices=table) == unreadable
    missing = judge("required-missing", invoices=table)
    assert set(unreadable) | {"vesikanta_laskut.csv:4 invoiced_on", "vesikanta_laskut.csv:4 invoice_number"} <= set(
        missing
    )


def test_a_repeated_key_is_found_once_and_the_last_row_is_looked_up(judge):
    customers = """
        customer_number | bank_account
        A1              | FI2112345600000785
        A1              | .
    """
    invoices = """
        invoice_number | refund_due
        L1             | K
    """
    assert judge("duplicate-key", customers=customers) == ["A1 customer_number"]
    assert judge("refund-account-missing", customers=customers, invoices=invoices) == ["L1"]


@pytest.mark.parametrize(
    "newest, found", [("22.3.2026", []), ("21.3.2026", [" invoiced_on".strip()]), ("1.7.2026", ["invoiced_on"])]
)
def test_a_feed_is_stale_after_a_hundred_days_and_the_future_does_not_count(judge, newest, found):
    assert judge("feed-stale", invoices=f"invoice_number | invoiced_on\nL1 | {newest}") == found


# Completeness, validity, staleness


def test_a_missing_dataset_suppresses_what_reads_it(judge, tmp_path):
    assert judge("agreement-missing", connections="connection_number | agreement_number\nK1 | S1") == []
    assert ("agreement-missing", "", "agreements") in oracle.not_evaluated(tmp_path, PERIOD)


def test_an_unreadable_end_makes_a_customer_neither_current_nor_former(judge):
    table = """
        customer_number | customer_until | contact_confirmed_on
        A1              | .              | .
        A2              | 31.2.2026      | .
        A3              | 30.6.2026      | .
        A4              | 1.7.2026       | .
    """
    assert judge("conditional-missing", customers=table) == ["A1 contact_confirmed_on", "A4 contact_confirmed_on"]
    assert judge("trigger-missing", customers=table) == ["A2 customer_until"]


@pytest.mark.parametrize(
    "field, good, bad",
    [
        (
            "personal_identity_code",
            "131052-902Y 131052y902y 100190Y999P 241280+903X",
            "131052-902X 310252-902Y 131052G902Y 131052902Y",
        ),
        ("business_id", "0112038-9 20774740", "112038-9 FI20774740 1234568-0"),
        ("bank_account", "FI2112345600000785 fi2112345600000785", "FI211234560000078 FI2112345600000786"),
        ("reference_number", "12345678901234567894 RF332348236", "123 123456789012345678901 RF332348237"),
        ("property_id", "232-401-12-34 23240100120034", "232-401-12 9201202030015"),
        ("phone", "0401234567 +358401234567 358401234567", "kysy 12345678901234567890"),
        ("email", "a@b.fi", "a@b @b.fi a@@b.fi"),
        ("postal_code", "00100", "100"),
    ],
)
def test_values(field, good, bad):
    assert all(map(values.VALIDITY[field], good.split()))
    assert not any(map(values.VALIDITY[field], bad.split()))


def test_identity_codes_and_business_ids_agree_with_stdnum():
    for number in range(900, 1000):
        for sign in "+-YUABFG":
            code = f"290200{sign}{number}{'0123456789ABCDEFHJKLMNPRSTUVWXY'[int(f'290200{number}') % 31]}"
            assert values.is_identity_code(code) == hetu.is_valid(code, allow_temporary=True)
    assert all(values.is_business_id(f"{n:08}") == ytunnus.is_valid(f"{n:08}") for n in range(11203000, 11204000))


def test_a_temporary_code_is_found_only_among_real_data(judge):
    table = "customer_number | personal_identity_code\nA1 | 131052-902Y"
    assert judge("temporary-identity-code", customers=table) == []
    assert judge("temporary-identity-code", synthetic_data=False, customers=table) == ["A1 personal_identity_code"]


@pytest.mark.parametrize(
    "confirmed, as_of, found",
    [
        ("30.6.2023", "2026-06-30", False),
        ("29.6.2023", "2026-06-30", True),
        ("29.2.2024", "2027-02-28", False),
        ("29.2.2024", "2027-03-01", True),
    ],
)
def test_contact_data_stands_for_three_years(judge, confirmed, as_of, found):
    table = f"customer_number | contact_confirmed_on\nA1 | {confirmed}"
    assert judge("contact-unconfirmed", as_of=as_of, customers=table) == ["A1 contact_confirmed_on"] * found


def test_an_old_map_copy_is_stale_and_a_newer_or_former_one_mismatches(judge):
    customers = """
        customer_number | customer_until | phone
        A1              | .              | 040 1234567
        A2              | 1.1.2026       | 040 1234567
    """
    copies = """
        site_id | customer_number | name           | address                            | phone         | imported_on
        same    | A1              | matti VIRTANEN | topeekantie  3, 61800 Kauhajoki    | +358401234567 | 31.5.2026
        old     | A1              | Korpi Matti    | Topeekantie 3, 61800 KAUHAJOKI     | .             | 31.5.2026
        day     | A1              | Korpi Matti    | Topeekantie 3                      | puuttuu       | 1.6.2026
        former  | A2              | Virtanen Matti | Topeekantie 5, 61800 KAUHAJOKI     | 0501234567    | 31.5.2026
        orphan  | A9              | Korpi Matti    | Topeekantie 3, 61800 KAUHAJOKI     | .             | 31.5.2026
    """
    assert judge("map-copy-stale", customers=customers, map_customers=copies) == ["old imported_on"]
    assert judge("contact-mismatch") == ["day name", "former address", "former phone"]
    assert judge("orphan-record") == ["orphan customer_number"]


def test_a_portal_change_after_the_confirmation_is_not_a_mismatch_too(judge):
    customers = "customer_number | email\nA1 | a@b.fi"
    accounts = """
        account_id | email  | contact_changed_on | postal_code
        after      | X@b.fi | 2.6.2026           | 61850
        same_day   | x@b.fi | 1.6.2026           | 61800
        agrees     | A@B.FI | 2.6.2026           | .
    """
    assert judge("portal-change-not-propagated", customers=customers, accounts=accounts) == [
        "after email",
        "after postal_code",
    ]
    assert judge("contact-mismatch") == ["same_day email"]


# Consistency


def test_the_ledger_and_billing(judge):
    invoices = """
        invoice_number | amount
        L1             | 100,00
        L2             | 100,00
        L3             | .
        L4             | 5,00
    """
    ledger = """
        voucher_number | company | invoice_number | amount | voucher_date
        T1             | KVH     | L1             | 60,00  | 1.6.2026
        T2             | KVH     | L1             | 40,00  | 1.6.2026
        T3             | KVH     | L2             | 99,99  | 1.6.2026
        T4             | KVH     | L3             | 1,00   | 1.6.2026
        T5             | KLT     | L4             | 5,00   | 1.6.2026
        T6             | KVH     | L8             | 5,00   | 31.12.2019
        T7             | KVH     | L9             | 5,00   | 1.1.2020
    """
    assert judge("amount-mismatch", invoices=invoices, ledger=ledger) == ["L2 amount"]
    assert judge("invoice-not-in-ledger") == ["L4"]
    assert judge("ledger-not-in-billing") == ["T7 invoice_number"]
    assert judge("foreign-company-row") == ["T5"]


def test_one_person_under_two_numbers(judge):
    table = """
        customer_number | personal_identity_code
        A1              | 131052-902Y
        A2              | 131052-902y
        A3              | 131052Y902Y
        .               | 131052Y902Y
    """
    assert judge("duplicate-person", customers=table) == ["A1 personal_identity_code", "A2 personal_identity_code"]


def test_organisations_against_the_public_registers(judge):
    customers = """
        customer_number | customer_type | name          | business_id | e_invoice_address
        A1              | Y             | Apix Oy       | 23327487    | 003723327487
        A2              | Y             | Nokka Oyj     | 0112038-9   | 003701120389
        A3              | Y             | Lupapiste Oy  | .           | 003723327487
        A4              | H             | Virtanen Ville| .           | xyz
    """
    companies = """
        business_id | name     | status
        2332748-7   | oy apix  | lakannut
        0112038-9   | Nokia Oyj| toiminnassa
    """
    addresses = """
        e_invoice_address | business_id
        003723327487      | 2332748-7
    """
    assert judge("register-mismatch", customers=customers, companies=companies) == ["A1 business_id", "A2 name"]
    assert judge("e-invoice-mismatch", e_invoice_addresses=addresses) == ["A2 e_invoice_address"]


# Minimisation, disclosure, access, rights


@pytest.mark.parametrize(
    "text, kinds",
    [
        ("soita 040 1234567 illalla", ["phone"]),
        ("(06) 231 2345", ["phone"]),
        ("+358401234567.", ["phone"]),
        ("mittari 40 1234567", []),
        ("x0401234567", []),
        ("klo 08.00-16.00, 01.02.2025", []),
        ("tunnus 131052-902y!", ["identity code"]),
        ("A131052-902Y", []),
        ("FI21 1234 5600 0007 85", ["IBAN"]),
        ("fi2112345600000785", ["IBAN"]),
        ("FI21-1234-5600-0007-85, fi99 1234 5600 0007 85", ["IBAN"]),
        ("131052\u2013902Y", ["identity code"]),
        ("018 12345", ["phone"]),
        ("(+358) 068 123 456", ["phone"]),
        ("+46 70 123 45 67", ["phone"]),
        ("12 040 123 456", []),
        ("FI21123456000007850", []),
        ("kysy: a.b@c.fi", ["email"]),
    ],
)
def test_free_text(text, kinds):
    assert kinds_in(text) == kinds


def test_what_a_former_customer_still_needs(judge):
    customers = """
        customer_number | customer_until | notes
        over            | 29.6.2023      | koira
        day             | 30.6.2023      | koira
        held            | 1.1.2020       | koira
        owes            | 1.1.2020       | koira
        claims          | 1.1.2020       | koira
        unknown         | 1.1.2020       | koira
    """
    ledger = """
        voucher_number | customer_number | company | open_amount
        T1             | owes            | KVH     | -0,01
        T2             | over            | KLT     | 5,00
        T3             | unknown         | KVH     | .
    """
    claims = "claim_number | customer_number\nR1 | claims"
    holds = "hold_id | customer_number | dataset | until_date\nP1 | held | invoices | 30.6.2026"
    invoices = "invoice_number\nL1"
    tables = {"customers": customers, "ledger": ledger, "claims": claims, "holds": holds, "invoices": invoices}
    assert judge("field-not-needed", **tables) == ["over notes", "unknown notes"]


@pytest.mark.parametrize(
    "destroyed, as_of, found",
    [
        (".", "2026-07-01", False),
        (".", "2026-07-02", True),
        ("1.7.2026", "2026-08-01", False),
        ("2.7.2026", "2026-08-01", True),
    ],
)
def test_papers_come_back_in_thirty_days(judge, destroyed, as_of, found):
    table = f"disclosure_id | channel | destroyed_on\nD1 | paperi | {destroyed}"
    assert judge("disclosure-not-destroyed", as_of=as_of, installer_disclosures=table) == ["D1 2026-07-01"] * found


def test_who_may_have_an_account(judge):
    table = """
        account_key | system       | organisation            | role
        T1          | ProEconomica | Kauhajoen Vesihuolto Oy | toimisto
        T2          | ProEconomica | Kauhajoen Vesihuolto Oy | asentaja
        T3          | ProEconomica | Tilitoimisto Oy         | kirjanpitäjä
        T4          | ProEconomica | Kauhajoen kaupunki      | pääkirjanpitäjä
        T5          | KeyAqua      | Kauhajoen kaupunki      | asentaja
        T6          | KeyAqua      | Kauhajoen Vesihuolto Oy | .
        T7          | Muu          | Kauhajoen Vesihuolto Oy | asentaja
    """
    assert judge("access-not-allowed", user_accounts=table) == ["T2", "T5", "T6", "T7"]


@pytest.mark.parametrize(
    "received, extended, last_day",
    [
        ("31.1.2025", "E", "2025-02-28"),
        ("31.1.2024", "E", "2024-02-29"),
        ("19.5.2026", "E", "2026-06-22"),  # Midsummer Eve is a Friday
        ("24.11.2026", "E", "2026-12-28"),  # Christmas Eve, Christmas, and a weekend
        ("6.3.2026", "E", "2026-04-07"),
        ("1.4.2026", "E", "2026-05-04"),  # Easter Monday; May Day and a weekend
        ("31.1.2026", "K", "2026-04-30"),
        ("31.1.2025", ".", "2025-02-28"),
    ],
)
def test_requests_are_answered_by_the_next_working_day(judge, received, extended, last_day):
    day = dt.date.fromisoformat(last_day)
    late = f"{day.day}.{day.month}.{day.year}"
    table = f"""
        request_number | received_on | extended   | answered_on
        unanswered     | {received}  | {extended} | .
        on_time        | {received}  | {extended} | {late}
    """
    assert judge("request-overdue", as_of=last_day, requests=table) == []
    assert judge("request-overdue", as_of=str(day + dt.timedelta(1)), requests=table) == [f"unanswered {last_day}"]


# Retention


@pytest.mark.parametrize(
    "dataset, column, start, last_day",
    [
        ("invoices", "invoiced_on", "1.1.2020", "2026-12-31"),
        ("invoices", "invoiced_on", "31.12.2020", "2026-12-31"),
        ("ledger", "financial_year_end", "29.2.2016", "2026-02-28"),
        ("meter_readings", "read_on", "1.6.2020", "2026-12-31"),
        ("consumption", "month", "2024-02", "2027-02-28"),
        ("consumption", "month", "2021-02", "2024-02-28"),
        ("messages", "sent_at", "29.2.2024 23:59", "2026-02-28"),
        ("claims", "resolved_on", "1.6.2023", "2026-06-01"),
        ("installer_disclosures", "disclosed_on", "1.6.2025", "2026-06-01"),
        ("user_accounts", "ended_on", "29.2.2024", "2025-02-28"),
        ("requests", "answered_on", "1.6.2023", "2026-06-01"),
        ("consents", "withdrawn_on", "1.6.2023", "2026-06-01"),
    ],
)
def test_each_class_to_the_day(judge, dataset, column, start, last_day):
    table = f"{DATASETS[dataset].key} | {column}\nX1 | {start}"
    tables = {"customers": ONE_CUSTOMER, "connections": "connection_number\nK1", dataset: table}
    assert judge("past-retention", as_of=last_day, **tables) == []
    assert judge("past-retention", as_of=str(dt.date.fromisoformat(last_day) + dt.timedelta(1)), **tables) == [
        f"X1 {last_day}"
    ]


@pytest.mark.parametrize(
    "hold, found",
    [
        ("A1 | vesikanta | . | . | .", []),
        ("A1 | . | meter_readings | . | 30.6.2026", []),
        ("A1 | . | . | 30.6.2026 | .", []),
        ("A1 | keyaqua | . | . | .", ["M1 2025-12-31"]),
        ("A1 | . | . | . | 29.6.2026", ["M1 2025-12-31"]),
        ("A1 | . | . | 1.7.2026 | .", ["M1 2025-12-31"]),
        ("A2 | . | . | . | .", ["M1 2025-12-31"]),
    ],
)
def test_a_hold_reaches_the_readings_of_its_customers_connections(judge, tmp_path, hold, found):
    tables = {
        "connections": "connection_number\nK1",
        "meter_readings": "reading_id | connection_number | read_on\nM1 | K1 | 1.1.2019",
        "holds": f"customer_number | system | dataset | from_date | until_date\n{hold}",
    }
    assert judge("past-retention", **tables) == found
    states = {row["record_key"]: row["state"] for row in oracle.retention(tmp_path, PERIOD)}
    assert states["M1"] == ("due" if found else "held")


def test_a_customer_stays_as_long_as_its_longest_record(judge, tmp_path):
    customers = """
        customer_number | customer_until
        alone           | 29.6.2023
        day             | 30.6.2023
        invoice         | 1.1.2019
        old             | 1.1.2010
        connected       | 1.1.2010
        owes            | 1.1.2010
        claims          | 1.1.2010
        held            | 1.1.2010
        unknown         | 1.1.2010
        current         | .
        ended           | .
    """
    tables = {
        "customers": customers,
        "connections": """
            connection_number | customer_number | status
            K1 | connected | voimassa
            K2 | old | päättynyt
            K3 | ended | päättynyt
        """,
        "invoices": """
            invoice_number | customer_number | invoiced_on
            L1 | invoice | 1.1.2020
            L2 | old | 1.1.2012
            L3 | unknown | .
        """,
        "ledger": """
            voucher_number | customer_number | open_amount | financial_year_end
            T1 | owes | 1,00 | 1.1.2010
            T2 | old | 0 | 31.12.2014
        """,
        "claims": "claim_number | customer_number | resolved_on\nR1 | claims | .\nR2 | old | 1.1.2014",
        "holds": "hold_id | customer_number | system\nP1 | held | keyaqua",
    }
    due = [one for one in judge("past-retention", **tables) if not one[0].isupper()]
    assert due == ["alone 2026-06-29", "old 2024-12-31"]
    assert judge("trigger-missing") == ["ended customer_until", "L3 invoiced_on"]
    states = {
        row["record_key"]: row["state"]
        for row in oracle.retention(tmp_path, PERIOD)
        if row["dataset"] == "vesikanta.customers"
    }
    assert states == {
        "alone": "due",
        "day": "active",
        "invoice": "active",
        "old": "due",
        "connected": "not running",
        "owes": "not running",
        "claims": "not running",
        "held": "held",
        "unknown": "not running",
        "current": "not running",
        "ended": "trigger missing",
    }


def test_events_that_never_came(judge):
    claims = """
        claim_number | opened_on | resolved_on
        R1           | 29.6.2021 | .
        R2           | 30.6.2021 | .
        R3           | 29.6.2021 | 31.2.2026
    """
    accounts = """
        account_key | granted_on | last_login_on | ended_on
        T1          | 29.6.2023  | .             | .
        T2          | 29.6.2023  | 30.6.2023     | .
        T3          | .          | .             | .
        T4          | 1.1.2020   | .             | 1.1.2026
    """
    assert judge("trigger-missing", claims=claims, user_accounts=accounts) == [
        "T1 ended_on",
        "T3 ended_on",
        "R1 resolved_on",
        "R3 resolved_on",
    ]


def test_what_vanished_before_its_day(judge, tmp_path):
    before = {
        "invoices": """
            invoice_number | invoiced_on
            L1 | 1.1.2020
            L2 | 31.12.2019
            L3 | .
            L4 | 1.1.2025
            L5 | 1.1.2025
        """,
        "ledger": "voucher_number | company | financial_year_end\nT1 | KVH | 30.6.2016\nT2 | KLT | 31.12.2025",
        "agreements": "agreement_number\nS1",
    }
    now = {"invoices": "invoice_number\nL4", "ledger": "voucher_number\nT9", "agreements": "agreement_number\nS2"}
    for name, table in now.items():
        write(tmp_path / PERIOD, name, table)
    with open(tmp_path / PERIOD / "vesikanta_laskut.csv", "ab") as file:
        file.write(b"L5;short\r\n")
    assert judge("deleted-early", before) == ["S1", "T1 2026-06-30", "L1 2026-12-31"]


def test_nothing_vanishes_with_a_missing_file(judge):
    assert judge("deleted-early", {"agreements": "agreement_number\nS1"}, customers=ONE_CUSTOMER) == []
    assert judge("retention-criterion-missing") == ["", ""]
