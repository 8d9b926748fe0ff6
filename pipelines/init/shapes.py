"""What the shapes of values say: patterns of days and times, numbers, yes and no; and the tests that values are put to.

A shape has 9 for every digit and `a` for every letter. Which of day and month stands first in `9/9/9999` no shape tells:
that is for a number beyond 12 to say, or for somebody who knows.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

# A share of values that may be otherwise: registers are messy, and what does not fit is a finding later.
MOST_OTHERS = 0.1
# Pairs of words for yes and no, as registers have them, in small letters.
TRUTHS = (
    ("yes", "no"), ("y", "n"), ("true", "false"), ("t", "f"), ("kyllä", "ei"), ("k", "e"), ("ja", "nej"), ("ja", "nei"), ("j", "n"),
    ("ja", "nein"), ("ja", "nee"), ("oui", "non"), ("o", "n"), ("sí", "no"), ("si", "no"), ("s", "n"), ("tak", "nie"), ("t", "n"),
    ("jah", "ei"), ("jaa", "ei"), ("tosi", "epätosi"), ("sant", "falskt"), ("wahr", "falsch"), ("vrai", "faux"), ("1", "0"), ("x", "-"),
    ("on", "off"), ("active", "inactive"),
)  # fmt: skip
DATE = re.compile(r"(?P<first>9{1,4})(?P<sign>[-./])(?P<second>99?)(?P=sign)(?P<third>9{1,4})|(?P<compact>99999999)")
MONTH = re.compile(r"9999[-./]99|99?[-./]9999")
TIME = re.compile(
    r"(?P<gap> |T|, )(?P<hour>99?):99(?P<second>:99)?(?P<fraction>\.9{3}|\.9{6}|\.9{9})?(?P<half> ?[AaPp][Mm])?(?P<zone>Z| ?[+-]99:?99)?"
)
NUMBER = re.compile(
    r"[-+]?9{1,3}(?:(?P<group>[., '\u00a0\u202f])999)*(?:(?P<sign>[.,])9+)?|[-+]?9+(?:(?P<plain>[.,])9+)?"
)
# What is no number of people or telephones at once: it has no four digits, or is a text.
SHORT = "length(v) < 30 and regexp_matches(v, '[0-9].*[0-9].*[0-9].*[0-9]')"
BYTE = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})"
IP_ADDRESS = rf"{BYTE}(?:\.{BYTE}){{3}}|[0-9a-fA-F]{{1,4}}(?::[0-9a-fA-F]{{0,4}}){{4,7}}"
# A word and a number, as most of Europe writes streets, or a number and words.
STREET = r"[\p{L}][\p{L} .''’-]{2,}[ ,]+[0-9]{1,4}[ ]?[A-Za-z]?(?:[ ,/-].{0,12})?|[0-9]{1,4}[A-Za-z]?,? [\p{L}][\p{L} .''’-]{3,}"
WHOLE_NAME = r"\p{Lu}[\p{L}'’.-]+,?(?: (?:van|von|de|der|den|af|la|le|du|da|do|dos|di|el|al|zu|ter|ten|of))*(?: \p{Lu}[\p{L}'’.-]*){1,4}"


def tests(formats: Collection[str]) -> dict[str, str]:
    """SQL conditions on a value `v`, by name: those of every country, and of its pack's formats."""
    found = {
        "email": r"regexp_full_match(v, '[^\s@]+@[^\s@]+\.[^\s@.]{2,}')",
        "international phone": r"regexp_full_match(v, '\+[1-9][0-9 ()./-]{6,18}')",
        "phone with signs": r"regexp_full_match(v, '\(?0[0-9]{1,4}[)/ -]{1,2}[0-9][0-9 -]{4,12}')",
        "digits after 0": r"regexp_full_match(v, '0[1-9][0-9]{6,11}')",
        "iban": "regexp_matches(v, '^[A-Za-z]{2}[0-9]{2}') and is_iban(v)",
        "name": f"regexp_full_match(v, '{WHOLE_NAME.replace(chr(39), chr(39) * 2)}')",
        "ip address": f"regexp_full_match(v, '{IP_ADDRESS}')",
        "street": f"regexp_full_match(v, '{STREET}')",
        "prose": r"length(v) >= 20 and length(v) - length(replace(v, ' ', '')) >= 3",
        "leading zero": "regexp_full_match(v, '0[0-9]+')",
        "card number": "regexp_full_match(v, '[3-6][0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{3,4}')",
        "padded": r"regexp_matches(v, '(?:^|[-./])0[1-9][-./ ]')",
        "year of birth": "regexp_full_match(v, '19[0-9]{2}|20[01][0-9]')",
    }
    own = {
        "identity-code": f"{SHORT} and is_identity_code(v)",
        "business-id": f"{SHORT} and is_business_id(v)",
        "postal-code": "length(v) < 12 and is_postal_code(v)",
    }
    return found | {name: sql for name, sql in own.items() if name in formats}


@dataclass(frozen=True)
class Days:
    """What the shapes of a column say of its days. `pattern`: as contracts write it, '' where the order of day and month is
    open: then `either` has both. `alike`: values of the shapes that the pattern takes."""

    pattern: str
    alike: int
    either: tuple[str, str] = ("", "")
    two_digit_years: bool = False


def days(shapes: dict[str, int], looked_at: int, padded: bool) -> Days | None:
    """The pattern of days or times that most values have; None where they have none. `padded`: whether a zero stands before single
    digits; where none is seen they are read with and without."""
    kinds: dict[tuple, dict[str, int]] = {}
    for shape, count in shapes.items():
        if kind := _kind(shape):
            kinds.setdefault(kind, {})[shape] = count
    if not kinds:
        return None
    kind, alike = max(kinds.items(), key=lambda item: sum(item[1].values()))
    total = sum(alike.values())
    if total < (1 - MOST_OTHERS) * looked_at:
        return None
    order, sign, time = kind
    if order == "yy":
        return Days("", total, two_digit_years=True)
    told = _time(time, alike)
    if order in ("yMd", "ymd", "yM", "My"):
        return Days(_iso(order, sign, alike) + told, total)
    numbers = [DATE.match(shape) for shape in alike]
    short = any(match and (len(match["first"]) == 1 or len(match["second"]) == 1) for match in numbers)
    day, month = ("dd", "MM") if padded and not short else ("d", "M")
    first, second = f"{day}{sign}{month}{sign}yyyy{told}", f"{month}{sign}{day}{sign}yyyy{told}"
    return Days(first, total) if sign == "." else Days("", total, (first, second))


def _kind(shape: str) -> tuple[str, str, str] | None:
    """(order, sign, form of the time) of a shape that is a day's, a month's or a time's."""
    if MONTH.fullmatch(shape):
        return ("yM" if shape.startswith("9999") else "My"), re.sub("9", "", shape), ""
    match = DATE.match(shape)
    if not match:
        return None
    rest, time = shape[match.end() :], ""
    if rest:
        found = TIME.fullmatch(rest)
        if not found:
            return None
        time = "|".join(
            (
                found["gap"],
                found["second"] or "",
                found["fraction"] or "",
                "a" if found["half"] else "",
                "z" if found["zone"] else "",
            )
        )
    if match["compact"]:
        return "ymd", "", time
    first, third = len(match["first"]), len(match["third"])
    if first == 4 and third <= 2:
        return "yMd", match["sign"], time
    if first <= 2 and third == 4:
        return "dM", match["sign"], time
    return ("yy", match["sign"], time) if first <= 2 and third == 2 else None


def _iso(order: str, sign: str, alike: dict[str, int]) -> str:
    if order == "ymd":
        return "yyyyMMdd"
    if order == "yM":
        return f"yyyy{sign}MM"
    short = any(re.search(rf"(?:^|\{sign})9(?:\{sign}|$|[ T])", shape) for shape in alike)
    if order == "My":
        return f"{'M' if short else 'MM'}{sign}yyyy"
    return f"yyyy{sign}{'M' if short else 'MM'}{sign}{'d' if short else 'dd'}"


def _time(time: str, alike: dict[str, int]) -> str:
    if not time:
        return ""
    gap, second, fraction, half, zone = time.split("|")
    short = any(re.search(r"(?:[ T])9:", shape) for shape in alike)
    hour = ("h" if short else "hh") if half else ("H" if short else "HH")
    signs = "'T'" if gap == "T" else gap
    made = f"{signs}{hour}:mm{':ss' if second else ''}{'.' + 'S' * (len(fraction) - 1) if fraction else ''}"
    spaced = any(re.search(r"9 [AaPp][Mm]", shape) for shape in alike)
    return made + ((" a" if spaced else "a") if half else "") + ("XXX" if zone else "")


@dataclass(frozen=True)
class Numbers:
    """How a column writes numbers: its decimal sign ('' for whole ones) and what stands between groups of three. `open`: a
    sign of which no value tells whether it is one or the other."""

    decimal: str
    grouping: str
    alike: int
    open: str = ""


def numbers(shapes: dict[str, int], looked_at: int) -> Numbers | None:
    """How most values are written, where they are numbers; None where they are not."""
    alike = {shape: count for shape, count in shapes.items() if NUMBER.fullmatch(shape)}
    total = sum(alike.values())
    if not total or total < (1 - MOST_OTHERS) * looked_at:
        return None
    decimals, groups, doubtful = set(), set(), set()
    for shape in alike:
        bare = shape.lstrip("+-")
        bare = bare.replace("\u00a0", " ").replace("\u202f", " ")
        signs = [letter for letter in bare if letter != "9"]
        if not signs:
            continue
        last, tail = signs[-1], len(bare.rpartition(signs[-1])[2])
        if last in " '" or len(signs) > 1 and len(set(signs)) == 1:
            groups.add(last)
        elif len(signs) == 1 and tail == 3 and len(bare.split(last)[0]) <= 3:
            doubtful.add(last)
        else:
            decimals.add(last)
            groups |= set(signs[:-1])
    return _signs(decimals, groups, doubtful, total)


def _signs(decimals: set[str], groups: set[str], doubtful: set[str], total: int) -> Numbers | None:
    if len(decimals) > 1 or decimals & groups or len(groups) > 1 or len(doubtful - decimals - groups) > 1:
        return None
    decimal, group = next(iter(decimals), ""), next(iter(groups), "")
    left = next(iter(doubtful - decimals - groups), "")
    if left and decimal:
        group, left = left, ""
    return Numbers(decimal, group, total, left)


def truth(values: dict[str, int], filled: int) -> tuple[str, str] | None:
    """The words for yes and no of a column that has hardly any other values, as most of its cells write them. `values`: words of the
    vocabulary, and how many cells have each."""
    most: dict[str, str] = {}
    for value in sorted(values, key=lambda each: (values[each], each)):
        most[value.lower()] = value
    for yes, no in TRUTHS:
        if yes in most and no in most and values[most[yes]] + values[most[no]] >= (1 - MOST_OTHERS) * filled:
            return most[yes], most[no]
    return None
