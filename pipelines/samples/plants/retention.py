"""Records past their last day, events that are missing, and records that may stay."""

from __future__ import annotations

from datetime import date, timedelta

from pipelines.samples.days import add_years
from pipelines.samples.marks import money
from pipelines.samples.planting import Visit, later, mended, plant, returning
from pipelines.samples.profile import ENDED, MOVED, Profile, person


def left_in_2024() -> Profile:
    """An ended connection; the copies ought to have gone twelve months after, and a plant puts them back."""
    return person(status=ENDED, until=date(2024, 11, 5).toordinal(), rounds=False)


def without_a_trace() -> Profile:
    """Nothing but name and address is left: only the plant's own records hold the customer."""
    return person(
        status=MOVED, until=date(2023, 5, 10).toordinal(), identity_code=False, phone=False, email=False, iban=False
    )


def _past(visit: Visit, dataset: str, due_on: date, why: str) -> None:
    visit.expect("past-retention", dataset, due_on=due_on, why=why)


def _reading(visit: Visit, read_on: date | str, suffix: str = "95") -> None:
    visit.add(
        "meter_readings",
        reading_id=f"R{visit.number}{suffix}",
        connection_number=visit.life.connection,
        meter_number=visit.life.meter,
        read_on=read_on,
        reading="812",
        method="arvio",
    )


def _consumption(visit: Visit, month: str, suffix: str = "95") -> None:
    visit.add(
        "consumption",
        row_id=f"{visit.number}{suffix}",
        customer_number=visit.number,
        connection_number=visit.life.connection,
        month=month,
        consumption_m3="11,2",
    )


def _old_invoice(visit: Visit, on: date, cents: int = 8_800) -> None:
    """An invoice that is still there, however old, with its ledger row."""
    number = f"{visit.number}95"
    visit.add(
        "invoices",
        invoice_number=number,
        customer_number=visit.number,
        invoiced_on=on,
        due_on=on,
        amount=money(cents),
        reference_number="1232",
        refund_due="E",
    )
    visit.add_booking(95, on, cents)


def _ledger_row_of_2014(visit: Visit) -> None:
    visit.add(
        "ledger",
        company="KVH",
        voucher_number=f"T{visit.number}95",
        invoice_number=f"{visit.number}95",
        customer_number=visit.number,
        name=visit.life.name,
        voucher_date="3.6.2014",
        financial_year_end="31.12.2014",
        amount="55,00",
        open_amount="0,00",
        paid_on="1.7.2014",
    )
    _past(visit, "ledger", date(2024, 12, 31), "ten years after the financial year 2014")


@plant()
def an_invoice_of_2018(visit: Visit) -> None:
    _old_invoice(visit, date(2018, 12, 31))
    if mended(visit.period):
        _past(visit, "invoices", date(2024, 12, 31), "six years after 2018")
    else:
        visit.rows["invoices"].pop()


@plant()
def an_invoice_of_2019(visit: Visit) -> None:
    """Its last day is the first export's own date."""
    _old_invoice(visit, date(2019, 1, 1))
    if visit.period >= 1:
        _past(visit, "invoices", date(2025, 12, 31), "six years after 2019")


@plant(shows=mended)
def a_ledger_row_of_2014(visit: Visit) -> None:
    _ledger_row_of_2014(visit)


@plant(shows=returning)
def a_reading_of_2018(visit: Visit) -> None:
    _reading(visit, date(2018, 3, 3))
    _past(visit, "meter_readings", date(2024, 12, 31), "six years after 2018")


@plant()
def a_reading_of_2019(visit: Visit) -> None:
    _reading(visit, date(2019, 12, 31))
    if visit.period >= 1:
        _past(visit, "meter_readings", date(2025, 12, 31), "six years after 2019")


@plant(shows=later)
def consumption_of_2022(visit: Visit) -> None:
    _consumption(visit, "2022-06")
    _past(visit, "consumption", date(2025, 6, 30), "three years after the month")


@plant()
def consumption_on_its_last_day(visit: Visit) -> None:
    _consumption(visit, f"{visit.as_of.year - 3}-{visit.as_of.month:02d}")


@plant(shows=mended)
def a_message_of_2023(visit: Visit) -> None:
    visit.add_message("5.5.2023 23:59")
    _past(visit, "messages", date(2025, 5, 5), "two years after it was sent")


@plant()
def a_message_of_a_leap_day(visit: Visit) -> None:
    visit.add_message("29.02.2024 7:05")
    if visit.period >= 1:
        _past(visit, "messages", date(2026, 2, 28), "two years after a leap day")


@plant()
def a_message_on_its_last_day(visit: Visit) -> None:
    visit.add_message(visit.sent(date.fromordinal(add_years(visit.as_of.toordinal(), -2)), "23:30"))


@plant(left_in_2024)
def copies_of_a_former_customer(visit: Visit) -> None:
    if not mended(visit.period):
        return
    life = visit.life
    visit.add(
        "accounts",
        account_id=f"K{life.index}",
        customer_number=visit.number,
        email=life.email,
        street_address=life.street,
        postal_code=life.postal_code,
        city=life.city,
        created_on="5.5.2015",
        last_login_on="1.1.2020",
    )
    _past(visit, "accounts", date(2025, 11, 5), "twelve months after the customer left")
    visit.add(
        "map_customers",
        site_id=f"P{life.index}",
        customer_number=visit.number,
        name=life.name,
        address=f"{life.street}, {life.postal_code} {life.city}",
        imported_on="1.12.2024",
    )
    _past(visit, "map_customers", date(2025, 11, 5), "twelve months after the customer left")


@plant(left_in_2024)
def copies_on_their_last_day(visit: Visit) -> None:
    visit.set("customers", customer_until=date.fromordinal(add_years(visit.as_of.toordinal(), -1)))
    visit.add(
        "map_customers",
        site_id=f"P{visit.life.index}",
        customer_number=visit.number,
        name=visit.life.name,
        address="-",
        imported_on="1.12.2024",
    )
    visit.expect("required-missing", "map_customers", "address", "a required cell is a placeholder")


@plant(shows=returning)
def a_claim_resolved_in_2022(visit: Visit) -> None:
    visit.add_claim(date(2022, 3, 1), date(2022, 5, 5))
    _past(visit, "claims", date(2025, 5, 5), "three years after it was resolved")


@plant(shows=mended)
def a_disclosure_of_2024(visit: Visit) -> None:
    visit.add_disclosure(date(2024, 6, 6))
    _past(visit, "installer_disclosures", date(2025, 6, 6), "a year after it was made")


@plant()
def a_request_answered_in_2022(visit: Visit) -> None:
    visit.add_request(date(2022, 9, 1), date(2022, 9, 20))
    _past(visit, "requests", date(2025, 9, 20), "three years after the answer")


@plant()
def a_consent_withdrawn_in_2022(visit: Visit) -> None:
    visit.add_consent(date(2019, 9, 1), date(2022, 10, 31), in_use="E")
    _past(visit, "consents", date(2025, 10, 31), "three years after it was withdrawn")


@plant(without_a_trace)
def a_customer_held_by_nothing(visit: Visit) -> None:
    visit.drop("invoices", "ledger")
    if mended(visit.period):
        visit.set("customers", customer_until=date(2022, 5, 5))
        _past(visit, "customers", date(2025, 5, 5), "three years after leaving, with nothing else on record")
    else:
        visit.drop("customers")


@plant(without_a_trace)
def a_customer_held_by_an_old_ledger(visit: Visit) -> None:
    visit.drop("invoices", "ledger")
    visit.set("customers", customer_until=date(2014, 8, 1))
    _ledger_row_of_2014(visit)
    _past(visit, "customers", date(2024, 12, 31), "the ledger row was the last to hold the record")


@plant(without_a_trace)
def a_customer_held_by_an_invoice(visit: Visit) -> None:
    """Nobody booked it, so no ledger row holds the record for longer."""
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
    _past(visit, "invoices", date(2024, 12, 31), "six years after 2018")
    _past(visit, "customers", date(2024, 12, 31), "the invoice was the last to hold the record")


@plant(without_a_trace)
def a_customer_who_left_on_a_leap_day(visit: Visit) -> None:
    _nothing_but(visit)
    visit.set("customers", customer_until="29.2.2020")
    _past(visit, "customers", date(2023, 2, 28), "three years after a leap day")


@plant(without_a_trace)
def a_customer_held_by_a_claim(visit: Visit) -> None:
    """Resolved on 30.12.2022: past on 31.12.2025, and so is the record that it held."""
    _nothing_but(visit)
    visit.add_claim(date(2022, 11, 1), date(2022, 12, 30))
    _past(visit, "claims", date(2025, 12, 30), "three years after it was resolved")
    _past(visit, "customers", date(2025, 12, 30), "the claim was the last to hold the record")


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
    _reading(visit, "-")
    _consumption(visit, "N/A")
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
    _reading(visit, visit.as_of + timedelta(days=1))


@plant(shows=later)
def an_unanswered_and_unwithdrawn_past(visit: Visit) -> None:
    """What is not over does not run: a consent of 2015 in force, a request just received."""
    visit.add_consent(date(2015, 1, 1))
    visit.add_request(date(2026, 1, 2), date(2026, 1, 5))
