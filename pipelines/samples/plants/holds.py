"""Holds in `holds.csv`: what they cover is never overdue while they last."""

from __future__ import annotations

from datetime import date, timedelta

from pipelines.samples.planting import Visit, plant
from pipelines.samples.plants.minimisation import long_gone
from pipelines.samples.plants.retention_customers import without_a_trace


def _old_message(visit: Visit) -> None:
    visit.add_message("5.5.2023 9:30")


def _overdue(visit: Visit, why: str) -> None:
    visit.expect("past-retention", "messages", due_on=date(2025, 5, 5), why=why)


@plant()
def a_hold_on_a_dataset(visit: Visit) -> None:
    _old_message(visit)
    visit.add_hold("keyaqua", "messages")


@plant()
def a_hold_on_a_system(visit: Visit) -> None:
    _old_message(visit)
    visit.add_hold("keyaqua", begins=date(2025, 1, 1))


@plant()
def a_hold_on_everything_until_the_day(visit: Visit) -> None:
    _old_message(visit)
    visit.add_hold(begins=visit.as_of, ends=visit.as_of)


@plant()
def a_hold_that_ended_the_day_before(visit: Visit) -> None:
    _old_message(visit)
    visit.add_hold("keyaqua", ends=visit.as_of - timedelta(days=1))
    _overdue(visit, "the hold ended on the day before")


@plant()
def a_hold_that_begins_tomorrow(visit: Visit) -> None:
    _old_message(visit)
    visit.add_hold("keyaqua", begins=visit.as_of + timedelta(days=1))
    _overdue(visit, "the hold begins on the day after")


@plant()
def a_hold_on_another_system(visit: Visit) -> None:
    _old_message(visit)
    visit.add_hold("vesikanta")
    _overdue(visit, "the hold is on billing only")


@plant()
def a_hold_released_in_march(visit: Visit) -> None:
    _old_message(visit)
    visit.add_hold("keyaqua", "messages", ends=date(2026, 2, 28))
    if visit.period >= 1:
        _overdue(visit, "the hold ended on 28.2.2026")


@plant()
def a_hold_reaches_the_connections_records(visit: Visit) -> None:
    """A reading names no customer, but one of the customer's connections."""
    visit.add(
        "meter_readings",
        reading_id=f"R{visit.number}95",
        connection_number=visit.life.connection,
        meter_number=visit.life.meter,
        read_on="3.3.2017",
        reading="401,5",
        method="asiakas",
    )
    visit.add_hold("vesikanta", "meter_readings")


@plant(without_a_trace)
def any_hold_stops_the_customers_record(visit: Visit) -> None:
    visit.drop("invoices", "ledger")
    visit.set("customers", customer_until=date(2020, 1, 1))
    visit.add_hold("keyaqua", "messages")


@plant(long_gone)
def a_hold_keeps_the_fields(visit: Visit) -> None:
    visit.set("customers", phone=f"0{visit.life.phone_number}", email=visit.life.email)
    visit.add_hold()


@plant(long_gone)
def a_hold_on_old_accounts(visit: Visit) -> None:
    visit.add(
        "ledger",
        company="KVH",
        voucher_number=f"T{visit.number}95",
        customer_number=visit.number,
        name=visit.life.name,
        voucher_date="1.7.2013",
        financial_year_end="31.12.2013",
        amount="5,00",
        open_amount="0,00",
    )
    visit.add_hold("proeconomica", "ledger", begins=date(2020, 1, 1))
