"""Values that do not fit their column: the row stays, the cell counts as missing, under every rule."""

from __future__ import annotations

from datetime import date

from pipelines.samples.planting import Visit, later, mended, plant, returning

_BOOKED = date(2025, 11, 14)


def _unreadable(visit: Visit, dataset: str, field: str, why: str, required: bool = True) -> None:
    visit.expect("unreadable-value", dataset, field, why)
    if required:
        visit.expect("required-missing", dataset, field, f"{why}, so the required value is missing")


@plant()
def a_confirmation_on_no_day(visit: Visit) -> None:
    visit.set("customers", contact_confirmed_on="31.2.2025")
    _unreadable(visit, "customers", "contact_confirmed_on", "31 February is no day", required=False)
    visit.expect("conditional-missing", "customers", "contact_confirmed_on", "no readable confirmation")


@plant()
def an_end_on_no_day(visit: Visit) -> None:
    """Neither current nor former: no rule for either applies."""
    visit.set("customers", customer_until="31.2.2024", contact_confirmed_on="1.2.2019")
    _unreadable(visit, "customers", "customer_until", "31 February is no day", required=False)
    visit.expect("trigger-missing", "customers", "customer_until", "the end of the relationship cannot be read")


@plant(shows=returning)
def an_amount_with_a_letter(visit: Visit) -> None:
    visit.set("invoices", amount="12,5x")
    _unreadable(visit, "invoices", "amount", "the amount holds a letter")


@plant(shows=mended)
def a_reading_with_the_letter_o(visit: Visit) -> None:
    visit.set("meter_readings", reading="1O23")
    _unreadable(visit, "meter_readings", "reading", "the reading holds the letter O")


@plant()
def a_status_of_the_wrong_case(visit: Visit) -> None:
    visit.set("connections", status="Voimassa")
    _unreadable(visit, "connections", "status", "a value of the closed list in the wrong case")


@plant(shows=later)
def a_method_nobody_listed(visit: Visit) -> None:
    visit.set("meter_readings", method="puhelin")
    _unreadable(visit, "meter_readings", "method", "the method is not in the closed list")


@plant()
def a_flag_spelt_out(visit: Visit) -> None:
    visit.set("customers", protected_address="kyllä")
    _unreadable(visit, "customers", "protected_address", "a yes/no cell holds a word")


@plant()
def a_message_at_no_hour(visit: Visit) -> None:
    visit.add_message("31.10.2025 25:05")
    _unreadable(visit, "messages", "sent_at", "the hour is 25")
    visit.expect("trigger-missing", "messages", "sent_at", "the time reference cannot be read")


@plant()
def a_thirteenth_month(visit: Visit) -> None:
    visit.set("consumption", month="2025-13")
    _unreadable(visit, "consumption", "month", "there is no thirteenth month")
    visit.expect("trigger-missing", "consumption", "month", "the time reference cannot be read")


@plant(shows=returning)
def an_import_on_no_day(visit: Visit) -> None:
    visit.set("map_customers", imported_on="30.2.2025")
    _unreadable(visit, "map_customers", "imported_on", "30 February is no day")


@plant(shows=mended)
def an_agreement_type_in_capitals(visit: Visit) -> None:
    visit.set("agreements", agreement_type="LIITTYMÄSOPIMUS")
    _unreadable(visit, "agreements", "agreement_type", "a value of the closed list in the wrong case")


@plant()
def an_invoice_on_no_day(visit: Visit) -> None:
    visit.add_invoice(91, _BOOKED)
    visit.set("invoices", invoiced_on="31.11.2025")
    _unreadable(visit, "invoices", "invoiced_on", "November has thirty days")
    visit.expect("trigger-missing", "invoices", "invoiced_on", "the time reference cannot be read")


@plant()
def a_customer_type_in_lower_case(visit: Visit) -> None:
    visit.set("customers", customer_type="h")
    _unreadable(visit, "customers", "customer_type", "a value of the closed list in the wrong case")


@plant()
def a_channel_in_capitals(visit: Visit) -> None:
    if visit.add_disclosure(date(2025, 12, 2), date(2026, 12, 2), channel="Paperi"):
        _unreadable(visit, "installer_disclosures", "channel", "a value of the closed list in the wrong case")


@plant()
def a_request_of_no_listed_kind(visit: Visit) -> None:
    visit.add_request(date(2025, 12, 1), date(2025, 12, 8), kind="valitus")
    _unreadable(visit, "requests", "kind", "the kind is not in the closed list")
