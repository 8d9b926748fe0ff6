"""Lines that cannot be read as rows, keys that are repeated or missing."""

from __future__ import annotations

from datetime import date

from pipelines.samples.planting import Visit, later, mended, plant, returning
from pipelines.samples.profile import person

_BOOKED = date(2025, 11, 14)


def _reading(visit: Visit, suffix: str) -> None:
    visit.add(
        "meter_readings",
        reading_id=f"R{visit.number}{suffix}",
        connection_number=visit.life.connection,
        meter_number=visit.life.meter,
        read_on=date(2025, 10, 2),
        reading="1 204,5",
        method="asiakas",
    )


@plant()
def too_few_cells_or_too_many(visit: Visit) -> None:
    """A delimiter typed into a row moves its cells: it looks the same as an empty cell at the row's end."""
    _reading(visit, "91")
    visit.shape("meter_readings", "short")
    visit.expect_line("rejected-row", "meter_readings", why="the row lacks its last two cells")
    _reading(visit, "92")
    visit.shape("meter_readings", "surplus")
    visit.expect_line("rejected-row", "meter_readings", why="the row has empty cells that the other rows do not have")


@plant(shows=mended)
def too_few_cells_in_the_portal(visit: Visit) -> None:
    visit.add(
        "consumption",
        row_id=f"{visit.number}91",
        customer_number=visit.number,
        connection_number=visit.life.connection,
        month="2025-08",
        consumption_m3="7,5",
    )
    visit.shape("consumption", "short")
    visit.expect_line("rejected-row", "consumption", why="the row lacks its last two cells")


@plant(shows=returning)
def a_cell_beyond_the_last_header(visit: Visit) -> None:
    visit.add_message(visit.sent(date(2025, 10, 20)))
    visit.shape("messages", "long")
    visit.expect_line("rejected-row", "messages", why="the row has a non-empty cell beyond the last header")


@plant()
def a_cell_beyond_the_last_header_of_a_sheet(visit: Visit) -> None:
    visit.add(
        "map_customers",
        site_id=f"P{visit.life.index}-9",
        customer_number=visit.number,
        name=visit.life.name,
        address="Hakatie 3, 61800 KAUHAJOKI",
        imported_on="5.12.2025",
    )
    visit.shape("map_customers", "long")
    visit.expect_line("rejected-row", "map_customers", why="the sheet row has a cell beyond the last header")


@plant()
def repeated_headers(visit: Visit) -> None:
    for dataset in ("ledger", "agreements", "accounts"):
        visit.add(dataset)
        visit.shape(dataset, "header")
        visit.expect_line("rejected-row", dataset, why="the header line is repeated among the rows")


@plant()
def bytes_unknown_to_windows(visit: Visit) -> None:
    for byte in "\udc81\udc8d\udc8f\udc90\udc9d":
        visit.add(
            "claims",
            claim_number=f"RE{visit.number}{ord(byte) & 255}",
            customer_number=visit.number,
            opened_on=date(2025, 9, 1),
            resolved_on=date(2025, 9, 20),
            description=f"Mittari{byte} vaihdettu.",
        )
        visit.expect_line("rejected-row", "claims", why="a cell holds a byte that Windows-1252 does not know")


@plant(shows=later)
def an_unknown_byte_after_a_line_break(visit: Visit) -> None:
    visit.add(
        "claims",
        claim_number=f"RE{visit.number}8",
        customer_number=visit.number,
        opened_on=date(2025, 9, 1),
        resolved_on=date(2025, 9, 20),
        description='Kunnossa;\r\nkaksi "riviä".\r\n\r\nLoppu.',
    )
    visit.add(
        "claims",
        claim_number=f"RE{visit.number}9",
        customer_number=visit.number,
        opened_on=date(2025, 9, 1),
        resolved_on=date(2025, 9, 20),
        description="Alku,\r\njatkuu \udc81 tässä.",
    )
    visit.expect_line("rejected-row", "claims", why="the unknown byte is on the second line of a quoted cell")


@plant()
def bytes_unknown_to_utf8(visit: Visit) -> None:
    visit.add_message(visit.sent(date(2025, 10, 20)), text="Huolto \udcff huomenna.")
    visit.expect_line("rejected-row", "messages", why="a cell holds a byte that UTF-8 does not know")
    visit.add(
        "consumption",
        row_id=f"{visit.number}92",
        customer_number=visit.number,
        connection_number=visit.life.connection,
        month="2025-07",
        consumption_m3="7\udcff,5",
    )
    visit.expect_line("rejected-row", "consumption", why="a cell holds a byte that UTF-8 does not know")


@plant()
def a_ledger_row_unreadable_once(visit: Visit) -> None:
    """Its key is among the rejected rows, so it was not deleted early."""
    visit.add_invoice(91, _BOOKED)
    if visit.period == 1:
        visit.shape("ledger", "long")
        visit.expect_line("rejected-row", "ledger", why="the row has a non-empty cell beyond the last header")
        visit.expect("invoice-not-in-ledger", "invoices", why="the ledger row of this invoice was rejected")


@plant()
def an_invoice_unreadable_once(visit: Visit) -> None:
    visit.add_invoice(91, _BOOKED)
    if visit.period == 1:
        visit.set("invoices", reference_number="12\udc81")
        visit.expect_line("rejected-row", "invoices", why="a cell holds a byte that Windows-1252 does not know")
        visit.expect("ledger-not-in-billing", "ledger", "invoice_number", "the invoice of this row was rejected")


@plant()
def a_customer_unreadable_once(visit: Visit) -> None:
    """Without its row in the registry, every record that names the customer is an orphan, and nothing else."""
    if visit.period != 1:
        return
    visit.shape("customers", "short")
    visit.expect_line("rejected-row", "customers", why="the row lacks its last two cells")
    for dataset in ("connections", "invoices", "ledger", "map_customers", "messages", "accounts", "consumption"):
        for nth in range(len(visit.rows.get(dataset, ()))):
            visit.expect("orphan-record", dataset, "customer_number", "the customer's row was rejected", nth)


@plant(shows=returning)
def a_message_twice(visit: Visit) -> None:
    for _ in range(2):
        visit.add_message(visit.sent(date(2025, 10, 21)))
    visit.expect("duplicate-key", "messages", "message_id", "the same row stands twice")


@plant()
def a_ledger_row_twice(visit: Visit) -> None:
    visit.add_invoice(91, _BOOKED)
    if mended(visit.period):
        visit.add_booking(91, _BOOKED)
        visit.expect("duplicate-key", "ledger", "voucher_number", "the same voucher stands twice")
        visit.expect("amount-mismatch", "invoices", "amount", "the doubled voucher counts twice in the sum")


@plant()
def a_customer_twice(visit: Visit) -> None:
    """The last row of the file is the one that other registers are compared with."""
    rows = visit.rows["customers"]
    rows.insert(0, list(rows[0]))
    visit.set("customers", 0, phone="044 555 0123")
    visit.expect("duplicate-key", "customers", "customer_number", "two rows, the first with an outdated phone")


@plant(shows=mended)
def a_message_without_a_key(visit: Visit) -> None:
    visit.add_message(visit.sent(date(2025, 10, 22)), message_id=" Ei tiedossa ")
    visit.expect_line("required-missing", "messages", "message_id", "the key is a placeholder")


@plant()
def a_customer_without_a_number(visit: Visit) -> None:
    cells = list(visit.rows["customers"][0])
    visit.rows["customers"].append(cells)
    visit.set("customers", customer_number="", personal_identity_code="")
    visit.expect_line("required-missing", "customers", "customer_number", "the customer number is empty")


@plant()
def a_sheet_row_without_a_key(visit: Visit) -> None:
    visit.add(
        "map_customers",
        site_id="-",
        customer_number=visit.number,
        name=visit.life.name,
        address=visit.get("map_customers", "address", 0),
        imported_on="15.12.2025",
    )
    visit.expect_line("required-missing", "map_customers", "site_id", "the key is a placeholder")


@plant(shows=later)
def a_nul_byte_is_only_a_sign(visit: Visit) -> None:
    visit.add_message(visit.sent(date(2025, 10, 23)), text="Katko\x00 huomenna.")
    visit.set("customers", notes="Avain\x00 naapurilla.")


@plant(lambda: person(notes=True))
def line_ends_in_a_cell(visit: Visit) -> None:
    visit.add_claim(date(2025, 9, 1), date(2025, 9, 20), date(2028, 9, 20), 'Rivi yksi\nrivi "kaksi"; kolme\n')
