"""Aged contact data, outdated copies, unused accounts, agreements without review."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from pipelines.samples.days import add_years
from pipelines.samples.life import another, phones
from pipelines.samples.planting import Visit, later, mended, plant, returning
from pipelines.samples.profile import ENDED, Profile, person


def years_before(visit: Visit, years: int) -> date:
    """The last day still allowed: `years` later is the as-of date itself."""
    return date.fromordinal(add_years(visit.as_of.toordinal(), -years))


def _recently_left() -> Profile:
    return person(status=ENDED, until=date(2025, 6, 15).toordinal(), rounds=False)


@plant()
def a_confirmation_of_2022(visit: Visit) -> None:
    if mended(visit.period):
        visit.set("customers", contact_confirmed_on="30.12.2022")
        visit.expect("contact-unconfirmed", "customers", "contact_confirmed_on", "last confirmed on 30.12.2022")


@plant()
def a_confirmation_on_the_last_day(visit: Visit) -> None:
    visit.set("customers", contact_confirmed_on=years_before(visit, 3))


@plant()
def a_confirmation_that_falls_due(visit: Visit) -> None:
    """31.12.2022 is recent enough for the first period, and three months too old for the second."""
    visit.set("customers", contact_confirmed_on="31.12.2022")
    if visit.period >= 1:
        visit.expect("contact-unconfirmed", "customers", "contact_confirmed_on", "last confirmed on 31.12.2022")


@plant()
def one_who_leaves_on_the_day(visit: Visit) -> None:
    """Former on the as-of date itself, so no longer stale."""
    visit.set("customers", customer_until=visit.as_of, contact_confirmed_on="1.2.2019")


@plant()
def one_who_leaves_on_the_day_after(visit: Visit) -> None:
    visit.set("customers", customer_until=visit.as_of + timedelta(days=1), contact_confirmed_on="1.2.2019")
    visit.expect("contact-unconfirmed", "customers", "contact_confirmed_on", "still a customer on the as-of date")


@plant(_recently_left)
def a_former_customer_is_not_stale(visit: Visit) -> None:
    visit.set("customers", contact_confirmed_on="1.2.2015")
    if visit.has("accounts"):
        visit.set("accounts", last_login_on="3.4.2016")


def _map_stale(visit: Visit, **differing: Any) -> None:
    visit.set("customers", contact_confirmed_on="10.12.2025")
    visit.set("map_customers", imported_on="9.12.2025", **differing)


@plant(shows=mended)
def a_map_row_with_the_old_phone(visit: Visit) -> None:
    _map_stale(visit, phone=phones(another(visit.life.phone_number))[0])
    visit.expect("map-copy-stale", "map_customers", "imported_on", "imported before the phone was confirmed anew")


@plant(shows=returning)
def a_map_row_with_the_old_name_and_address(visit: Visit) -> None:
    _map_stale(visit, name="Entinen Omistaja", address="Vanhatie 1, 61800 KAUHAJOKI")
    visit.expect("map-copy-stale", "map_customers", "imported_on", "name and address are those of before")


@plant()
def an_old_map_row_that_still_agrees(visit: Visit) -> None:
    _map_stale(visit, name=visit.life.name.upper())


@plant(shows=later)
def a_map_row_imported_on_the_same_day(visit: Visit) -> None:
    _map_stale(visit, name="Toinen Henkilö")
    visit.set("map_customers", imported_on="10.12.2025")
    visit.expect("contact-mismatch", "map_customers", "name", "imported on the day of the confirmation: not stale")


@plant(_recently_left)
def a_map_row_of_a_former_customer(visit: Visit) -> None:
    if visit.has("map_customers"):
        visit.set("customers", contact_confirmed_on="10.6.2025")
        visit.set("map_customers", imported_on="9.6.2025", phone=phones(another(visit.life.phone_number))[1])
        visit.expect("contact-mismatch", "map_customers", "phone", "staleness is for current customers only")


@plant()
def a_portal_change_of_email_and_phone(visit: Visit) -> None:
    if mended(visit.period):
        visit.set("customers", contact_confirmed_on="1.3.2025")
        visit.set(
            "accounts",
            contact_changed_on="2.3.2025",
            email=f"uusi{visit.life.index}@example.com",
            phone=phones(another(visit.life.phone_number))[2],
        )
        visit.expect("portal-change-not-propagated", "accounts", "email", "changed in the portal, not in billing")
        visit.expect("portal-change-not-propagated", "accounts", "phone", "changed in the portal, not in billing")


@plant(shows=later)
def a_portal_change_of_the_address(visit: Visit) -> None:
    visit.set("customers", contact_confirmed_on="1.3.2025")
    visit.set(
        "accounts",
        contact_changed_on="15.3.2026",
        street_address="Uusikuja 9",
        postal_code="00100",
        city="Helsinki" if visit.life.city != "Helsinki" else "Tampere",
    )
    for field in ("street_address", "postal_code", "city"):
        if visit.get("accounts", field) != visit.get("customers", field):
            visit.expect("portal-change-not-propagated", "accounts", field, "changed in the portal, not in billing")


@plant()
def a_portal_change_never_confirmed(visit: Visit) -> None:
    visit.set("customers", contact_confirmed_on="-")
    visit.set("accounts", contact_changed_on="2.3.2025", email=f"uusi{visit.life.index}@example.com")
    visit.expect("conditional-missing", "customers", "contact_confirmed_on", "a current customer without confirmation")
    visit.expect("portal-change-not-propagated", "accounts", "email", "changed in the portal, billing never confirmed")


@plant()
def a_portal_change_that_reached_billing(visit: Visit) -> None:
    visit.set("customers", contact_confirmed_on="1.3.2025")
    visit.set("accounts", contact_changed_on="2.3.2025", email=visit.life.email.upper())


@plant(shows=returning)
def a_portal_change_before_the_confirmation(visit: Visit) -> None:
    visit.set("customers", contact_confirmed_on="2.3.2025")
    visit.set("accounts", contact_changed_on="2.3.2025", email=f"vanha{visit.life.index}@example.com")
    visit.expect("contact-mismatch", "accounts", "email", "changed on the day of the confirmation, not after it")


@plant(shows=mended)
def an_account_unused_for_years(visit: Visit) -> None:
    visit.set("accounts", created_on="5.5.2018", last_login_on="15.6.2023")
    visit.expect("account-dormant", "accounts", "last_login_on", "last login more than two years ago")


@plant()
def an_account_never_used(visit: Visit) -> None:
    visit.set("accounts", created_on="5.5.2018", last_login_on="--")
    visit.expect("account-dormant", "accounts", "last_login_on", "never used since 2018")


@plant()
def an_account_used_on_the_last_day(visit: Visit) -> None:
    visit.set("accounts", created_on="5.5.2018", last_login_on=years_before(visit, 2))


@plant(shows=returning)
def an_agreement_reviewed_long_ago(visit: Visit) -> None:
    visit.set("agreements", retention_reviewed_on="30.12.2020")
    visit.expect("retention-review-overdue", "agreements", "retention_reviewed_on", "last reviewed on 30.12.2020")


@plant()
def an_old_agreement_never_reviewed(visit: Visit) -> None:
    visit.set("agreements", agreed_on="1.9.1988", retention_reviewed_on="")
    visit.expect("retention-review-overdue", "agreements", "retention_reviewed_on", "agreed in 1988, never reviewed")


@plant()
def agreements_reviewed_on_the_last_day(visit: Visit) -> None:
    visit.set("agreements", retention_reviewed_on=years_before(visit, 5))
    visit.add_agreement(f"{visit.life.agreement}-9", agreed_on=years_before(visit, 5), retention_reviewed_on="")
