"""Records past their last day, and records that may stay."""

from __future__ import annotations

from datetime import date

from pipelines.samples.days import add_years
from pipelines.samples.identifiers import money
from pipelines.samples.planting import Visit, later, mended, plant, returning
from pipelines.samples.profile import ENDED, Profile, person


def left_in_2024() -> Profile:
    """An ended connection; the copies should have gone twelve months later, and a plant puts them back."""
    return person(status=ENDED, until=date(2024, 11, 5).toordinal(), rounds=False)


def past(visit: Visit, dataset: str, due_on: date, why: str) -> None:
    visit.expect("past-retention", dataset, due_on=due_on, why=why)


def reading(visit: Visit, read_on: date | str, suffix: str = "95") -> None:
    visit.add(
        "meter_readings",
        reading_id=f"R{visit.number}{suffix}",
        connection_number=visit.life.connection,
        meter_number=visit.life.meter,
        read_on=read_on,
        reading="812",
        method="arvio",
    )


def consumption(visit: Visit, month: str, suffix: str = "95") -> None:
    visit.add(
        "consumption",
        row_id=f"{visit.number}{suffix}",
        customer_number=visit.number,
        connection_number=visit.life.connection,
        month=month,
        consumption_m3="11,2",
    )


def old_invoice(visit: Visit, on: date, cents: int = 8_800) -> None:
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


def ledger_row_of_2014(visit: Visit) -> None:
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
    past(visit, "ledger", date(2024, 12, 31), "ten years after the financial year 2014")


@plant()
def an_invoice_of_2018(visit: Visit) -> None:
    old_invoice(visit, date(2018, 12, 31))
    if mended(visit.period):
        past(visit, "invoices", date(2024, 12, 31), "six years after 2018")
    else:
        visit.rows["invoices"].pop()


@plant()
def an_invoice_of_2019(visit: Visit) -> None:
    """Its last day is the first export's own date."""
    old_invoice(visit, date(2019, 1, 1))
    if visit.period >= 1:
        past(visit, "invoices", date(2025, 12, 31), "six years after 2019")


@plant(shows=mended)
def a_ledger_row_of_2014(visit: Visit) -> None:
    ledger_row_of_2014(visit)


@plant(shows=returning)
def a_reading_of_2018(visit: Visit) -> None:
    reading(visit, date(2018, 3, 3))
    past(visit, "meter_readings", date(2024, 12, 31), "six years after 2018")


@plant()
def a_reading_of_2019(visit: Visit) -> None:
    reading(visit, date(2019, 12, 31))
    if visit.period >= 1:
        past(visit, "meter_readings", date(2025, 12, 31), "six years after 2019")


@plant(shows=later)
def consumption_of_2022(visit: Visit) -> None:
    consumption(visit, "2022-06")
    past(visit, "consumption", date(2025, 6, 30), "three years after the month")


@plant()
def consumption_on_its_last_day(visit: Visit) -> None:
    consumption(visit, f"{visit.as_of.year - 3}-{visit.as_of.month:02d}")


@plant(shows=mended)
def a_message_of_2023(visit: Visit) -> None:
    visit.add_message("5.5.2023 23:59")
    past(visit, "messages", date(2025, 5, 5), "two years after it was sent")


@plant()
def a_message_of_a_leap_day(visit: Visit) -> None:
    visit.add_message("29.02.2024 7:05")
    if visit.period >= 1:
        past(visit, "messages", date(2026, 2, 28), "two years after a leap day")


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
    past(visit, "accounts", date(2025, 11, 5), "twelve months after the customer left")
    visit.add(
        "map_customers",
        site_id=f"P{life.index}",
        customer_number=visit.number,
        name=life.name,
        address=f"{life.street}, {life.postal_code} {life.city}",
        imported_on="1.12.2024",
    )
    past(visit, "map_customers", date(2025, 11, 5), "twelve months after the customer left")


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
    past(visit, "claims", date(2025, 5, 5), "three years after it was resolved")


@plant(shows=mended)
def a_disclosure_of_2024(visit: Visit) -> None:
    visit.add_disclosure(date(2024, 6, 6))
    past(visit, "installer_disclosures", date(2025, 6, 6), "a year after it was made")


@plant()
def a_request_answered_in_2022(visit: Visit) -> None:
    visit.add_request(date(2022, 9, 1), date(2022, 9, 20))
    past(visit, "requests", date(2025, 9, 20), "three years after the answer")


@plant()
def a_consent_withdrawn_in_2022(visit: Visit) -> None:
    visit.add_consent(date(2019, 9, 1), date(2022, 10, 31), in_use="E")
    past(visit, "consents", date(2025, 10, 31), "three years after it was withdrawn")
