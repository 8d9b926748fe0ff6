"""What agrees and what contradicts between a person and a record, or another customer: one comparison for what is
included, for what is only offered, and for what the officer sees of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from pipelines.person import attributes, namecheck
from pipelines.person.namecheck import Name, Verdict
from pipelines.person.place import Place
from pipelines.sql import insert, render

BIRTH = attributes.BIRTH
CENTURIES = dict.fromkeys("-YXWVU", 1900) | dict.fromkeys("ABCDEF", 2000) | {"+": 1800}
NAME, CODE, ADDRESS = "pd:Name", "pd:OfficialID", "pd:PhysicalAddress"
# What is compared besides the name, and its name.
KINDS = {
    CODE: "identity code", BIRTH: "day of birth", "pd:TelephoneNumber": "phone", "pd:EmailAddress": "email",
    "pd:BankAccount": "bank account", ADDRESS: "address", "pd:HouseOwned": "property",
}  # fmt: skip
CONTACTS = ("pd:TelephoneNumber", "pd:EmailAddress", "pd:BankAccount")
# A family may share a phone; an account or an email address almost never.
OWN_ALONE = ("pd:EmailAddress", "pd:BankAccount")


@dataclass(frozen=True)
class Facts:
    """What is known: names as written and whether the surname is first, values in normal form by kind, whether it is
    an organisation (None: unknown, or no data subject), the first day of the relationship."""

    names: tuple[tuple[str, bool], ...] = ()
    values: dict[str, frozenset[str]] = field(default_factory=dict)
    is_organisation: bool | None = None
    since: dt.date | None = None

    def of(self, kind: str) -> frozenset[str]:
        return self.values.get(kind, frozenset())


@dataclass(frozen=True)
class Likeness:
    """Phrases of what agrees and what contradicts, and how the names compare."""

    agrees: tuple[str, ...]
    contradicts: tuple[str, ...]
    name: Verdict
    shared: frozenset[str] = frozenset()
    differing: frozenset[str] = frozenset()

    def __str__(self) -> str:
        parts = [", ".join(self.agrees)] if self.agrees else []
        return "; but ".join([*parts, ", ".join(self.contradicts)] if self.contradicts else parts)


def facts(place: Place, lines: list[tuple[str, int]]) -> dict[tuple[str, int], Facts]:
    """What is known of each of these records, by (dataset, line)."""
    attributes.build(place)
    place.connection.execute("create or replace temp table looked (dataset varchar, line bigint)")
    insert(place.connection, "looked", sorted(set(lines)))
    names: dict[tuple, list[tuple[str, str]]] = {}
    values: dict[tuple, dict[str, set[str]]] = {}
    for row in place.fetch(render("person/facts.sql"), {"kinds": [NAME, *KINDS]}):
        at = (row["dataset"], row["line"])
        if row["kind"] == NAME:
            names.setdefault(at, []).append((row["role"], row["value"]))
        else:
            normal = row["normal_value"] or row["value"].casefold()
            values.setdefault(at, {}).setdefault(row["kind"], set()).add(normal)
    rows = _subject_rows(place, [line for dataset, line in lines if dataset == place.subject[0]])
    return {
        at: Facts(
            _whole(names.get(at, [])),
            {kind: frozenset(found) for kind, found in values.get(at, {}).items()},
            *((rows[at[1]]["is_organisation"], rows[at[1]]["since_on"]) if _is_subject(place, at, rows) else ()),
        )
        for at in lines
    }


def _whole(parts: list[tuple[str, str]]) -> tuple[tuple[str, bool], ...]:
    """Names in one piece, also if a dataset has given name and surname in separate columns."""
    apart = {role: value for role, value in parts if role in ("given", "surname")}
    joined = (
        ((f"{apart.get('surname', '').replace(' ', '-')} {apart.get('given', '')}".strip(), True),) if apart else ()
    )
    return joined + tuple((value, role == "surname first") for role, value in parts if role not in apart)


def _is_subject(place: Place, at: tuple[str, int], rows: dict[int, dict]) -> bool:
    return at[0] == place.subject[0] and at[1] in rows


def _subject_rows(place: Place, lines: list[int]) -> dict[int, dict]:
    if not lines or "subject_row" not in place.built:
        return {}
    sql = "select line, is_organisation, since_on from subject_row where line in (select unnest($1::bigint[]))"
    return {row["line"]: row for row in place.fetch(sql, [lines])}


def together(some: list[Facts]) -> Facts:
    """What is known of one person from several records."""
    values: dict[str, frozenset[str]] = {}
    for each in some:
        for kind, found in each.values.items():
            values[kind] = values.get(kind, frozenset()) | found
    first = next(iter(some), Facts())
    names = tuple(dict.fromkeys(name for each in some for name in each.names))
    return Facts(names, values, first.is_organisation, first.since)


def names_of(own: Facts) -> tuple[Name, ...]:
    """A data subject's names, parsed."""
    return tuple(namecheck.read(name, is_first, own.is_organisation) for name, is_first in own.names)


def compare(names: tuple[Name, ...], own: Facts, other: Facts) -> Likeness:
    """A record compared with what is known of the person, whose names are already parsed."""
    verdict = max(
        (namecheck.compare(names, name) for name, _ in other.names), key=list(Verdict).index, default=Verdict.NOTHING
    )
    agrees, contradicts = [str(verdict)] if verdict.agrees or verdict is Verdict.SURNAME else [], []
    contradicts += [str(verdict)] if verdict.contradicts else []
    if None not in (own.is_organisation, other.is_organisation) and own.is_organisation != other.is_organisation:
        contradicts.append("an organisation" if other.is_organisation else "a person")
    shared: set[str] = set()
    differing: set[str] = set()
    is_code_slip = any(namecheck.is_slip(a, b) for a in own.of(CODE) for b in other.of(CODE))
    for kind, called in KINDS.items():
        mine, theirs = (_births(own), _births(other)) if kind == BIRTH else (own.of(kind), other.of(kind))
        if mine and theirs:
            is_same = bool(mine & theirs) or (kind == ADDRESS and _within(mine, theirs))
            if not is_same and is_code_slip and kind in (CODE, BIRTH):
                continue
            (shared if is_same else differing).add(kind)
            (agrees if is_same else contradicts).append(f"{'the same' if is_same else 'another'} {called}")
    return Likeness(tuple(agrees), tuple(contradicts), verdict, frozenset(shared), frozenset(differing))


def _within(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether an address that lacks its town is the beginning of one of the others."""
    return any(a.startswith(f"{b},") or b.startswith(f"{a},") for a in mine for b in theirs)


def _births(some: Facts) -> frozenset[str]:
    """Birth dates as ISO dates: those written, and those in identity codes."""
    return some.of(BIRTH) | {
        f"{century + int(code[4:6])}-{code[2:4]}-{code[:2]}"
        for code in some.of(CODE)
        if code[:6].isdigit() and (century := CENTURIES.get(code[6:7]))
    }


def is_certain_member(own: Facts, other: Facts, like: Likeness) -> bool:
    """Whether two customers who share a valid key are one person.

    A code can be typed on the row of a spouse, a stranger, or a son of the same name. A person's given name must agree and no
    contact differ; if the surname is the same too, a father and son are told apart by what families do not share.
    """
    if None in (own.is_organisation, other.is_organisation):
        return False
    if own.is_organisation or other.is_organisation:
        return own.is_organisation == other.is_organisation and like.name is Verdict.SAME
    if like.name not in (Verdict.SAME, Verdict.GIVEN) or _older_than_code(own) or _older_than_code(other):
        return False
    shared, differing = like.shared & {*CONTACTS}, like.differing & {*CONTACTS}
    if like.name is Verdict.SAME:
        return bool(shared & {*OWN_ALONE}) and not differing
    return bool(shared) or not differing


def _older_than_code(some: Facts) -> bool:
    """Whether somebody became a customer before the birthday in the code, or may have: the first day is unknown."""
    return any(some.since is None or some.since.isoformat() <= day for day in _births(some))


def doubts(like: Likeness) -> tuple[str, ...]:
    """What contradicts a record that keys lead to: another's name, identity code or day of birth."""
    found = [str(like.name)] if like.name.contradicts else []
    return (*found, *(f"another {KINDS[kind]}" for kind in (CODE, BIRTH) if kind in like.differing))


def doubts_of_value(like: Likeness, has_name: bool) -> tuple[str, ...]:
    """What contradicts a record that only a value leads to; `has_name`: its dataset names people."""
    found = list(like.contradicts)
    if like.name in (Verdict.GIVEN, Verdict.CALLED, Verdict.INITIAL, Verdict.SURNAME):
        found.append(f"only {like.name}")
    if like.name is Verdict.NOTHING and has_name:
        found.append("no name on it")
    return tuple(found)
