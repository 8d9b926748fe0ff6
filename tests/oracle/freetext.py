"""Identifiers inside free text: which kinds a text holds."""

import re

import phonenumbers
from stdnum import numdb

from .values import is_iban, is_identity_code

ALONE_BEFORE, ALONE_AFTER = r"(?<![^\W_])", r"(?![^\W_])"
IDENTITY_CODE = re.compile(ALONE_BEFORE + r"[0-9]{6}[-+A-FU-Ya-fu-y][0-9]{3}[0-9A-Ya-y]" + ALONE_AFTER)
IBAN_START = re.compile(ALONE_BEFORE + r"[A-Z]{2}[0-9]{2}")
IBAN_LIKE = re.compile(
    ALONE_BEFORE + r"[A-Za-z]{2}[0-9]{2}(?:[ \u00a0]?[A-Za-z0-9]{4}){2,7}(?:[ \u00a0]?[A-Za-z0-9]{1,3})?" + ALONE_AFTER
)
EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
DATE = re.compile(r"(?<![0-9])[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}(?![0-9])")
CLOCK_TIMES = re.compile(r"(?<![0-9])[0-9]{1,2}[.:][0-9]{2} ?[-–] ?[0-9]{1,2}[.:][0-9]{2}(?![0-9])")
PHONE_START = re.compile(r"(?<![\w+])(?<![0-9][-/.])(?:\+358|\(?0)")
PHONE_RUN = re.compile(r"[+(]?[0-9]+(?:[ \u00a0\-/().]{1,3}[0-9]+)*")


def _iban_length(start: str) -> int:
    """Length of an IBAN of this country, 0 for a country that has none."""
    properties = numdb.get("iban").info(start)[0][1]
    return 4 + sum(int(size) for size in re.findall(r"([0-9]+)!", properties.get("bban", ""))) if properties else 0


def has_identity_code(text: str) -> bool:
    return any(is_identity_code(match[0]) for match in IDENTITY_CODE.finditer(text))


def has_iban(text: str) -> bool:
    """Capitals, the country's length, in one piece or in groups of four, not part of a longer run."""
    for start in IBAN_START.finditer(text):
        length = _iban_length(start[0])
        if not length:
            continue
        sizes = [4] * (length // 4) + [length % 4] * (length % 4 > 0)
        spaced = r"[ \u00a0]".join(f"[A-Z0-9]{{{size}}}" for size in sizes)
        pattern = f"(?:[A-Z0-9]{{{length}}}|{spaced}){ALONE_AFTER}"
        found = re.compile(pattern).match(text, start.start())
        if found and is_iban(found[0]):
            return True
    return False


def has_email(text: str) -> bool:
    return bool(EMAIL.search(text))


def _is_finnish_number(written: str) -> bool:
    try:
        return phonenumbers.is_valid_number_for_region(phonenumbers.parse(written, "FI"), "FI")
    except phonenumbers.NumberParseException:
        return False


def has_phone(text: str) -> bool:
    """A valid Finnish number that starts with 0, (0 or +358 and is no part of a longer run.

    Dates, hours, account numbers and codes are no phones.
    """
    for other in (DATE, CLOCK_TIMES, IBAN_LIKE, IDENTITY_CODE, EMAIL):
        text = other.sub("§", text)
    for start in PHONE_START.finditer(text):
        run = PHONE_RUN.match(text, start.start())
        ends = [place for place in range(run.end(), start.start() + 4, -1) if text[place - 1].isdigit()] if run else []
        for end in ends:
            if not re.match(r"\w|[-/.][0-9]", text[end : end + 2]) and _is_finnish_number(text[start.start() : end]):
                return True
    return False


KINDS = {"identity code": has_identity_code, "IBAN": has_iban, "email": has_email, "phone": has_phone}


def kinds_in(text: str, kinds=tuple(KINDS)) -> list[str]:
    return [kind for kind in kinds if KINDS[kind](text)]
