"""Disclosures to installers, requests of the data subjects, consents."""

from __future__ import annotations

from datetime import date, timedelta

from pipelines.samples.planting import Visit, later, mended, plant, returning
from pipelines.samples.profile import person

_GIVEN = date(2025, 11, 3)
_KEPT = date(2026, 11, 3)


@plant(shows=mended)
def a_disclosure_of_too_much(visit: Visit) -> None:
    if visit.add_disclosure(_GIVEN, _KEPT, fields="nimi, osoite, puhelin, henkilötunnus"):
        visit.expect("disclosure-excess", "installer_disclosures", why="an identity code was given to an installer")


@plant()
def a_paper_not_destroyed(visit: Visit) -> None:
    visit.add_disclosure(_GIVEN, _KEPT, channel="paperi", destroyed_on="" if mended(visit.period) else "3.12.2025")
    if mended(visit.period):
        visit.expect(
            "disclosure-not-destroyed",
            "installer_disclosures",
            due_on=date(2025, 12, 3),
            why="the paper given on 3.11.2025 is still out",
        )


@plant()
def a_paper_destroyed_late(visit: Visit) -> None:
    if visit.add_disclosure(_GIVEN, _KEPT, channel="paperi", destroyed_on="4.12.2025"):
        visit.expect(
            "disclosure-not-destroyed",
            "installer_disclosures",
            due_on=date(2025, 12, 3),
            why="destroyed on the day after the last one",
        )


@plant()
def papers_within_their_days(visit: Visit) -> None:
    """Thirty days to the as-of date itself; destroyed on the last day; a phone call leaves no paper."""
    given = visit.as_of - timedelta(days=30)
    visit.add_disclosure(given, channel="paperi", disclosure_id=f"LU{visit.number}8{visit.period}")
    if visit.add_disclosure(_GIVEN, _KEPT, channel="paperi", destroyed_on="3.12.2025"):
        visit.add_disclosure(
            _GIVEN, _KEPT, channel="puhelin", disclosure_id=f"LU{visit.number}7", fields="puhelin,nimi"
        )


@plant(lambda: person(protected=True))
def an_address_of_a_protected_customer(visit: Visit) -> None:
    """Unlike most keys of the samples, its key does not contain the customer's number; one that does is not handed out."""
    if visit.add_disclosure(_GIVEN, _KEPT, fields="nimi, osoite", disclosure_id=f"LU-S{visit.copy}"):
        visit.expect(
            "disclosure-of-protected",
            "installer_disclosures",
            why="the address of a customer with a non-disclosure for safety",
        )


@plant(lambda: person(protected=True))
def a_phone_of_a_protected_customer(visit: Visit) -> None:
    visit.add_disclosure(_GIVEN, _KEPT, fields="nimi, puhelin")


@plant()
def a_disclosure_that_says_nothing(visit: Visit) -> None:
    if visit.add_disclosure(_GIVEN, _KEPT, fields="--"):
        visit.expect("required-missing", "installer_disclosures", "fields", "a required cell is a placeholder")


@plant()
def a_request_unanswered(visit: Visit) -> None:
    """Received on 10.11.2025, answered in May."""
    visit.add_request(date(2025, 11, 10), date(2026, 5, 4))
    visit.expect("request-overdue", "requests", due_on=date(2025, 12, 10), why="a month passed without an answer")


@plant()
def a_request_answered_after_christmas(visit: Visit) -> None:
    """The month ends on Christmas Eve; two holidays, a Saturday and a Sunday follow."""
    visit.add_request(date(2025, 11, 24), date(2025, 12, 30), kind="poisto")
    visit.expect("request-overdue", "requests", due_on=date(2025, 12, 29), why="answered a day after the last one")


@plant()
def a_request_answered_on_the_last_day_after_christmas(visit: Visit) -> None:
    visit.add_request(date(2025, 11, 24), date(2025, 12, 29), kind="oikaisu")


@plant()
def a_request_due_on_epiphany(visit: Visit) -> None:
    """6.1.2026 is a holiday: the seventh is the last day."""
    visit.add_request(date(2025, 12, 6), date(2026, 1, 7))


@plant()
def a_request_due_at_the_end_of_february(visit: Visit) -> None:
    """31.1. + 1 month is Saturday 28.2.2026, so Monday 2.3."""
    if visit.add_request(date(2026, 1, 31), date(2026, 3, 3)):
        visit.expect("request-overdue", "requests", due_on=date(2026, 3, 2), why="answered a day after the last one")


@plant()
def a_request_due_on_good_friday(visit: Visit) -> None:
    """3.4.2026 is Good Friday, 6.4. Easter Monday; in the export of 31.3. it is still in time."""
    if visit.add_request(date(2026, 3, 3), date(2026, 4, 8)) and visit.period >= 2:
        visit.expect("request-overdue", "requests", due_on=date(2026, 4, 7), why="answered a day after the last one")


@plant()
def a_request_due_on_midsummer_eve(visit: Visit) -> None:
    visit.add_request(date(2026, 5, 19), date(2026, 6, 22))


@plant()
def a_request_due_after_the_export(visit: Visit) -> None:
    """Received 28 days before the export: no month is shorter."""
    visit.add_request(date(2025, 12, 1), date(2026, 1, 2))
    visit.set("requests", received_on=visit.as_of - timedelta(days=28), answered_on="")


@plant()
def an_extended_request(visit: Visit) -> None:
    """Three months from 29.9.2025 end on 29.12.; unanswered on 31.12."""
    visit.add_request(date(2025, 9, 29), date(2026, 1, 15), extended="K", kind="rajoitus")
    visit.expect("request-overdue", "requests", due_on=date(2025, 12, 29), why="three months passed")


@plant()
def an_extended_request_in_time(visit: Visit) -> None:
    visit.add_request(date(2025, 10, 15), date(2026, 1, 15), extended="K")


@plant()
def a_request_not_known_to_be_extended(visit: Visit) -> None:
    visit.add_request(date(2025, 10, 15), date(2025, 12, 1), extended="-")
    visit.expect("required-missing", "requests", "extended", "a required cell is a placeholder")
    visit.expect("request-overdue", "requests", due_on=date(2025, 11, 17), why="not known to be extended: one month")


@plant(shows=returning)
def a_withdrawn_consent_in_use(visit: Visit) -> None:
    visit.add_consent(date(2024, 5, 5), date(2025, 9, 9))
    visit.expect("consent-withdrawn-in-use", "consents", why="withdrawn on 9.9.2025 and still in use")


@plant()
def a_consent_withdrawn_on_the_day(visit: Visit) -> None:
    visit.add_consent(date(2024, 5, 5), visit.as_of)
    visit.expect("consent-withdrawn-in-use", "consents", why="withdrawn on the as-of date")


@plant(shows=later)
def consents_withdrawn_later_or_not_used(visit: Visit) -> None:
    visit.add_consent(date(2024, 5, 5), visit.as_of + timedelta(days=1))
    visit.add(
        "consents",
        consent_id=f"SU{visit.number}8",
        customer_number=visit.number,
        purpose="asiakaskysely",
        given_on="1.2.2024",
        withdrawn_on="1.10.2025",
        in_use="E",
    )
