"""How texts and numbers from data are displayed everywhere."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

# Characters that are invisible or change how others look: controls, format (bidi), separators, surrogates, private use.
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

# Identity code, email address, phone number, IBAN. Linear in the length of the text, whatever it holds.
VALUES = re.compile(
    r"\b\d{6}[-+A-FU-Ya-fu-y]\d{3}[0-9A-Ya-y]\b|[^\s@]@[^\s@]+\.[^\s@]|(?<!\d)(?:\+358|0)[ -]?\d(?:[ -]?\d){6,}"
    r"|\b[A-Z]{2}\d{2}(?: ?\d{4}){3}"
)


# 30.6.2026, 30/6/2026, 30-6-2026: every country that there is a pack of writes the day first, or as ISO does.
DAY_FIRST = re.compile(r"(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4})")


def written_day(text: str) -> dt.date | None:
    """The day that somebody wrote, as 2026-06-30 or with the day first; None where it is none."""
    found = DAY_FIRST.fullmatch(text.strip())
    try:
        if found:
            return dt.date(int(found[4]), int(found[3]), int(found[1]))
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        return None


def holds_value(text: str) -> bool:
    """Whether a text that should name a thing names a person: it contains something shaped like an identifier."""
    return VALUES.search(text) is not None


# As word processors write them: every dash counts as a hyphen, invisible characters are dropped.
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−⁃﹘﹣－"), "-")


# Single characters separated by blanks: `1 3 1 0 5 2`.
APART = re.compile(r"(?<=(?<!\S)\S) (?=\S(?:\s|$))")


def _plain(text: str) -> str:
    """The text with every dash as a hyphen, digits of any script as ASCII, and no invisible characters."""
    plain = unicodedata.normalize("NFKC", text).translate(DASHES)
    plain = "".join(c for c in unicodedata.normalize("NFKC", plain) if unicodedata.category(c) != "Cf")
    return "".join(str(unicodedata.digit(c, c)) for c in plain)


def names_somebody(text: str) -> bool:
    """Whether a short text, such as a reason, holds an identifier in any spelling: with any dash, dot, blank or nothing in
    between, character by character, in the digits of any script, a phone number of any country."""
    plain = _plain(text)
    forms = {plain, APART.sub("", plain)}
    forms |= {re.sub(r" *([-+]) *", r"\1", re.sub(r"-{2,}", "-", form)) for form in forms}
    return any(
        holds_value(form)
        or MASKED.search(form)
        or SPELT_OTHER.search(form)
        or any(_is_code(*match.groups()) for match in SPELT_CODE.finditer(form))
        for form in forms
    )


# An identity code with anything or nothing between its parts: its check character tells it from other numbers.
SPELT_CODE = re.compile(
    r"(?<![0-9A-Za-z])(?=(\d\d)[\W_]{0,3}(\d\d)[\W_]{0,3}(\d\d)[\W_]{0,3}[A-FU-Ya-fu-y]?[\W_]{0,3}(\d{3})[\W_]{0,3}([0-9A-Ya-y])(?![0-9A-Za-z]))"
)
# A phone number with dots or slashes, and an email address without an @ sign.
SPELT_OTHER = re.compile(
    r"(?<![\w.])0[1-9]\d{0,2}[._/~:]\d{3}[ ._/~:-]?\d{2,4}|\S\s*[\[(]\s*[aä]t\s*[\])]\s*\w", re.IGNORECASE
)
CONTROL = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def _is_code(day: str, month: str, year: str, number: str, control: str) -> bool:
    right = CONTROL[int(day + month + year + number) % 31]
    return 1 <= int(day) <= 31 and 1 <= int(month) <= 12 and control.upper() == right


# The same and more, for stored text: account numbers in full, phone numbers of any country and in brackets.
MASKED = re.compile(
    r"\b\d{6}[-+A-FU-Ya-fu-y]\d{3}[0-9A-Ya-y]\b|\S+@\S+\.[^\s,;]+|\b[A-Za-z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"
    r"|(?<![\w.,-])\(?(?:\+\d{1,3}|0)\)?[ (-]{0,2}\d(?:[ ()-]{0,2}\d){5,}"
)
MASK = "[masked]"


def masked(text: str) -> str:
    """The text with everything shaped like an identity code, email, phone or account number redacted; the whole text where the
    spelling does not show where such a value ends."""
    if not names_somebody(text):
        return text
    hidden = MASKED.sub(MASK, _plain(text))
    return MASK if names_somebody(hidden) else hidden


def one_line(text: str, most: int) -> str:
    """A text that somebody wrote, as it is stored: on one line, without hidden characters, at most `most` characters long."""
    line = visible(" ".join(text.split()))
    return line if len(line) <= most else line[: most - 1] + "…"


def visible(text: str) -> str:
    """The text with every character that hides, or changes the look of others, shown by its code, such as ⟨U+202E⟩."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"⟨U+{ord(c):04X}⟩" if unicodedata.category(c) in HIDDEN else c for c in text)


def number(value: int) -> str:
    """12 345, with narrow no-break spaces."""
    return f"{value:,}".replace(",", "\u202f")
