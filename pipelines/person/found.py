"""Which records are a person's: by key, by the officer's word, by what only they have; and what is only offered."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.person import attributes, decisions, keys, model, persons
from pipelines.person.persons import Person
from pipelines.person.place import Place
from pipelines.person.reasons import Kind, Label, Reason, reason
from pipelines.sql import ident, insert, render


@dataclass(frozen=True)
class Found:
    """One record and why it is taken to be the person's. rank: 0 their own, 1 names their number, 2 and more by a
    longer way."""

    system: str
    dataset: str
    record_key: str
    line: int
    rank: int
    match: Reason


@dataclass(frozen=True)
class Offer:
    """What may be the person's and is not included, with its reason; probability where it comes from linkage."""

    member: str
    system: str
    dataset: str
    record_key: str
    why: str
    probability: float | None = None


def find(place: Place, person: Person) -> tuple[list[Found], list[Offer]]:
    """Every record that is certainly the person's, by system, dataset and line; and the offers."""
    name_person(place, person)
    place.connection.execute(render("person/taken.sql", by_key=keys.select(place)))
    found = _by_key(place, person) + _loose(place, person)
    offers = [
        Offer(
            m.id,
            place.contracts[place.subject[0]].system,
            place.subject[0],
            m.key,
            f"{m.reason}, but the names have nothing in common",
        )
        for m in person.contradicted
    ]
    conflicting = _conflicting(place)
    offers += [
        Offer(
            "", f.system, f.dataset, f.record_key, f"line {f.line}: the same number, but another person's name or key"
        )
        for f in found
        if f.dataset == place.subject[0] and f.line in conflicting
    ]
    found = [f for f in found if f.dataset != place.subject[0] or f.line not in conflicting]
    known = {(f.dataset, f.line) for f in found}
    for item, is_certain in _by_value(place, person):
        if (item.dataset, item.line) in known:
            continue
        if is_certain:
            found.append(item)
        else:
            offers.append(
                Offer(f"{item.dataset}/{item.record_key}", item.system, item.dataset, item.record_key, str(item.match))
            )
    _note(place, found)
    return sorted(found, key=lambda f: (f.system, f.dataset, f.line)), offers


def name_person(place: Place, person: Person) -> None:
    """The temporary table `person`: a row per number, known or not."""
    place.connection.execute("create or replace temp table person (number varchar, reason varchar)")
    mine = [(m.key, str(m.reason)) for m in person.members if m.dataset in (place.subject[0], persons.UNKNOWN)]
    insert(place.connection, "person", mine)


def _by_key(place: Place, person: Person) -> list[Found]:
    reasons = {member.key: member.reason for member in person.members}
    rows = place.fetch("select system, dataset, record_key, line, rank, how, number, via from taken")
    return [
        Found(r["system"], r["dataset"], r["record_key"], r["line"], r["rank"], _match(place, person, r, reasons))
        for r in rows
    ]


def _match(place: Place, person: Person, row: dict, reasons: dict[str, Reason]) -> Reason:
    number = {"key": Label(place.subject[1]), "number": row["number"]}
    match row["how"].partition(" ")[0]:
        case "own":
            found = reason("match_own", **number)
        case "names":
            found = reason("match_names", **number)
        case "through":
            found = reason(
                "match_through", via=row["via"], dataset=Label(row["how"].removeprefix("through ")), **number
            )
        case _:
            found = reason(
                "match_named_by", via=row["via"], dataset=Label(row["how"].removeprefix("named by ")), **number
            )
    return found if row["number"] == person.number else reason("match_also", match=found, reason=reasons[row["number"]])


def _loose(place: Place, person: Person) -> list[Found]:
    """Records without a number that the officer confirmed; a data subject's row without one among them."""
    found = []
    taken = {(row["dataset"], row["line"]) for row in place.fetch("select dataset, line from taken")}
    for member in person.members:
        if member.dataset not in place.searchable:
            continue
        direct = keys.numbers_column(place, member.dataset)
        sql = f"select record_key, line from {place.rows(member.dataset)} where record_key = $1" + (
            f" and {ident(direct)} is null" if direct else ""
        )
        for row in place.fetch(sql, [member.key]):
            if (member.dataset, row["line"]) not in taken:
                system = place.contracts[member.dataset].system
                found.append(Found(system, member.dataset, row["record_key"], row["line"], 4, member.reason))
    return found


def _conflicting(place: Place) -> set[int]:
    number = keys.numbers_column(place, place.subject[0])
    if not number:
        return set()
    sql = render(
        "person/conflicting_rows.sql",
        dataset=place.subject[0],
        number=number,
        person_name=persons.name_sql(place),
        keys=persons.key_columns(place),
    )
    return {row["line"] for row in place.fetch(sql)}


def _by_value(place: Place, person: Person) -> list[tuple[Found, bool]]:
    """(record without a number, whether nobody else has what joins it)."""
    said, ids = place.said, {member.id for member in person.members}
    attributes.build(place)
    rows: dict[tuple, list[dict]] = {}
    sql = render("person/by_value.sql", most=model.SHARED_BY_MOST)
    for row in place.fetch(sql, {"kinds": list(place.access.unique)}):
        rows.setdefault((row["system"], row["dataset"], row["record_key"], row["line"]), []).append(row)
    found = []
    for (system, dataset, key, line), hits in rows.items():
        if any(said.get(decisions.pair(f"{dataset}/{key}", other)) == "no" for other in ids):
            continue
        sole = [hit for hit in hits if hit["is_exclusive"]]
        only = len(sole) == len(hits)
        why = reason("match_value" if only else "match_shared_value", kind=Kind(hits[0]["kind"]))
        found.append((Found(system, dataset, key, line, 5, why), only))
    return found


def _note(place: Place, found: list[Found]) -> None:
    """`taken` as it came out, for what is asked of these records next."""
    place.connection.execute(
        "create or replace temp table taken"
        " (system varchar, dataset varchar, record_key varchar, line bigint, rank integer)"
    )
    insert(place.connection, "taken", [(f.system, f.dataset, f.record_key, f.line, f.rank) for f in found])
