"""Billing and the town's ledger, invoice by invoice."""

from __future__ import annotations

from datetime import date

from pipelines.samples.days import YEAR_END
from pipelines.samples.planting import Visit, later, mended, plant, returning

_BOOKED = date(2025, 11, 14)
_TEN_YEARS = date.fromordinal(YEAR_END[2035])


@plant()
def an_invoice_not_booked_yet(visit: Visit) -> None:
    visit.add_invoice(91, _BOOKED, booked=not mended(visit.period))
    if mended(visit.period):
        visit.expect("invoice-not-in-ledger", "invoices", why="no ledger row names it")


@plant()
def a_booking_that_names_no_invoice(visit: Visit) -> None:
    visit.add_invoice(91, _BOOKED)
    if returning(visit.period):
        visit.set("ledger", invoice_number="-")
        visit.expect("invoice-not-in-ledger", "invoices", why="its ledger row does not say the invoice number")


@plant()
def an_invoice_booked_by_another_company(visit: Visit) -> None:
    visit.add_invoice(91, _BOOKED)
    visit.set("ledger", company="KLP")
    visit.expect("foreign-company-row", "ledger", why="a row of another company")
    visit.expect("invoice-not-in-ledger", "invoices", why="only another company's row names it")


@plant()
def rows_of_another_company(visit: Visit) -> None:
    """No other rule applies to such a row: its customer, invoice and dates are not this company's."""
    if later(visit.period) or visit.copy % 2 == 0:
        visit.add_booking(
            92,
            _BOOKED,
            company="KAUHAJOKI",
            customer_number=visit.unknown,
            invoice_number="77",
            financial_year_end=date(2009, 12, 31),
            open_amount="5,00",
            name="Muu Maksaja",
        )
        visit.expect("foreign-company-row", "ledger", why="a row of another company")


@plant()
def a_booking_of_an_unknown_invoice(visit: Visit) -> None:
    visit.add_booking(91, _BOOKED)
    visit.expect("ledger-not-in-billing", "ledger", "invoice_number", "billing does not know the invoice")


@plant()
def a_booking_of_an_erased_invoice(visit: Visit) -> None:
    """Billing correctly erased an invoice of 2018; one of 2019 may stay until the end of 2025, and must not go earlier."""
    visit.add_booking(91, date(2018, 12, 31))
    visit.add_booking(92, date(2019, 1, 1))
    if visit.period == 0:
        visit.expect("ledger-not-in-billing", "ledger", "invoice_number", "its retention ends on this very day")


@plant()
def an_amount_one_cent_off(visit: Visit) -> None:
    visit.add_invoice(91, _BOOKED, 10_010)
    if returning(visit.period):
        visit.set("ledger", amount="100,09")
        visit.expect("amount-mismatch", "invoices", "amount", "the ledger has one cent less")


@plant()
def an_amount_booked_in_parts(visit: Visit) -> None:
    visit.add_invoice(91, _BOOKED, 123_450)
    visit.set("ledger", amount="1\u00a0000,10")
    visit.add(
        "ledger",
        company="KVH",
        voucher_number=f"T{visit.number}91B",
        invoice_number=f"{visit.number}91",
        customer_number=visit.number,
        name=visit.life.name,
        voucher_date=_BOOKED,
        financial_year_end="31.12.2025",
        amount="234,40",
        open_amount="0,00",
    )


@plant()
def a_part_that_is_lacking(visit: Visit) -> None:
    visit.add_invoice(91, _BOOKED, 123_450)
    visit.set("ledger", amount="1 000,10")
    visit.expect("amount-mismatch", "invoices", "amount", "a part of the invoice was not booked")


@plant()
def an_amount_not_known_to_the_ledger(visit: Visit) -> None:
    visit.add_invoice(91, _BOOKED)
    visit.set("ledger", amount="?")
    visit.expect("required-missing", "ledger", "amount", "a required cell is a placeholder")


@plant(shows=mended)
def an_open_booking_of_another_name(visit: Visit) -> None:
    visit.set("ledger", name="Muu Maksaja", open_amount="12,50")
    visit.expect("contact-mismatch", "ledger", "name", "the open ledger row has another name")


@plant()
def a_settled_booking_of_another_name(visit: Visit) -> None:
    visit.add_invoice(91, _BOOKED)
    visit.set("ledger", name="Muu Maksaja", open_amount="0,00")


@plant()
def a_booking_without_a_year(visit: Visit) -> None:
    visit.add_invoice(91, _BOOKED)
    visit.set("ledger", financial_year_end="")
    visit.expect("required-missing", "ledger", "financial_year_end", "a required cell is empty")
    visit.expect("trigger-missing", "ledger", "financial_year_end", "the time reference is missing")


@plant(shows=later)
def a_foreign_booking_without_a_year(visit: Visit) -> None:
    visit.add_booking(92, _BOOKED, company="KLP", financial_year_end="N/A")
    visit.expect("foreign-company-row", "ledger", why="a row of another company")
    visit.expect("required-missing", "ledger", "financial_year_end", "a required cell is a placeholder")


@plant()
def a_vanished_invoice(visit: Visit) -> None:
    visit.add_invoice(91, _BOOKED)
    if visit.period == 0:
        return
    visit.rows["invoices"].pop()
    visit.expect("ledger-not-in-billing", "ledger", "invoice_number", "the invoice vanished before its time")
    if visit.period == 1:
        visit.expect_vanished(
            "invoices", f"{visit.number}91", date(2031, 12, 31), "an invoice of 2025 is gone", visit.number
        )


@plant()
def a_vanished_booking(visit: Visit) -> None:
    visit.add_invoice(91, _BOOKED)
    if visit.period != 1:
        return
    visit.rows["ledger"].pop()
    visit.expect("invoice-not-in-ledger", "invoices", why="its ledger row vanished")
    visit.expect_vanished(
        "ledger", f"T{visit.number}91", _TEN_YEARS, "a ledger row of 2025 is gone", visit.number, back_in=2
    )


@plant()
def a_pair_vanished_in_the_third_period(visit: Visit) -> None:
    if visit.period < 2:
        visit.add_invoice(91, _BOOKED)
    elif visit.period == 2:
        visit.expect_vanished("invoices", f"{visit.number}91", date(2031, 12, 31), "gone too early", visit.number)
        visit.expect_vanished("ledger", f"T{visit.number}91", _TEN_YEARS, "gone too early", visit.number)


@plant()
def a_vanished_agreement(visit: Visit) -> None:
    visit.add_connection()
    agreement = visit.get("agreements", "agreement_number")
    if visit.period == 0:
        return
    visit.rows["agreements"].pop()
    visit.expect("agreement-missing", "connections", "agreement_number", "its agreement left the binders")
    if visit.period == 1:
        visit.expect_vanished("agreements", agreement, None, "agreements are kept until further notice")


@plant()
def undated_records_may_vanish(visit: Visit) -> None:
    """Their last day is unknown, so whether they went too early is unknown too."""
    if visit.period > 0:
        return
    visit.add_invoice(91, _BOOKED)
    visit.set("invoices", invoiced_on="--")
    visit.set("ledger", financial_year_end="ei tiedossa")
    visit.expect("required-missing", "invoices", "invoiced_on", "a required cell is a placeholder")
    visit.expect("trigger-missing", "invoices", "invoiced_on", "the time reference is missing")
    visit.expect("required-missing", "ledger", "financial_year_end", "a required cell is a placeholder")
    visit.expect("trigger-missing", "ledger", "financial_year_end", "the time reference is missing")
