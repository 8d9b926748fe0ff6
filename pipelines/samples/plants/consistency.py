"""Records of customers and connections unknown to billing, and values on which the systems differ."""

from __future__ import annotations

from datetime import date

from pipelines.samples.identifiers import spare_business_id, spare_identity_code
from pipelines.samples.life import another, phones
from pipelines.samples.planting import Visit, later, mended, plant, returning
from pipelines.samples.profile import company, person


def _orphan(visit: Visit, dataset: str, field: str = "customer_number", nth: int = -1) -> None:
    unknown = visit.unknown if field == "customer_number" else f"8{visit.life.connection[1:]}"
    visit.set(dataset, nth, **{field: unknown})
    visit.expect("orphan-record", dataset, field, "billing does not know the number", nth)


@plant(shows=returning)
def orphans_by_connection(visit: Visit) -> None:
    _orphan(visit, "meter_readings", "connection_number")
    _orphan(visit, "consumption", "connection_number")


@plant()
def an_agreement_of_an_unknown_connection(visit: Visit) -> None:
    visit.add_agreement(f"{visit.life.agreement}-9")
    _orphan(visit, "agreements", "connection_number")


@plant()
def a_connection_of_an_unknown_customer(visit: Visit) -> None:
    visit.add_connection()
    if mended(visit.period):
        _orphan(visit, "connections")


@plant(shows=later)
def an_invoice_of_an_unknown_customer(visit: Visit) -> None:
    _orphan(visit, "invoices")


@plant(shows=mended)
def a_claim_of_an_unknown_customer(visit: Visit) -> None:
    visit.add_claim(date(2025, 9, 1), date(2025, 10, 1))
    _orphan(visit, "claims")


@plant()
def a_ledger_row_of_an_unknown_customer(visit: Visit) -> None:
    visit.set("ledger", open_amount="10,00", name="Tuntematon Maksaja")
    _orphan(visit, "ledger")


@plant()
def copies_of_an_unknown_customer(visit: Visit) -> None:
    """Orphans get no other finding: neither mismatches nor a dormant account."""
    _orphan(visit, "map_customers")
    visit.set("accounts", last_login_on="1.1.2020", contact_changed_on="1.12.2025", email="kuka@example.fi")
    _orphan(visit, "accounts")


@plant(shows=returning)
def doings_of_an_unknown_customer(visit: Visit) -> None:
    visit.add_message(visit.sent(date(2025, 10, 20)))
    _orphan(visit, "messages")
    _orphan(visit, "consumption")
    visit.add_request(date(2025, 11, 3), date(2025, 11, 10))
    _orphan(visit, "requests")
    visit.add_consent(date(2025, 3, 3))
    _orphan(visit, "consents")
    if visit.add_disclosure(date(2025, 11, 3), date(2026, 11, 3)):
        _orphan(visit, "installer_disclosures")


@plant()
def records_that_name_no_customer(visit: Visit) -> None:
    visit.add_message(visit.sent(date(2025, 10, 20)), customer_number="")
    visit.add_request(date(2025, 11, 3), date(2025, 11, 10))
    visit.set("requests", customer_number="tuntematon")


@plant(shows=returning)
def a_map_row_of_another_name_and_address(visit: Visit) -> None:
    visit.set("map_customers", name="Aivan Muu", address="Muutie 4, 61800 KAUHAJOKI")
    visit.expect("contact-mismatch", "map_customers", "name", "KeyAqua has another name")
    visit.expect("contact-mismatch", "map_customers", "address", "KeyAqua has another address")


@plant(shows=mended)
def a_map_row_of_another_phone(visit: Visit) -> None:
    visit.set("map_customers", phone=phones(another(visit.life.phone_number))[0])
    visit.expect("contact-mismatch", "map_customers", "phone", "KeyAqua has another phone")


@plant()
def a_portal_account_that_differs(visit: Visit) -> None:
    visit.set(
        "accounts",
        email=f"muu{visit.life.index}@example.fi",
        phone=phones(another(visit.life.phone_number))[1],
        street_address="Muutie 4 C",
        postal_code="99999",
        city="Ivalo",
    )
    for field in ("email", "phone", "street_address", "postal_code", "city"):
        visit.expect("contact-mismatch", "accounts", field, "the portal has another value, not changed there")


@plant()
def the_same_values_in_other_dress(visit: Visit) -> None:
    life = visit.life
    visit.set(
        "map_customers",
        name=f" {life.other_name.lower()}  ",
        address=f"{life.street.upper().replace(' ', '  ')}, {life.postal_code}  {life.city.lower()}",
    )
    visit.set("accounts", email=life.email.upper(), street_address=life.street.upper(), city=life.city.upper())
    visit.set("customers", email=life.email.capitalize())


@plant()
def missing_values_are_not_compared(visit: Visit) -> None:
    visit.set("map_customers", phone="-")
    visit.set("accounts", phone="N/A", street_address="", postal_code=" ", city="?")
    visit.set("customers", email="puuttuu")


@plant()
def the_same_person_as_customer_one(visit: Visit) -> None:
    _duplicate(visit, "personal_identity_code", spare_identity_code(100 + visit.copy), "high")


@plant()
def the_same_person_as_customer_two(visit: Visit) -> None:
    _duplicate(visit, "personal_identity_code", spare_identity_code(100 + visit.copy).lower(), "high")


@plant(company, shows=mended)
def the_same_firm_as_customer_one(visit: Visit) -> None:
    _firm_twice(visit)


@plant(company, shows=mended)
def the_same_firm_as_customer_two(visit: Visit) -> None:
    _firm_twice(visit)


def _firm_twice(visit: Visit) -> None:
    visit.set("customers", e_invoice_address="", e_invoice_operator="")
    _duplicate(visit, "business_id", spare_business_id(100 + visit.copy), "low")


def _duplicate(visit: Visit, field: str, value: str, severity: str) -> None:
    visit.change("customers", field, value)
    visit.expect("duplicate-person", "customers", field, "another customer number has the same", severity=severity)


@plant()
def people_of_one_birthday_and_two_signs(visit: Visit) -> None:
    """All eleven characters are compared: this one differs from `the_same_person` only in its sign."""
    code = spare_identity_code(100 + visit.copy)
    visit.set("customers", personal_identity_code=f"{code[:6]}V{code[7:]}")


@plant(company, shows=returning)
def a_firm_of_another_name(visit: Visit) -> None:
    if not visit.has("companies"):
        _list_firm(visit)
    visit.set("companies", name="Aivan Toinen Oy")
    visit.expect("register-mismatch", "customers", "name", "the register has another name")


@plant(company)
def a_firm_that_ceased(visit: Visit) -> None:
    if not visit.has("companies"):
        _list_firm(visit)
    visit.set("companies", status="lakannut")
    visit.expect("register-mismatch", "customers", "business_id", "the register says that the firm has ceased")


def _list_firm(visit: Visit) -> None:
    visit.add(
        "companies",
        business_id=visit.life.business_id,
        name=visit.life.name,
        status="toiminnassa",
        updated_on="15.11.2024" if visit.period == 0 else visit.as_of,
    )


@plant(company)
def a_firm_named_in_another_order(visit: Visit) -> None:
    if visit.has("companies"):
        visit.set("companies", name=" ".join(reversed(visit.life.name.upper().split(" "))))


_ADDRESSES = (("e_invoice_addresses", ""),)


@plant(company)
def an_e_invoice_address_of_another_firm(visit: Visit) -> None:
    if visit.has("e_invoice_addresses"):
        visit.set("e_invoice_addresses", business_id=spare_business_id(5_000 + visit.copy))
    visit.expect(
        "e-invoice-mismatch",
        "customers",
        "e_invoice_address",
        "the register gives it to another firm",
        reads=_ADDRESSES,
    )


@plant(company, shows=returning)
def an_e_invoice_address_nobody_lists(visit: Visit) -> None:
    visit.set("customers", e_invoice_address=f"{visit.life.e_invoice}99999")
    visit.expect(
        "e-invoice-mismatch", "customers", "e_invoice_address", "the register does not list it", reads=_ADDRESSES
    )


@plant()
def a_person_with_an_e_invoice_address(visit: Visit) -> None:
    visit.set("customers", e_invoice_address=visit.life.iban, e_invoice_operator="OKOYFIHH")


@plant(lambda: person(account=False))
def another_customers_connection_is_no_orphan(visit: Visit) -> None:
    visit.add_connection("2", status="päättynyt", ended_on=date(2024, 1, 31))
