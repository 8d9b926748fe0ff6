"""Identifiers inside free text: which kinds a text holds."""

import re

import phonenumbers

from .values import iban_length, is_iban, is_identity_code, is_reference_number

ALONE_BEFORE, ALONE_AFTER = r"(?<![^\W_])", r"(?![^\W_])"
# What word processors write for a hyphen and for a blank.
PLAIN = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-") | dict.fromkeys("\u00a0\u2009\u202f", " ")
)
IDENTITY_CODE = re.compile(ALONE_BEFORE + r"[0-9]{6}[-+A-FU-Ya-fu-y][0-9]{3}[0-9A-Ya-y]" + ALONE_AFTER)
IBAN_START = re.compile(ALONE_BEFORE + r"[A-Za-z]{2}[0-9]{2}")
IBAN_LIKE = re.compile(
    ALONE_BEFORE + r"[A-Za-z]{2}[0-9]{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,3})?" + ALONE_AFTER
)
EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
DATE = re.compile(r"(?<![0-9])[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}(?![0-9])")
CLOCK_TIMES = re.compile(r"(?<![0-9])[0-9]{1,2}[.:][0-9]{2} ?[-–] ?[0-9]{1,2}[.:][0-9]{2}(?![0-9])")
GROUPED = re.compile(r"(?<![\w-])[1-9][0-9]{0,4}(?: [0-9]{3,5})+(?: [0-9]{1,4})?(?![\w-])")
HOME_START = re.compile(r"(?<![\w+])(?<![0-9][-/.])(?:\(?\+358\)?|\(?0)")
ABROAD_START = re.compile(r"(?<![\w+#])\+(?=[1-9])")
PHONE_RUN = re.compile(r"[+(]{0,2}[0-9]+(?:[ \-/().]{1,3}[0-9]+)*")


def has_identity_code(text: str) -> bool:
    return any(is_identity_code(match[0]) for match in IDENTITY_CODE.finditer(text.translate(PLAIN)))


def has_iban(text: str) -> bool:
    """The country's length, in any case, with blanks or hyphens between its characters, not part of a longer run."""
    text = text.translate(PLAIN)
    for start in IBAN_START.finditer(text):
        length = iban_length(start[0][:2].upper())
        found = length and re.compile(f"(?:[A-Za-z0-9][ -]?){{{length - 1}}}[A-Za-z0-9]{ALONE_AFTER}").match(
            text, start.start()
        )
        if found and is_iban(found[0].replace(" ", "").replace("-", "")):
            return True
    return False


def has_email(text: str) -> bool:
    return bool(EMAIL.search(text))


def _is_valid(written: str, codes: tuple[int, ...] = ()) -> bool:
    """A valid number of Finland (Åland has the same calling code), or of any country."""
    try:
        number = phonenumbers.parse(re.sub(r"\((\+358)\)", r"\1 ", written), "FI")
    except phonenumbers.NumberParseException:
        return False
    return (not codes or number.country_code in codes) and phonenumbers.is_valid_number(number)


def _without_references(text: str) -> str:
    """The text without reference numbers in even groups."""
    sizes = [r"[0-9]{1,5}(?: [0-9]{5})+", r"[0-9]{1,4}(?: [0-9]{4})+(?: [0-9]{1,4})?", r"[0-9]{1,3}(?: [0-9]{3}){3,}"]
    is_one = lambda run: is_reference_number(run) and any(re.fullmatch(size, run) for size in sizes)  # noqa: E731
    return GROUPED.sub(lambda match: "§" if is_one(match[0]) else match[0], text)


def has_phone(text: str) -> bool:
    """A valid Finnish number that starts with 0, (0 or +358, or one of another country that starts with +, and is no part
    of a longer run.

    Dates, hours, account and reference numbers and codes are no phones.
    """
    text = text.translate(PLAIN)
    for other in (DATE, CLOCK_TIMES, IBAN_LIKE, IDENTITY_CODE, EMAIL):
        text = other.sub("§", text)
    text = _without_references(text)
    for pattern, codes, least in ((HOME_START, (358,), 4), (ABROAD_START, (), 9)):
        for start in pattern.finditer(text):
            run = PHONE_RUN.match(text, start.start())
            ends = range(run.end(), start.start() + least, -1) if run else []
            for end in ends:
                written = text[start.start() : end]
                if (
                    text[end - 1].isdigit()
                    and not re.match(r"\w|[-/.][0-9]", text[end : end + 2])
                    and _is_valid(written, codes)
                ):
                    return True
    return False


KINDS = {"identity code": has_identity_code, "IBAN": has_iban, "email": has_email, "phone": has_phone}


def kinds_in(text: str, kinds=tuple(KINDS)) -> list[str]:
    return [kind for kind in kinds if KINDS[kind](text)]
