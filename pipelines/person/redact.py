"""Other people's data in a person's records: marked, and not sent.

An identity code that is not the person's own never leaves, whatever is requested. A name, phone, email or account of somebody
else goes only if the officer says so. Free text is searched for codes, accounts and addresses, and goes only once somebody has
read it for anybody else who is mentioned, and said so.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from pipelines.person import wording
from pipelines.registry import functions

# Any shape of a Finnish identity code, including mistyped ones, with any dash or space.
CODE_FI = r"([0-3]\d[01]\d{3})\s?([-+A-FU-Ya-fu-y\u2010-\u2015\u2212])\s?(\d{3})\s?([0-9A-Za-z])"
# Any shape of a Swedish personal identity number or co-ordination number (its day is 60 more): with a dash or a plus, or of
# twelve digits, including mistyped ones; ten bare digits, which many other numbers have, need a closer look (`_is_code`).
CODE_SE = r"((?:18|19|20)?\d\d[01]\d[0-9]\d)\s?([-+\u2010-\u2015\u2212]?)\s?(\d{4})"
CODE = re.compile(rf"(?<![0-9A-Za-z]){CODE_FI}(?![0-9A-Za-z])|(?<![0-9A-Za-z+]){CODE_SE}(?![0-9A-Za-z])")
# Kinds of columns besides free text that may contain an identity code without its dash.
MAY_HOLD_CODES = ("pd:Name", "pd:OfficialID")
EMAIL = re.compile(r"[^\s@<>;,()]+@[^\s@<>;,()]+\.[^\s@<>;,()]+")
# Word processors' blanks and hyphens between digits count too; dots and slashes only after a plus, since otherwise they
# make dates and invoices.
SIGNS = r" \u00a0\u2007\u2009\u202f\u2010-\u2015\u2212()"
BETWEEN = rf"[{SIGNS}-]{{0,3}}"
PHONE = re.compile(
    rf"(?<![\w+])\(?\+ ?[1-9](?:[./{SIGNS}-]{{0,3}}\d){{7,16}}(?!\d)"
    rf"|(?<!\w)(?:00358|\(?0)(?:{BETWEEN}\d){{6,12}}(?!\d)"
    r"|(?<=(?i:puh|tel|gsm))0(?:[ -]?\d){6,12}(?!\d)"
    r"|(?<![\d.,/])0(?:4\d|50)[./]\d{3}[ .]?\d{3,4}(?!\d)"
)
JOINED = re.compile(r"\s+(?:ja|och|and|ynnä|sekä)\s+|\s*[&/;+]\s*", re.IGNORECASE)


class Mark(StrEnum):
    """The placeholder in the records for what was removed; the letter has it in its own language."""

    CODE = "[redacted: an identity code]"
    NAME = "[redacted: another person's name]"
    DATA = "[redacted: another person's data]"
    EMAIL = "[redacted: an email address]"
    ACCOUNT = "[redacted: a bank account]"
    PHONE = "[redacted: a phone number]"
    WAITING = "[redacted: not decided yet]"
    WITHHELD = "[redacted: withheld]"


@dataclass(frozen=True)
class Own:
    """What is the person's own: folded sets of names, codes, phones (digits), emails and accounts. `keep_others`:
    the officer lets other people's data go, except identity codes."""

    names: frozenset[str]
    codes: frozenset[str]
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    keep_others: bool = False
    country: str = "FI"  # the controller's: codes of its shape are taken out, beside Finnish and Swedish ones


@dataclass(frozen=True)
class Redaction:
    """A field, and whose data was removed from it or what else."""

    field: str
    why: str


# What a field may hold that is not the person's to see, or that nobody has read; and what the officer may say of it.
OTHERS, HOLD, TEXT = "another person's data", "the reason of a legal hold", "free text"
RELEASE, REDACT, WITHHOLD = "release", "redact", "withhold"


@dataclass(frozen=True)
class Spot:
    """A field that waits for the officer's word. `why`: OTHERS, HOLD or TEXT; `whole`: as it stands, `cut`: without what was
    found in it, both without others' identity codes, which never leave; `answer`: RELEASE, REDACT or WITHHOLD, empty where
    nobody has said; `is_text`: free text, also where something was found in it; `id`: of this field with this value, a keyed sum."""

    id: str
    field: str
    why: str
    whole: str
    cut: str
    answer: str = ""
    is_text: bool = False

    @property
    def shown(self) -> str:
        """What goes out of it. Until somebody decides, nothing of a free text or of a hold's reason; of other fields what is the
        person's own."""
        if self.answer == RELEASE:
            return self.whole
        if self.answer == WITHHOLD or (self.answer == REDACT and self.why == HOLD):
            return Mark.WITHHELD
        if not self.answer and (self.is_text or self.why == HOLD):
            return Mark.WAITING
        return self.cut


def folded(name: str) -> str:
    """Case, accents and the order of words folded."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return " ".join(sorted(re.findall(r"\w+", plain)))


def code_of(match: re.Match) -> str:
    """The form in which identity codes are compared: capitals, a hyphen for any dash; a Swedish one by its last ten digits."""
    day, sign, number, check, born, _, last = match.groups()
    if born:
        return f"{born[-6:]}-{last}"
    return f"{day}{sign if sign.isascii() else '-'}{number}{check}".upper()


def _is_code(match: re.Match) -> bool:
    """Whether text of this shape may be an identity code: a Swedish one needs a month and a day; without a dash or a century,
    its check digit too."""
    born, sign, last = match[5], match[6], match[7]
    if not born:
        return True
    month, day = int(born[-4:-2]), int(born[-2:])
    if not (1 <= month <= 12 and 1 <= day - (60 if day > 60 else 0) <= 31):
        return False
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(born[-6:] + last))
    return bool(sign) or len(born) == 8 or sum(n // 10 + n % 10 for n in doubled) % 10 == 0


@cache
def _shape(country: str) -> re.Pattern | None:
    """The shape of the country's identity codes, as its pack has it; None where it has none, or is FI or SE, which CODE knows."""
    shape = functions.packs().get(country, {}).get("code")
    return re.compile(rf"(?<![0-9A-Za-z])(?:{shape})(?![0-9A-Za-z])") if shape else None


def codes_of(country: str, text: str) -> set[str]:
    """Everything in a text that has the shape of the country's identity codes, as they are compared."""
    shape = _shape(country)
    return {compact(match[0]) for match in shape.finditer(text)} if shape else set()


def _without_codes_of_country(text: str, own: Own, is_prose: bool) -> str:
    """The text without others' codes of the country. Digits alone are one in prose only: many numbers have as many."""
    shape = _shape(own.country)
    if not shape:
        return text

    def mark(match: re.Match) -> str:
        is_own = compact(match[0]) in own.codes or digits(match[0]) in own.phones
        is_number = not is_prose and not re.search(r"[A-Za-z]", match[0])
        return match[0] if is_own or is_number else Mark.CODE

    return shape.sub(mark, text)


def codes_in(text: str) -> set[str]:
    """Everything in a text that is shaped like an identity code."""
    return {code_of(match) for match in CODE.finditer(text) if _is_code(match)}


def codes(text: str, own: Own, is_prose: bool = True) -> str:
    """The text without anybody else's identity code.

    Not `is_prose`: a key, a phone, a reference or the like, in which ten or twelve bare digits are no Swedish number.
    """
    text = CODE.sub(lambda m: m[0] if not _is_code(m) or _stays(m, own, is_prose) else Mark.CODE, text)
    return _without_codes_of_country(text, own, is_prose)


def _stays(match: re.Match, own: Own, is_prose: bool) -> bool:
    """Whether it is the person's own code or phone, or a Swedish number's digits in a field that has many other numbers."""
    if code_of(match) in own.codes:
        return True
    return bool(match[5]) and (digits(match[0]) in own.phones or not (is_prose or match[6]))


def name(text: str, own: Own) -> str:
    """A name that is not the person's, marked; of several names, those that are not."""
    if folded(text) in own.names:
        return text
    parts = JOINED.split(text)
    kept = [part if folded(part) in own.names else Mark.NAME for part in parts]
    return " & ".join(kept) if len(parts) > 1 else Mark.NAME


def free_text(text: str, own: Own) -> str:
    """The text without other people's addresses, numbers and accounts; identity codes in it are left to
    `codes`."""
    parts, start = [], 0
    for match in filter(_is_code, CODE.finditer(text)):
        parts += [_contacts(text[start : match.start()], own), match[0]]
        start = match.end()
    return "".join(parts) + _contacts(text[start:], own)


def _contacts(text: str, own: Own) -> str:
    text = EMAIL.sub(lambda m: m[0] if m[0].lower() in own.emails else Mark.EMAIL, text)
    text = _iban().sub(lambda m: m[0] if compact(m[0]) in own.accounts or not _is_iban(m[0]) else Mark.ACCOUNT, text)
    return PHONE.sub(lambda m: m[0] if digits(m[0]) in own.phones else Mark.PHONE, text)


def said(text: str, language: str) -> str:
    """The text with its marks in another language."""
    for mark in Mark:
        text = text.replace(mark, f"[{wording.say(language, f'mark_{mark.name.lower()}')}]")
    return text


def digits(phone: str) -> str:
    """The last nine digits of a number, without country code and leading zero."""
    plain = re.sub(r"\D", "", phone)
    return re.sub(r"^(?:00358|358)?0?", "", plain)[-9:]


@cache
def _iban() -> re.Pattern:
    """An account number of its country's length, in any case, with any blanks and hyphens."""
    lengths = ((row["country"], int(row["length"]) - 4) for row in functions.read("iban_lengths"))
    countries = "|".join(rf"{country}\d\d(?:{BETWEEN}[0-9a-z]){{{rest}}}" for country, rest in lengths)
    return re.compile(rf"(?<![^\W_])(?:{countries})(?![^\W_])", re.IGNORECASE | re.ASCII)


def compact(account: str) -> str:
    """The form in which accounts are compared: letters and digits, in capitals."""
    return re.sub(r"[^0-9A-Za-z]", "", account).upper()


def _is_iban(text: str) -> bool:
    plain = compact(text)
    number = "".join(str(int(c, 36)) for c in plain[4:] + plain[:4])
    return int(number) % 97 == 1


def row(
    values: dict[str, object],
    kinds: dict[str, tuple[str, ...]],
    own: Own,
    strangers: set[tuple[str, str]],
    text_kinds: tuple[str, ...],
    is_own: bool,
) -> tuple[dict[str, object], list[Redaction]]:
    """(values, redactions) of one record. `kinds`: by field; `strangers`: (kind, value) known to be somebody
    else's."""
    clean: dict[str, object] = {}
    marks: list[Redaction] = []
    for field, value in values.items():
        new: object = value
        if isinstance(value, str):
            if not own.keep_others:
                value = _others(value, kinds.get(field, ()), own, strangers, text_kinds, is_own)
            new = without_codes(value, kinds.get(field, ()), own, text_kinds)
        clean[field] = new
        if new != values[field]:
            marks.append(Redaction(field, OTHERS))
    return clean, marks


def without_codes(value: str, kinds: tuple[str, ...], own: Own, text_kinds: tuple[str, ...]) -> str:
    """A cell's text without anybody else's identity code, by what kind of cell it is."""
    return codes(value, own, bool({*text_kinds, *MAY_HOLD_CODES} & set(kinds)))


def _others(
    value: str,
    kinds: tuple[str, ...],
    own: Own,
    strangers: set[tuple[str, str]],
    text_kinds: tuple[str, ...],
    is_own: bool,
) -> str:
    for kind in kinds:
        if (kind, value) in strangers:
            return Mark.DATA
        if kind in text_kinds:
            return free_text(value, own)
        if kind == "pd:Name" and not is_own:
            return name(value, own)
    return value
