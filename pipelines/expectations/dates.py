"""Date and time patterns as contracts write them: those of Java's DateTimeFormatter, which ODCS prescribes.

`yyyy` or `uuuu`, `MM` or `M`, `dd` or `d`, `HH` or `H`, `hh` or `h` with `a`, `mm`, `ss`, fractions `S…`, text between apostrophes,
punctuation, and at the end an offset: `XXX`, `XX`, `X`, `xxx` or `Z`. A single letter reads one digit or two. Patterns that
need guessing are refused: two-digit years, names of months.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

# Java's letters: (regular expression, DuckDB's and Python's strptime)
FIELDS = {
    "yyyy": (r"\d{4}", "%Y"), "uuuu": (r"\d{4}", "%Y"), "MM": (r"\d{2}", "%m"), "M": (r"\d{1,2}", "%m"),
    "dd": (r"\d{2}", "%d"), "d": (r"\d{1,2}", "%d"), "HH": (r"\d{2}", "%H"), "H": (r"\d{1,2}", "%H"),
    "hh": (r"\d{2}", "%I"), "h": (r"\d{1,2}", "%I"), "a": ("(?:AM|PM|am|pm)", "%p"), "mm": (r"\d{2}", "%M"), "ss": (r"\d{2}", "%S"),
}  # fmt: skip
FRACTIONS = {3: "%g", 6: "%f", 9: "%n"}
OFFSETS = ("XXX", "XX", "X", "xxx", "xx", "x", "Z", "ZZZZZ")
OFFSET = r"(?:Z|[+-](?:0\d|1[0-4]):?[0-5]\d)"
TOKEN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']")
WRITE = "write days as in d.M.yyyy, dd/MM/yyyy or yyyy-MM-dd, times as in yyyy-MM-dd'T'HH:mm:ssXXX"
# What the refused letters would mean.
REFUSED = {
    "yy": "a year of two digits does not say its century", "uu": "a year of two digits does not say its century",
    "MMM": "names of months are not read", "MMMM": "names of months are not read", "E": "names of weekdays are not read",
    "EEEE": "names of weekdays are not read", "z": "an abbreviation of a time zone does not tell summer from winter",
}  # fmt: skip


@dataclass(frozen=True)
class Pattern:
    """`expression`: what a text must match, without its offset; `strptime`: how it is parsed. `parts`: which of year, month, day,
    time it contains; `offset`: whether one may follow."""

    expression: str
    strptime: str
    parts: frozenset[str]
    offset: bool = False


@cache
def pattern(text: str) -> Pattern | str:
    """The pattern, or a sentence on what is wrong with it."""
    expression, strptime, letters, offset = "", "", [], False
    tokens = list(TOKEN.finditer(text))
    if "".join(match[0] for match in tokens) != text or not tokens:
        return "an apostrophe has no other one"
    for match in tokens:
        token = match[0]
        if offset:
            return "an offset is not at its end"
        if match[2] and token in OFFSETS:
            offset = True
        elif match[2] and set(token) == {"S"}:
            if len(token) not in FRACTIONS:
                return "fractions of a second have 3, 6 or 9 digits"
            expression, strptime = expression + rf"\d{{{len(token)}}}", strptime + FRACTIONS[len(token)]
            letters.append("S")
        elif match[2]:
            if token not in FIELDS:
                return REFUSED.get(token, f"{token!r} is not read here")
            expression, strptime = expression + FIELDS[token][0], strptime + FIELDS[token][1]
            letters.append(token[0].replace("u", "y"))
        else:
            sign = (match[1] or "").replace("''", "'") if token.startswith("'") and token != "''" else token[:1]
            expression, strptime = expression + re.escape(sign), strptime + sign.replace("%", "%%")
    if len(set(letters)) < len(letters):
        return "says something twice"
    return _checked(Pattern(expression, strptime, frozenset(letters), offset))


def _checked(found: Pattern) -> Pattern | str:
    if not {"y", "M"} <= found.parts:
        return "says no year and month"
    times = found.parts & {"H", "h", "m", "s", "S", "a"}
    if times and "d" not in found.parts:
        return "says a time of no day"
    if ("h" in found.parts) != ("a" in found.parts) or {"H", "h"} <= found.parts:
        return "an hour is H, or h with a"
    if times and not found.parts & {"H", "h"}:
        return "says minutes of no hour"
    return "an offset belongs to a time" if found.offset and not times else found


def kind(found: Pattern) -> str:
    """date, month or timestamp."""
    if found.parts & {"H", "h"}:
        return "timestamp"
    return "date" if "d" in found.parts else "month"


def has_offset(text: str | None) -> bool:
    """Whether a column's format may contain an offset."""
    found = pattern(text) if text else ""
    return isinstance(found, Pattern) and found.offset


def written(text: str, value: dt.datetime) -> str:
    """A date and time in a pattern, for workbook cells that hold dates rather than text."""
    values = {
        "yyyy": f"{value.year:04d}",
        "uuuu": f"{value.year:04d}",
        "MM": f"{value.month:02d}",
        "M": str(value.month),
        "dd": f"{value.day:02d}",
        "d": str(value.day),
        "HH": f"{value.hour:02d}",
        "H": str(value.hour),
        "hh": f"{(value.hour - 1) % 12 + 1:02d}",
        "h": str((value.hour - 1) % 12 + 1),
        "a": "AM" if value.hour < 12 else "PM",
        "mm": f"{value.minute:02d}",
        "ss": f"{value.second:02d}",
    }
    parts = []
    for match in TOKEN.finditer(text):
        token = match[0]
        if match[2] and token in OFFSETS:
            continue
        if match[2] and set(token) == {"S"}:
            parts.append(f"{value.microsecond:06d}"[: len(token)].ljust(len(token), "0"))
        elif match[2]:
            parts.append(values[token])
        else:
            parts.append((match[1] or "").replace("''", "'") if token.startswith("'") and token != "''" else token)
    return "".join(parts)
