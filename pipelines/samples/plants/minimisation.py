"""More than the notice states, or than the purpose needs."""

from __future__ import annotations

from datetime import date

from pipelines.samples.days import add_years
from pipelines.samples.identifiers import spare_identity_code
from pipelines.samples.planting import Visit, later, mended, plant, returning
from pipelines.samples.profile import MOVED, Profile, company, person


def long_gone() -> Profile:
    """Left in 2021: accounting law still requires the invoices, but billing has kept only name and address."""
    return person(status=MOVED, until=date(2021, 5, 10).toordinal())


def _kept(visit: Visit) -> None:
    life = visit.life
    visit.set(
        "customers",
        personal_identity_code=life.identity_code,
        phone=f"0{life.phone_number}",
        email=life.email,
        bank_account=life.iban,
        notes="Mittari kellarissa.",
    )


@plant(long_gone, shows=mended)
def everything_kept_of_one_long_gone(visit: Visit) -> None:
    _kept(visit)
    for field in ("personal_identity_code", "phone", "email", "bank_account", "notes"):
        visit.expect(
            "field-not-needed",
            "customers",
            field,
            "left in 2021, nothing open",
            severity="high" if field == "personal_identity_code" else "medium",
        )


@plant(long_gone, shows=later)
def a_phone_kept_of_one_long_gone(visit: Visit) -> None:
    visit.set("customers", phone=f"0{visit.life.phone_number}", email=" - ", notes="ei tiedossa")
    visit.expect("field-not-needed", "customers", "phone", "left in 2021, nothing open")


@plant(long_gone)
def a_debtor_long_gone(visit: Visit) -> None:
    _kept(visit)
    visit.set("ledger", 0, open_amount="15,00", paid_on="")


@plant(long_gone)
def a_claimant_long_gone(visit: Visit) -> None:
    _kept(visit)
    visit.add_claim(date(2024, 2, 1))


@plant(long_gone)
def one_long_gone_to_be_refunded(visit: Visit) -> None:
    _kept(visit)
    visit.set("invoices", 0, refund_due="K")


@plant(long_gone)
def one_gone_for_three_years_to_the_day(visit: Visit) -> None:
    _kept(visit)
    visit.set("customers", customer_until=date.fromordinal(add_years(visit.as_of.toordinal(), -3)))


@plant(lambda: person(phone=False), shows=returning)
def a_phone_that_only_the_map_has(visit: Visit) -> None:
    visit.set("map_customers", phone="044 123 4500")
    visit.expect("copy-without-source", "map_customers", "phone", "billing has no phone")


@plant(lambda: person(phone=False))
def a_placeholder_is_no_phone(visit: Visit) -> None:
    visit.set("map_customers", phone=" Ei Tiedossa ")
    visit.set("customers", phone="XXX")


@plant(company)
def an_identity_code_of_a_firm(visit: Visit) -> None:
    visit.set("customers", personal_identity_code=spare_identity_code(600 + visit.copy))
    visit.expect("identity-code-on-organisation", "customers", why="an organisation has no identity code")


@plant(shows=mended)
def a_message_of_marketing(visit: Visit) -> None:
    visit.add_message(visit.sent(date(2025, 12, 10)), category="markkinointi", text="Tilaa uusi suodatin nyt –20 %!")
    visit.expect("marketing-use", "messages", why="the category is not declared")


@plant(shows=later)
def a_message_of_an_offer(visit: Visit) -> None:
    visit.add_message(visit.sent(date(2026, 2, 10)), category="tarjous", text="Kevään tarjous.")
    visit.expect("marketing-use", "messages", why="the category is not declared")


@plant()
def a_message_of_no_category(visit: Visit) -> None:
    visit.add_message(visit.sent(date(2025, 12, 10)), category="tuntematon")
    visit.expect("required-missing", "messages", "category", "a required cell is a placeholder")


@plant(shows=returning)
def a_source_nobody_declared(visit: Visit) -> None:
    visit.set("customers", contact_source="Fonecta")
    visit.expect("source-not-declared", "customers", "contact_source", "the notice does not name this source")


@plant(shows=mended)
def a_person_from_the_trade_register(visit: Visit) -> None:
    visit.set("customers", contact_source="PRH")
    visit.expect("source-not-declared", "customers", "contact_source", "a register of companies, for a person")


@plant(company)
def a_firm_from_the_directory(visit: Visit) -> None:
    visit.set("customers", contact_source="Finder")
    visit.expect("source-not-declared", "customers", "contact_source", "a directory for phones, for an organisation")


@plant()
def a_person_from_the_directory(visit: Visit) -> None:
    visit.set("customers", contact_source=" Finder ")
