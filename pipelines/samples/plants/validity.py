"""Values that fail their check, and odd-looking ones that pass it."""

from __future__ import annotations

from pipelines.samples import identifiers
from pipelines.samples.planting import Visit, later, mended, plant, returning
from pipelines.samples.profile import company, person

SIGNS = "-YXWVUABCDEF+"


def _invalid(visit: Visit, dataset: str, field: str, value: str, why: str) -> None:
    visit.change(dataset, field, value)
    visit.expect("invalid-value", dataset, field, why)


@plant(shows=returning)
def an_identity_code_with_a_wrong_check(visit: Visit) -> None:
    code = visit.life.identity_code
    wrong = identifiers.CHECKS[(identifiers.CHECKS.index(code[-1]) + 1) % 31]
    _invalid(visit, "customers", "personal_identity_code", code[:-1] + wrong, "the check character is wrong")


@plant()
def an_identity_code_of_no_day(visit: Visit) -> None:
    code = identifiers.identity_code("310685", "-", 900 + visit.copy % 100)
    _invalid(visit, "customers", "personal_identity_code", code, "June has thirty days")


@plant()
def an_identity_code_of_a_common_year(visit: Visit) -> None:
    code = identifiers.identity_code("290201", "A", 900 + visit.copy % 100)
    _invalid(visit, "customers", "personal_identity_code", code, "2001 had no 29 February")


@plant(shows=later)
def an_identity_code_with_an_unknown_sign(visit: Visit) -> None:
    code = identifiers.spare_identity_code(20_000 + visit.copy)
    _invalid(visit, "customers", "personal_identity_code", f"{code[:6]}G{code[7:]}", "no century has this sign")


def _sign_plant(sign: str) -> None:
    def apply(visit: Visit) -> None:
        """Valid codes of every century sign, some in lower case."""
        birth = f"{1 + visit.copy % 28:02d}07{'99' if sign == '+' else '24' if sign in '-YXWVU' else '07'}"
        code = identifiers.identity_code(birth, sign, 900 + visit.copy // 28)
        visit.set("customers", personal_identity_code=code.lower() if SIGNS.index(sign) % 3 == 0 else code)

    apply.__name__ = f"a_valid_sign_{SIGNS.index(sign)}"
    plant()(apply)


for _sign in SIGNS:
    _sign_plant(_sign)


@plant(lambda: company(e_invoice=False))
def a_business_id_with_a_wrong_check(visit: Visit) -> None:
    code = visit.life.business_id
    _invalid(visit, "customers", "business_id", f"{code[:-1]}{(int(code[-1]) + 1) % 10}", "the check digit is wrong")


@plant(shows=mended)
def an_iban_with_a_wrong_check(visit: Visit) -> None:
    code = visit.life.iban
    _invalid(visit, "customers", "bank_account", f"FI{(int(code[2:4]) + 7) % 97:02d}{code[4:]}", "fails mod 97")


@plant()
def a_finnish_iban_too_long(visit: Visit) -> None:
    _invalid(
        visit,
        "customers",
        "bank_account",
        identifiers.with_iban_check("FI", "9790000000000011"),
        "passes mod 97, but a Finnish IBAN has 18 characters",
    )


@plant()
def a_foreign_iban(visit: Visit) -> None:
    visit.set(
        "customers", bank_account=identifiers.in_fours(identifiers.with_iban_check("SE", f"{visit.life.index:020d}"))
    )


@plant()
def property_ids_out_of_shape(visit: Visit) -> None:
    _invalid(visit, "connections", "property_id", "232-401-12", "a part of the property id is lacking")
    _invalid(visit, "agreements", "property_id", "2324010012003", "thirteen digits: a zero was lost")


@plant()
def property_ids_in_shape(visit: Visit) -> None:
    visit.set("connections", property_id="23240100120034")
    visit.set("agreements", property_id="232-1-12-3456")


@plant(lambda: person(account=False, on_map=False), shows=returning)
def a_postal_code_of_four_digits(visit: Visit) -> None:
    _invalid(visit, "customers", "postal_code", "6180", "a postal code has five digits")


@plant()
def a_postal_code_of_letters_in_the_portal(visit: Visit) -> None:
    _invalid(visit, "accounts", "postal_code", "6180O", "the last sign is a letter")
    visit.expect("contact-mismatch", "accounts", "postal_code", "the portal's postal code is not billing's")


@plant(lambda: person(account=False, on_map=False, message=False))
def a_phone_too_long(visit: Visit) -> None:
    _invalid(visit, "customers", "phone", "040 123 4567 890123", "no number of the region is so long")


@plant(lambda: person(account=False, on_map=False, message=False), shows=later)
def a_phone_that_is_a_word(visit: Visit) -> None:
    _invalid(visit, "customers", "phone", "ei ole", "no digits at all")


@plant()
def phones_elsewhere(visit: Visit) -> None:
    """An impossible phone number is not compared with billing's."""
    _invalid(visit, "map_customers", "phone", "1", "one digit is no number")
    _invalid(visit, "accounts", "phone", "soita töihin", "no digits at all")
    visit.add_message("20.10.2025 9:15", phone="+358 40 1234567 8901 2")
    visit.expect("invalid-value", "messages", "phone", "too many digits")


@plant()
def phones_in_every_format(visit: Visit) -> None:
    written = visit.life.phone_number
    visit.set("customers", phone=f"(0{written // 10**7}) {written % 10**7:07d}")
    visit.set("map_customers", phone=f"+358{written}")
    visit.set("accounts", phone=f"00358 {written}")
    visit.add_message("21.10.2025 9:05", phone=f"0{written}")


@plant(lambda: person(email=False))
def emails_that_are_none(visit: Visit) -> None:
    _invalid(visit, "accounts", "email", "matti(at)example.fi", "no @ sign")


@plant(lambda: person(account=False), shows=mended)
def an_email_without_a_dot(visit: Visit) -> None:
    _invalid(visit, "customers", "email", "matti@example", "the domain has no dot")


@plant(lambda: person(account=False))
def an_email_with_a_space(visit: Visit) -> None:
    _invalid(visit, "customers", "email", "matti meikäläinen@example.fi", "a space inside")


@plant(lambda: person(account=False))
def an_email_with_two_signs(visit: Visit) -> None:
    _invalid(visit, "customers", "email", "matti@koti@example.fi", "two @ signs")


@plant()
def a_reference_with_a_wrong_check(visit: Visit) -> None:
    code = visit.get("invoices", "reference_number")
    _invalid(visit, "invoices", "reference_number", f"{code[:-1]}{(int(code[-1]) + 1) % 10}", "fails 7-3-1")


@plant()
def a_creditor_reference_with_a_wrong_check(visit: Visit) -> None:
    _invalid(visit, "invoices", "reference_number", "RF00 1234 5612", "fails mod 97")


@plant()
def references_in_other_shapes(visit: Visit) -> None:
    code = visit.get("invoices", "reference_number")
    visit.set("invoices", 0, reference_number=identifiers.in_fours(visit.get("invoices", "reference_number", 0)))
    visit.set("invoices", reference_number=identifiers.in_fours(identifiers.creditor_reference(code)))
