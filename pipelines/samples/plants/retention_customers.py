"""Customers kept by something, or by nothing any more, and records without their time reference."""

from __future__ import annotations

from datetime import date, timedelta

from pipelines.samples.days import add_years
from pipelines.samples.planting import Visit, later, mended, plant, returning
from pipelines.samples.plants.retention import consumption, ledger_row_of_2014, past, reading
from pipelines.samples.profile import ENDED, MOVED, Profile, person


def without_a_trace() -> Profile:
    """Only name and address are left: nothing but the plant's own records keeps the customer."""
    return person(
        status=MOVED, until=date(2023, 5, 10).toordinal(), identity_code=False, phone=False, email=False, iban=False
    )


@plant(without_a_trace)
def a_customer_held_by_nothing(visit: Visit) -> None:
    visit.drop("invoices", "ledger")
    if mended(visit.period):
        visit.set("customers", customer_until=date(2022, 5, 5))
        past(visit, "customers", date(2025, 5, 5), "three years after leaving, with nothing else on record")
    else:
        visit.drop("customers")


@plant(without_a_trace)
def a_customer_held_by_an_old_ledger(visit: Visit) -> None:
    visit.drop("invoices", "ledger")
    visit.set("customers", customer_until=date(2014, 8, 1))
    ledger_row_of_2014(visit)
    past(visit, "customers", date(2024, 12, 31), "the ledger row was the last to hold the record")


@plant(without_a_trace)
def a_customer_held_by_an_invoice(visit: Visit) -> None:
    """It was never booked, so no ledger row keeps the record for longer."""
    _nothing_but(visit)
    visit.set("customers", customer_until=date(2018, 8, 1))
    visit.add(
        "invoices",
        invoice_number=f"{visit.number}95",
        customer_number=visit.number,
        invoiced_on="1.7.2018",
        due_on="22.7.2018",
        amount="12,00",
        reference_number="1232",
        refund_due="E",
    )
    visit.expect("invoice-not-in-ledger", "invoices", why="no ledger row names it")
    past(visit, "invoices", date(2024, 12, 31), "six years after 2018")
    past(visit, "customers", date(2024, 12, 31), "the invoice was the last to hold the record")


@plant(without_a_trace)
def a_customer_who_left_on_a_leap_day(visit: Visit) -> None:
    _nothing_but(visit)
    visit.set("customers", customer_until="29.2.2020")
    past(visit, "customers", date(2023, 2, 28), "three years after a leap day")


@plant(without_a_trace)
def a_customer_held_by_a_claim(visit: Visit) -> None:
    """Resolved on 30.12.2022: past its last day on 31.12.2025, and so is the record that it kept."""
    _nothing_but(visit)
    visit.add_claim(date(2022, 11, 1), date(2022, 12, 30))
    past(visit, "claims", date(2025, 12, 30), "three years after it was resolved")
    past(visit, "customers", date(2025, 12, 30), "the claim was the last to hold the record")


def _nothing_but(visit: Visit) -> None:
    visit.drop("invoices", "ledger")
    visit.set("customers", customer_until=date(2020, 1, 1))


@plant(without_a_trace)
def a_customer_with_an_open_claim(visit: Visit) -> None:
    _nothing_but(visit)
    visit.add_claim(date(2024, 6, 1))


@plant(without_a_trace)
def a_customer_with_a_debt(visit: Visit) -> None:
    _nothing_but(visit)
    visit.add_booking(95, date(2018, 7, 1), open_amount="0,01", paid_on="")


@plant(without_a_trace)
def a_former_customer_with_a_connection_in_force(visit: Visit) -> None:
    _nothing_but(visit)
    visit.add_connection()


@plant(without_a_trace)
def a_customer_with_an_undated_ledger_row(visit: Visit) -> None:
    _nothing_but(visit)
    visit.add_booking(95, date(2018, 7, 1), financial_year_end="puuttuu")
    visit.expect("required-missing", "ledger", "financial_year_end", "a required cell is a placeholder")
    visit.expect("trigger-missing", "ledger", "financial_year_end", "the time reference is missing")


@plant(without_a_trace)
def a_customer_gone_for_three_years_to_the_day(visit: Visit) -> None:
    _nothing_but(visit)
    visit.set("customers", customer_until=date.fromordinal(add_years(visit.as_of.toordinal(), -3)))


@plant(lambda: person(status=ENDED, until=date(2025, 6, 15).toordinal(), rounds=False))
def a_customer_who_left_and_nobody_noted(visit: Visit) -> None:
    visit.set("customers", customer_until="", contact_confirmed_on=visit.as_of)
    visit.drop("accounts", "map_customers")
    visit.expect("trigger-missing", "customers", "customer_until", "the connection ended, the relationship did not")


@plant()
def a_claim_open_since_2020(visit: Visit) -> None:
    visit.add_claim(date(2020, 12, 30))
    visit.expect("trigger-missing", "claims", "resolved_on", "open for more than five years")


@plant()
def a_claim_open_for_five_years_to_the_day(visit: Visit) -> None:
    visit.add_claim(date.fromordinal(add_years(visit.as_of.toordinal(), -5)))


@plant(shows=returning)
def records_without_their_day(visit: Visit) -> None:
    reading(visit, "-")
    consumption(visit, "N/A")
    visit.add_message("ei tiedossa")
    visit.add_disclosure(date(2025, 10, 1))
    visit.set("installer_disclosures", disclosed_on="")
    for dataset, field in (
        ("meter_readings", "read_on"),
        ("consumption", "month"),
        ("messages", "sent_at"),
        ("installer_disclosures", "disclosed_on"),
    ):
        visit.expect("required-missing", dataset, field, "a required cell is empty or a placeholder")
        visit.expect("trigger-missing", dataset, field, "the time reference is missing")


@plant()
def dates_after_the_export(visit: Visit) -> None:
    reading(visit, visit.as_of + timedelta(days=1))


@plant(shows=later)
def an_unanswered_and_unwithdrawn_past(visit: Visit) -> None:
    """No period runs before the end: a consent of 2015 in force, a request just received."""
    visit.add_consent(date(2015, 1, 1))
    visit.add_request(date(2026, 1, 2), date(2026, 1, 5))
