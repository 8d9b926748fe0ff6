"""Identifiers in free text, and numbers that only look like them."""

from __future__ import annotations

from datetime import date

from pipelines.samples.identifiers import iban, identity_code, in_fours, spare_identity_code, with_iban_check
from pipelines.samples.planting import Visit, later, mended, plant, returning

_DAY = date(2025, 12, 3)


def _note(visit: Visit, words: str, why: str) -> None:
    visit.set("customers", notes=words)
    visit.expect("identifier-in-free-text", "customers", "notes", why)


@plant(shows=mended)
def an_identity_code_in_a_note(visit: Visit) -> None:
    _note(
        visit,
        f"Soitti tytär, omistajan tunnus {spare_identity_code(700 + visit.copy)}; sovittu maksuaika.",
        "an identity code",
    )


@plant()
def an_identity_code_in_lower_case_in_a_note(visit: Visit) -> None:
    _note(
        visit,
        f"Henkilötunnus ({spare_identity_code(900 + visit.copy).lower()}) tarkistettu.",
        "an identity code in lower case",
    )


@plant(shows=returning)
def an_account_in_a_note(visit: Visit) -> None:
    _note(visit, f"Palautus tilille {in_fours(visit.life.iban)}, kiitos.", "an IBAN in groups of four")


@plant()
def a_foreign_account_in_a_note(visit: Visit) -> None:
    _note(visit, f"Maksaja käyttää tiliä {with_iban_check('EE', '9900000000000012')}.", "an Estonian IBAN")


@plant(shows=later)
def an_email_in_a_note(visit: Visit) -> None:
    _note(visit, f"Lasku jatkossa: {visit.life.email}. Muuten ennallaan.", "an email address")


@plant()
def a_phone_in_a_note(visit: Visit) -> None:
    forms = (
        f"0{visit.life.phone_number}",
        f"+358 {visit.life.phone_number // 10**7} {visit.life.phone_number % 10**7:07d}",
        f"(0{visit.life.phone_number // 10**7}) {visit.life.phone_number % 10**7:07d}",
    )
    _note(visit, f"Naapurin puhelin on {forms[(visit.copy + visit.period) % 3]}, avain siellä.", "a phone number")


@plant(shows=mended)
def identifiers_in_a_claim(visit: Visit) -> None:
    visit.add_claim(
        date(2025, 11, 3),
        date(2025, 11, 20),
        date(2028, 11, 20),
        f'Virhe laskussa.\r\nYhteys: {visit.life.email}, puh. 0{visit.life.phone_number};\r\n"kiire".',
    )
    visit.expect("identifier-in-free-text", "claims", "description", "an email address and a phone number")


@plant()
def an_identity_code_in_a_claim(visit: Visit) -> None:
    visit.add_claim(date(2025, 11, 3), description=f"Kuolinpesä, vainajan tunnus {spare_identity_code(1100)}.")
    visit.expect("identifier-in-free-text", "claims", "description", "an identity code")


@plant(shows=later)
def an_identity_code_in_a_message(visit: Visit) -> None:
    visit.add_message(visit.sent(_DAY), text=f"Vahvista tunnuksesi {spare_identity_code(1300 + visit.copy)} meille.")
    visit.expect("identifier-in-free-text", "messages", "text", "an identity code")


@plant(shows=mended)
def an_account_in_a_message(visit: Visit) -> None:
    visit.add_message(visit.sent(_DAY), category="laskutus", text=f"Palautus maksettu tilille {visit.life.iban}.")
    visit.expect("identifier-in-free-text", "messages", "text", "an IBAN")


@plant()
def an_account_after_a_nul_byte(visit: Visit) -> None:
    _note(visit, f"Ote\x00 tilistä {visit.life.iban}", "an IBAN after a NUL byte")


@plant()
def a_message_with_the_offices_own_contacts(visit: Visit) -> None:
    """Phones and emails are only searched for in notes and claims: a message contains the office's own."""
    visit.add_message(visit.sent(_DAY), text="Kysy lisää: vesi@example.fi tai 040 555 0100.")


@plant()
def an_identity_code_that_fails_its_check(visit: Visit) -> None:
    code = identity_code("150190", "-", 987)
    visit.set("customers", notes=f"Vanha tunnus {code[:-1]}{'A' if code[-1] != 'A' else 'B'} on virheellinen.")


@plant()
def an_account_in_small_letters(visit: Visit) -> None:
    code = iban(1_234_567_891)
    words = f"Tili {in_fours(code.lower())} pienillä, {code[:2]}99{code[4:]} väärin."
    _note(visit, words, "an IBAN in small letters; the other fails its check")


@plant()
def numbers_of_daily_work(visit: Visit) -> None:
    visit.set(
        "customers",
        notes="Tilaus 4500123987, mittari 45120033, 15.11.2025 klo 12.30, 1 234,50 €; "
        "61800 Kauhajoki, kiinteistö 232-401-12-34, Y-tunnus 4123456-7, viite 1234561.",
    )
    visit.add_claim(
        date(2025, 11, 3),
        date(2025, 11, 20),
        date(2028, 11, 20),
        'Lukema 1023,5 m³ (arvio 998) "liikaa"; hyvitys 45,20 €. Käynti 21.11.2025 @ Hakatie.',
    )
