"""The records of one person with their values, each with its reason, its last day, and other people's data
removed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.person import attributes, found, persons, redact, settings, spots
from pipelines.person.items import Found, Offer, offer
from pipelines.person.persons import Person
from pipelines.person.place import Place
from pipelines.person.reasons import Reason
from pipelines.sql import ident, literal, render


@dataclass(frozen=True)
class Record:
    """One record. `retention` is its row of `registry.retention` (empty: no class), `unread` its free text that a
    person must read, `spots` its fields that wait for the officer's word or have it."""

    system: str
    dataset: str
    record_key: str
    line: int
    match: Reason
    last_day: dt.date | None
    values: dict[str, object]
    redactions: tuple[redact.Redaction, ...] = ()
    retention: dict[str, object] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    spots: tuple[redact.Spot, ...] = ()

    @property
    def member(self) -> str:
        """The record as answers name it."""
        return f"{self.dataset}/{self.record_key}"


@dataclass(frozen=True)
class Holding:
    """Everything that is certainly one person's, and what is only offered."""

    person: Person
    records: tuple[Record, ...]
    offers: tuple[Offer, ...]
    is_protected: bool
    is_organisation: bool | None

    @property
    def waiting(self) -> tuple[tuple[Record, redact.Spot], ...]:
        """Places that nobody has decided yet."""
        return tuple((record, spot) for record in self.records for spot in record.spots if not spot.answer)


@dataclass(frozen=True)
class Decided:
    """Which records are one person's and which are only offered; `rows`: the registry's, by dataset and line."""

    person: Person
    items: tuple[Found, ...]
    offers: tuple[Offer, ...]
    rows: dict[str, dict[int, dict]]

    @property
    def is_organisation(self) -> bool | None:
        """None if no row of the data subjects says so."""
        said = [self.rows[i.dataset][i.line]["is organisation"] for i in self.items if i.rank == 0]
        return True if True in said else None if None in said or not said else False


def decide(place: Place, number: str) -> Decided:
    """What is certainly this number's customer's; empty if the number occurs nowhere."""
    person = persons.find(place, number)
    items, offers = found.find(place, person)
    rows = {
        dataset: rows_of(place, dataset, [i.line for i in items if i.dataset == dataset])
        for dataset in {i.dataset for i in items}
    }
    confirmed = {member.id for member in person.members}
    first, last = _relationship(place, items, rows)
    sure = []
    for item in items:
        doubt = "" if item.id in confirmed else _time_doubt(place, item, rows[item.dataset][item.line], first, last)
        if doubt:
            offers.append(offer(item, doubt))
        else:
            sure.append(item)
    return Decided(person, tuple(sure), tuple(offers), rows)


def gather(place: Place, number: str, keep_others: bool = False) -> Holding:
    """The holding of one customer number; no records if it occurs nowhere."""
    decided = decide(place, number)
    items, rows, offers = list(decided.items), decided.rows, list(decided.offers)
    own = _own(place, items, rows, decided.is_organisation, keep_others)
    strangers = _strangers(place)
    kept = _retention(place, items)
    records = tuple(
        _record(place, item, rows[item.dataset][item.line], own, strangers, kept, decided.is_organisation)
        for item in items
    )
    return Holding(
        decided.person, records, tuple(offers), _is_protected(place, decided.person), decided.is_organisation
    )


def rows_of(place: Place, dataset: str, lines: list[int]) -> dict[int, dict]:
    """The registry's rows by line; unreadable values as in the file."""
    organisation = persons.organisation_sql(place, unknown="null::boolean") if dataset == place.subject[0] else "false"
    sql = (
        f'select r.*, {organisation} as "is organisation" from {place.decidable(dataset)} as r'
        " where r.line in (select unnest($1::bigint[]))"
    )
    rows = {row["line"]: row for row in place.fetch(sql, [lines])}
    unread = [line for line, row in rows.items() if row["unreadable"]]
    if unread:
        raw = f"select * from raw.{ident(place.contracts[dataset].raw)} where line in (select unnest($1::bigint[]))"
        for row in place.fetch(raw, [unread]):
            rows[row["line"]].update({name: row[name] for name in rows[row["line"]]["unreadable"]})
    return rows


UNREAD = "no such column"
UNKNOWN_TIME = "it cannot be told whether it dates from the relationship"


def _relationship(
    place: Place, items: list[Found], rows: dict[str, dict[int, dict]]
) -> tuple[dt.date | None, dt.date | None]:
    """The first day of the person's relationship and its last, `date.max` if it continues; None if it is
    unknown."""
    own = [rows[i.dataset][i.line] for i in items if i.rank == 0]
    starts = [row.get(place.access.since) for row in own]
    subject = place.expectations.schedule.subject
    ends = [row.get(subject.column, UNREAD) or dt.date.max for row in own] if subject else [dt.date.max]
    known = [[day for day in days if isinstance(day, dt.date)] for days in (starts, ends)]
    first = min(known[0]) if known[0] and len(known[0]) == len(starts) else None
    last = max(known[1]) if known[1] and len(known[1]) == len(ends) else None
    return first, last


def _time_doubt(place: Place, item: Found, row: dict, first: dt.date | None, last: dt.date | None) -> str:
    """Why a record without the person's number may belong to whoever had the connection or the phone before, or has
    the phone since; empty if it may not."""
    column = event_column(place, item.dataset)
    if item.rank < 2 or not column:
        return ""
    day = row.get(column)
    if first is None or not isinstance(day, dt.date) or (item.rank == 5 and last is None):
        return UNKNOWN_TIME
    day = day.date() if isinstance(day, dt.datetime) else day
    if place.contracts[item.dataset].column(column).type == "month":
        first = first.replace(day=1)
    if day < first:
        return "it dates from before the relationship"
    return "it dates from after the relationship" if item.rank == 5 and last is not None and day > last else ""


def event_column(place: Place, dataset: str) -> str:
    """The column from which the disposal schedule counts a record's period; empty if it has none of its own."""
    id_ = place.contracts[dataset].id
    return next(
        (c.column for c in place.expectations.schedule.classes if c.id == id_ and c.column and not c.of_subject), ""
    )


def _own(place: Place, items: list[Found], rows: dict, is_organisation: bool | None, keep_others: bool) -> redact.Own:
    """The person's own values, from their own rows; without any, from the records that name them, if these
    agree."""
    mine = [(i, rows[i.dataset][i.line]) for i in items if i.rank == 0] or [
        (i, rows[i.dataset][i.line]) for i in items if i.rank == 1
    ]
    values: dict[str, set[str]] = {}
    for item, row in mine:
        for column in place.columns(item.dataset):
            for kind in column.categories[:1]:
                if isinstance(row.get(column.name), str):
                    values.setdefault(kind, set()).add(row[column.name])
    names = {redact.folded(name) for name in values.get("pd:Name", ())}
    if not any(item.rank == 0 for item in items) and len(names) > 1:
        names = set()
    if not is_organisation:
        names |= {redact.folded(redact.JOINED.split(name)[0]) for name in values.get("pd:Name", ())}
    codes = (
        set()
        if is_organisation is not False
        else {
            code
            for text in values.get("pd:OfficialID", ())
            for code in redact.codes_in(text) | redact.codes_of(place.expectations.controller.country, text)
        }
    )
    return redact.Own(
        frozenset(names),
        frozenset(codes),
        frozenset(redact.digits(phone) for phone in values.get("pd:TelephoneNumber", ())),
        frozenset(email.lower() for email in values.get("pd:EmailAddress", ())),
        frozenset(redact.compact(account) for account in values.get("pd:BankAccount", ())),
        keep_others,
        place.expectations.controller.country,
    )


def _strangers(place: Place) -> dict[tuple[str, int], set[tuple[str, str]]]:
    """By record, the (kind, value) on it that belong to another data subject."""
    attributes.build(place)
    found_: dict[tuple[str, int], set[tuple[str, str]]] = {}
    for row in place.fetch(
        render("person/strangers.sql"), {"kinds": list(place.access.unique), "subject": place.subject[0]}
    ):
        found_.setdefault((row["dataset"], row["line"]), set()).add((row["kind"], row["value"]))
    return found_


def _retention(place: Place, items: list[Found]) -> dict[tuple[str, int], dict]:
    """The rows of `registry.retention` by record; queried by dataset, so that the others' views are not computed."""
    kept = {}
    for dataset in sorted({item.dataset for item in items}):
        sql = "select * from registry.retention where dataset = $1 and record_key in (select unnest($2::varchar[]))"
        lines = {item.line for item in items if item.dataset == dataset}
        for row in place.fetch(sql, [dataset, [item.record_key for item in items if item.dataset == dataset]]):
            if row["line"] in lines:
                kept[(dataset, row["line"])] = row
    return kept


def _record(
    place: Place, item: Found, row: dict, own: redact.Own, strangers: dict, kept: dict, is_organisation: bool | None
) -> Record:
    columns = place.columns(item.dataset)
    kinds = {column.name: column.categories for column in columns}
    values = {column.name: plain(row[column.name], column.type) for column in columns}
    texts = place.access.free_text
    is_own = item.rank == 0 and is_organisation is True
    clean, marks = redact.row(values, kinds, own, strangers.get((item.dataset, item.line), set()), texts, is_own)
    holds = place.expectations.controller.holds
    reason = holds.columns.get("reason", "") if item.dataset == holds.dataset else ""
    unread = [name for name, value in clean.items() if value is not None and set(kinds[name]) & set(texts)]
    seen = spots.Seen(item.id, values, clean, {mark.field: mark.why for mark in marks}, kinds)
    found_ = () if own.keep_others else spots.of(place, seen, own, reason, unread)
    retention = kept.get((item.dataset, item.line), {})
    return Record(
        item.system,
        item.dataset,
        redact.codes(item.record_key, own, is_prose=False),
        item.line,
        item.match.cleaned(lambda text: redact.codes(text, own, is_prose=False)),
        retention.get("last_day"),
        clean | {spot.field: spot.shown for spot in found_},
        spots.marks(seen, found_),
        retention,
        tuple(name for name in unread if not any(spot.field == name and spot.answer for spot in found_)),
        found_,
    )


def plain(value: object, type_: str = "") -> object:
    """A value as JSON: ISO dates, numbers, true and false."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, dt.date):
        return value.isoformat()[:7] if type_ == "month" else value.isoformat()
    return value


def _is_protected(place: Place, person: Person) -> bool:
    return bool(protected(place, [m.key for m in person.members if m.dataset in (place.subject[0], persons.UNKNOWN)]))


def protected(place: Place, numbers: list[str]) -> set[str]:
    """The numbers whose customer is protected. If the register cannot tell (controller.yaml names no column, no export of
    the data subjects, no such column, nobody with the number, an unreadable line with the number, a required flag that is
    missing or unreadable) all of them are."""
    column, (dataset, key) = place.access.protected, place.subject
    if column == settings.NOBODY or not numbers:
        return set()
    if not {column, key} <= place.present.get(dataset, set()):
        return set(numbers)
    unknown = "true" if place.contracts[dataset].column(column).required else "false"
    sql = (
        f"select n.number from (select distinct unnest($numbers::varchar[]) as number) as n"
        f" left join registry.{ident(dataset)} as r on r.{ident(key)} = n.number group by n.number"
        f" having bool_or(coalesce(r.{ident(column)}, {unknown}) or list_contains(r.unreadable, {literal(column)}))"
        f" or count(r.line) = 0"
        f" or n.number in (select trim(cell) from feed.rejected_cells where dataset = $dataset)"
    )
    return {row["number"] for row in place.fetch(sql, {"numbers": numbers, "dataset": dataset})}
