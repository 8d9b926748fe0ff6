"""Missing fields and records."""

from __future__ import annotations

from datetime import date

from pipelines.samples.identifiers import in_fours
from pipelines.samples.planting import Visit, later, mended, plant, returning
from pipelines.samples.profile import ENDED, Profile, company, person


def _ended() -> Profile:
    return person(status=ENDED, until=date(2025, 6, 15).toordinal(), rounds=False)


def _missing(visit: Visit, dataset: str, field: str, spelling: str) -> None:
    visit.change(dataset, field, spelling)
    visit.expect("required-missing", dataset, field, "a required cell is empty or a placeholder")


@plant(shows=returning)
def a_name_not_known(visit: Visit) -> None:
    _missing(visit, "customers", "name", "Ei tiedossa")


@plant(shows=mended)
def an_address_not_known(visit: Visit) -> None:
    _missing(visit, "customers", "street_address", " PUUTTUU ")
    _missing(visit, "customers", "city", "--")


@plant(shows=later)
def a_postal_code_not_known(visit: Visit) -> None:
    """An address lacking a part has no normal form, so KeyAqua's copy is not compared."""
    _missing(visit, "customers", "postal_code", "?")


@plant()
def fields_not_known_elsewhere(visit: Visit) -> None:
    _missing(visit, "map_customers", "address", "Tuntematon")
    _missing(visit, "agreements", "party_name", "n/a")
    _missing(visit, "accounts", "email", "-")
    _missing(visit, "connections", "site_address", "xxx")
    _missing(visit, "invoices", "due_on", "")
    _missing(visit, "agreements", "floor_plan", "Ei Tiedoss")


@plant(lambda: company(e_invoice=False), shows=returning)
def an_organisation_without_its_id(visit: Visit) -> None:
    visit.set("customers", business_id="puuttuu")
    visit.expect("conditional-missing", "customers", "business_id", "an organisation without a business id")


@plant(company)
def an_e_invoice_address_without_operator(visit: Visit) -> None:
    visit.set("customers", e_invoice_operator="")
    visit.expect("conditional-missing", "customers", "e_invoice_operator", "an e-invoice address without operator")


@plant(company, shows=mended)
def an_operator_without_e_invoice_address(visit: Visit) -> None:
    visit.set("customers", e_invoice_address="N/A")
    visit.expect("conditional-missing", "customers", "e_invoice_address", "an operator without e-invoice address")


@plant(_ended)
def an_ended_connection_without_its_day(visit: Visit) -> None:
    visit.set("connections", ended_on="")
    visit.expect("conditional-missing", "connections", "ended_on", "an ended connection without the day it ended")


@plant(shows=later)
def a_current_customer_never_confirmed(visit: Visit) -> None:
    visit.set("customers", contact_confirmed_on="")
    visit.expect("conditional-missing", "customers", "contact_confirmed_on", "a current customer without confirmation")


@plant(_ended)
def a_former_customer_never_confirmed(visit: Visit) -> None:
    visit.set("customers", contact_confirmed_on="")


@plant()
def an_additional_agreement_without_original(visit: Visit) -> None:
    visit.add_agreement(f"{visit.life.agreement}-L", agreement_type="lisäliittymäsopimus")
    visit.expect(
        "conditional-missing",
        "agreements",
        "original_agreement_number",
        "an additional agreement that names no original",
    )


@plant()
def an_additional_agreement_of_a_lost_original(visit: Visit) -> None:
    visit.add_agreement(
        f"{visit.life.agreement}-L", agreement_type="lisäliittymäsopimus", original_agreement_number="S-1961-999999"
    )
    visit.expect(
        "original-agreement-missing",
        "agreements",
        "original_agreement_number",
        "the original agreement is not in the binders",
    )


@plant()
def an_additional_agreement_with_its_original(visit: Visit) -> None:
    visit.add_agreement(
        f"{visit.life.agreement}-L",
        agreement_type="lisäliittymäsopimus",
        original_agreement_number=f" {visit.life.agreement} ",
    )


@plant(lambda: person(iban=False))
def a_refund_without_account(visit: Visit) -> None:
    visit.add_invoice(91, date(2025, 11, 14), -3_310, "K" if mended(visit.period) else "E")
    if mended(visit.period):
        visit.expect("refund-account-missing", "invoices", why="a refund is due and billing has no account")


@plant()
def a_refund_to_an_account_that_fails_its_check(visit: Visit) -> None:
    visit.add_invoice(91, date(2025, 11, 14), -3_310, "K")
    visit.set("customers", bank_account=f"FI00{visit.life.iban[4:]}")
    visit.expect("invalid-value", "customers", "bank_account", "an IBAN that fails mod 97")
    visit.expect("refund-account-missing", "invoices", why="a refund is due and the account is not valid")


@plant()
def a_refund_to_an_account_in_lower_case(visit: Visit) -> None:
    visit.add_invoice(91, date(2025, 11, 14), -3_310, "K")
    visit.set("customers", bank_account=f" {in_fours(visit.life.iban.lower())} ")


@plant(shows=returning)
def a_connection_whose_agreement_is_not_in_the_binders(visit: Visit) -> None:
    visit.set("connections", agreement_number="S-1960-111111")
    visit.expect("agreement-missing", "connections", "agreement_number", "no such agreement in the binders")


@plant(_ended)
def an_ended_connection_needs_no_agreement(visit: Visit) -> None:
    visit.set("connections", agreement_number="S-1960-222222")


@plant()
def a_connection_that_names_no_agreement(visit: Visit) -> None:
    visit.set("connections", agreement_number=" ")
    visit.expect("required-missing", "connections", "agreement_number", "a required cell is blank")


@plant(shows=mended)
def an_agreement_without_plans(visit: Visit) -> None:
    visit.set("agreements", site_plan="E", floor_plan="E")
    visit.expect("attachment-missing", "agreements", "site_plan", "the site plan is not attached")
    visit.expect("attachment-missing", "agreements", "floor_plan", "the floor plan is not attached")


@plant()
def a_customer_without_contract(visit: Visit) -> None:
    if mended(visit.period):
        visit.drop("connections", "agreements", "meter_readings", "consumption")
        visit.expect("contract-missing", "customers", why="a current customer without any connection")


@plant(lambda: person(status=ENDED, until=date(2031, 1, 31).toordinal()))
def a_customer_about_to_leave(visit: Visit) -> None:
    """Current until then, with a past connection; the end is known, so no trigger is missing."""
    visit.set("customers", customer_until=date(2031, 1, 31))
    visit.set("connections", status="päättynyt", ended_on=date(2025, 12, 1))
