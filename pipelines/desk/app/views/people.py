"""One person: searched for with the reason stated first, values masked; and the requests of data subjects.

Every look-up is logged before anything is shown (`pipelines.person`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines import person
from pipelines.desk.app.session import Session
from pipelines.person import redact, register
from pipelines.person.holding import protected
from pipelines.text import visible


@dataclass(frozen=True)
class People:
    """The search: the query and its reason, and who may be meant, masked. `rows` is None before the first query."""

    query: str
    why: str
    rows: list[dict] | None = None
    more: int = 0


def people(session: Session) -> People:
    """The empty search page."""
    return People("", session.why)


def searched(session: Session, values: Mapping[str, str]) -> People:
    """Who may be meant. Without a reason, nothing is searched."""
    query, why = str(values.get("query", "")).strip(), str(values.get("why", "")).strip()
    with person.at(session.home, session.loaded, session.period) as place:
        found = person.candidates(place, query, by=session.by or None, why=why)
    return People(query, why, found.to_dict("records"), found.attrs["more"])


@dataclass(frozen=True)
class Person:
    """One person: records without values, what may also be theirs, and their open requests; `is_protected` if the register says so
    or cannot tell. `why`: the reason given for the look-up; without one everything else is empty."""

    number: str
    why: str
    is_protected: bool = False
    records: tuple[dict, ...] = ()
    offers: tuple[dict, ...] = ()
    requests: tuple[dict, ...] = ()
    waiting: int = 0
    spots: int = 0


def one(session: Session, number: str) -> Person:
    """One person's page; before a reason is given, the question for it."""
    why = session.reasons.get(number, "")
    if not why:
        return Person(number, "")
    return session.once(f"person {number} {why}", lambda: _one(session, number, why))


def _one(session: Session, number: str, why: str) -> Person:
    by = session.by or None
    with person.at(session.home, session.loaded, session.period) as place:
        records = person.records(place, number, by=by, why=why).to_dict("records")
        offers = person.offers(place, number, by=by, why=why).to_dict("records")
        asked = register.requests(place) if register.is_there(place) else []
        spots = person.redactions(place, number, by=by, why=why)
        is_protected = bool(protected(place, [number]))
    speech = session.speech
    for row in (*records, *offers):
        row |= {
            "dataset_name": visible(speech.label(row["dataset"] or "")),
            "record_key": visible(str(row["record_key"] or "")),
        }
    mine = tuple(
        {"number": each.number, "kind": each.kind, "last_day": each.last_day}
        for each in asked
        if each.customer_number == number
    )
    return Person(number, why, is_protected, tuple(records), tuple(offers), mine, spots.attrs["waiting"], len(spots))


@dataclass(frozen=True)
class Redactions:
    """What of a person's records waits for a word before it goes out, or has it; nothing before a reason was given. `letter`: the
    whole letter as it would go out now."""

    number: str
    why: str
    is_protected: bool = False
    rows: tuple[dict, ...] = ()
    waiting: int = 0
    letter: person.Letter | None = None


def redactions(session: Session, number: str) -> Redactions:
    """The page of a person's redactions, with the values as they stand and as they go out."""
    why = session.reasons.get(number, "")
    if not why:
        return Redactions(number, "")
    return session.once(f"redactions {number} {why}", lambda: _redactions(session, number, why))


def _redactions(session: Session, number: str, why: str) -> Redactions:
    speech = session.speech
    with person.at(session.home, session.loaded, session.period) as place:
        found = person.redactions(place, number, by=session.by or None, why=why, reveal=True)
        letter = person.preview(place, number, by=session.by or None, why=why, language=session.code)
        is_protected = bool(protected(place, [number]))
    rows = found.to_dict("records")
    for row in rows:
        row |= {
            "dataset_name": visible(speech.label(row["dataset"])),
            "field_name": visible(speech.label(row["field"])),
            "record_key": visible(row["record_key"]),
            "as_it_stands": visible(row["as_it_stands"]),
        }
        for each in ("without_what_was_found", "as_it_goes_out"):
            row[each] = visible(redact.said(row[each], session.code))
    return Redactions(number, why, is_protected, tuple(rows), found.attrs["waiting"], letter)


def requests(session: Session) -> list[dict]:
    """Open requests, the most urgent first; none if the period has no register of them."""
    with person.at(session.home, session.loaded, session.period) as place:
        if not register.is_there(place):
            return []
        found = person.requests(place, by=session.by or None).to_dict("records")
    return [row | {"last_day": _day(row["last_day"]), "received_on": _day(row["received_on"])} for row in found]


def _day(value: object) -> object:
    """A day, or None: pandas has its own value for none."""
    return None if value is None or value != value else value
