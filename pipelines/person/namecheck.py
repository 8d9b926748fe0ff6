"""Whether a name on a record can be the person's: given names, surnames, initials, and names that are no person's.

A surname changes and a household shares it, so the given name decides. If a name cannot decide, the answer is "unknown".
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from pipelines.person import model
from pipelines.person.redact import JOINED

ESTATE = frozenset(model.ESTATE)
COMPANY = frozenset((*model.FIRM, *model.SOLE))
PARTICLES = frozenset(("von", "af", "de", "van", "der", "la"))
# A name that was removed, or never entered.
NO_NAME = frozenset(
    ("poistettu", "nimi", "salattu", "redacted", "removed", "name", "borttaget", "namn", "turvakielto", "tuntematon")
    + ("okand", "nimeton", "anonyymi", "ei")
)
# What follows is the addressee's name, not the record's.
CARE_OF = re.compile(r"\bc\s*[/.]\s*o\b\.?|\bp\s*[/.]\s*a\b\.?|%", re.IGNORECASE)
EARLIER = re.compile(r"\b(?:o\.\s?s\.?|os\.|ent\.|f\.\s?d\.|född|née|aik\.)", re.IGNORECASE)
MOST_SLIP = 3  # Names this short may differ by one letter and be two names: Aki and Ari.


class Verdict(StrEnum):
    """How a name on a record and the person's compare. Values after SLIP count against their being the same person."""

    SAME = "the same name"
    GIVEN = "the same given name with another surname"
    CALLED = "the same surname with a call name of the given name"
    INITIAL = "the same surname with an initial that fits"
    SURNAME = "the surname alone"
    NOTHING = "no name to compare"
    SLIP = "a given name that differs by a letter"
    OTHER_GIVEN = "another given name"
    OTHER_SECOND = "another second given name"
    OTHER = "a name with nothing in common"
    ESTATE = "an estate's name"
    COMPANY = "a company's name"
    PERSON = "a person's name"
    CARE_OF = "only the name of whose address it is (c/o)"
    UNREADABLE = "a name that was taken out"

    @property
    def contradicts(self) -> bool:
        return self not in (self.SAME, self.GIVEN, self.CALLED, self.INITIAL, self.SURNAME, self.NOTHING)

    @property
    def agrees(self) -> bool:
        return self in (self.SAME, self.GIVEN, self.CALLED, self.INITIAL)


@dataclass(frozen=True)
class Name:
    """One data subject's name, parsed. `kind`: person, estate or company; a company's words are all in `surname`."""

    surname: tuple[str, ...]
    given: tuple[str, ...]
    kind: str = "person"


def words(text: str) -> list[str]:
    """The words of a name: case and accents folded, split at hyphens and dots."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.findall(r"[^\W\d_]+", re.sub(r"\bt:mi\b", "tmi", plain))


def kind_of(found: list[str]) -> str:
    """What kind of name it is, by its words."""
    return "estate" if ESTATE & {*found} else "company" if COMPANY & {*found} else "person"


def read(text: str, surname_first: bool, is_organisation: bool | None = None) -> Name:
    """A data subject's own name as the register writes it."""
    text = EARLIER.sub(" ", CARE_OF.split(text)[0])
    found = words(text)
    kind = kind_of(found)
    if kind == "company" or (is_organisation and kind == "person"):
        return Name(tuple(word for word in found if word not in COMPANY) or tuple(found), (), "company")
    parts = [part for part in text.split() if not ESTATE & {*words(part)}]
    if not surname_first:
        parts = parts[-1:] + parts[:-1]
    end = next((n + 1 for n, part in enumerate(parts) if not PARTICLES & {*words(part)}), 1)
    return Name(tuple(words(" ".join(parts[:end]))), tuple(words(" ".join(parts[end:]))), kind)


def compare(own: tuple[Name, ...], text: str | None) -> Verdict:
    """The best match of a name on a record with any name of the person."""
    if not own or text is None or not text.strip():
        return Verdict.NOTHING
    order = list(Verdict)
    return min((_compare(name, text) for name in own), key=order.index)


def _compare(own: Name, text: str) -> Verdict:
    base = EARLIER.sub(" ", CARE_OF.split(text)[0])
    if not words(base):
        return Verdict.CARE_OF if CARE_OF.search(text) and words(text) else Verdict.UNREADABLE
    parts = [found for part in JOINED.split(base) if (found := words(part))]
    kind = kind_of([word for part in parts for word in part])
    if own.kind == "company":
        return _company(own, [word for part in parts for word in part], kind)
    if kind != own.kind:
        return Verdict(getattr(Verdict, kind.upper()))
    order = list(Verdict)
    return min((_person(own, [w for w in part if w not in ESTATE]) for part in parts), key=order.index)


def _company(own: Name, found: list[str], kind: str) -> Verdict:
    if kind == "estate":
        return Verdict.ESTATE
    shared = {*own.surname} & {*found} - COMPANY
    return Verdict.SAME if shared else Verdict.OTHER


def _person(own: Name, found: list[str]) -> Verdict:
    if {*found} <= NO_NAME:
        return Verdict.UNREADABLE
    rest, has_surname = list(found), False
    for word in own.surname:
        like = next((w for w in rest if w == word or is_slip(w, word)), None)
        if like:
            rest.remove(like)
            has_surname = True
    if not rest or not own.given:
        return Verdict.SURNAME if has_surname else Verdict.OTHER
    mine = [word for word in own.given if word not in rest]
    same = len(mine) < len(own.given)
    theirs = [word for word in rest if word not in own.given]
    initials = [w for w in mine if any(len(t) == 1 and w[0] == t or len(w) == 1 and t[0] == w for t in theirs)]
    theirs = [t for t in theirs if not any(len(t) == 1 and w[0] == t or len(w) == 1 and t[0] == w for w in mine)]
    mine = [word for word in mine if word not in initials]
    if not has_surname:
        theirs = theirs[1:]  # one of them is the other surname
    if same:
        if mine and theirs:
            return Verdict.SLIP if any(is_slip(a, b) for a in mine for b in theirs) else Verdict.OTHER_SECOND
        return Verdict.SAME if has_surname else Verdict.GIVEN
    if has_surname and any((a, b) in _call_names() for a in own.given for b in rest):
        return Verdict.CALLED
    if initials and has_surname and not theirs:
        return Verdict.INITIAL
    if any(is_slip(a, b) for a in own.given for b in rest):
        return Verdict.SLIP
    return Verdict.OTHER_GIVEN if has_surname else Verdict.OTHER


@cache
def _call_names() -> frozenset[tuple[str, str]]:
    return frozenset(pair for name, called in model.call_names() for pair in ((name, called), (called, name)))


def is_slip(one: str, other: str) -> bool:
    """Whether two words differ by one letter omitted, added, changed or swapped with the next."""
    if one == other or min(len(one), len(other)) <= MOST_SLIP or abs(len(one) - len(other)) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
