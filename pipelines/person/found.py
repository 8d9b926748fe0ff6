"""Which records belong to a person: by key, by the officer's answer, by what only they have; and what is only offered.

A doubtful record is never included: one that a key or value leads to, but that is about somebody else, is offered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipelines.person import decisions, likeness, model, namecheck, persons, ways
from pipelines.person.items import Found, Offer, offer
from pipelines.person.likeness import NAME, Facts, Likeness
from pipelines.person.namecheck import Name
from pipelines.person.persons import Person
from pipelines.person.place import Place
from pipelines.person.reasons import Kind, Label, Reason, reason
from pipelines.sql import ident, insert, render

# What agrees whenever a code is shared: the reason already mentions it.
OF_ONE_CODE = ("the same identity code", "the same day of birth")
FOREIGN = "it has a phone, email or account that a record of somebody else under this number has"
UNCLEAR = "nothing says whether it is ours or another company's"
UNSAID = "the register cannot say who else has it"
UNREAD = "a line that could not be read has it too"
CONTESTED = "two people's rows have this number, and nothing on this record says whose it is"


@dataclass(frozen=True)
class Known:
    """What is known of the person so far: names read, facts, and the facts of others who share their number."""

    names: tuple[Name, ...]
    facts: Facts
    contested: dict[str, Facts]

    def like(self, other: Facts) -> Likeness:
        return likeness.compare(self.names, self.facts, other)


def find(place: Place, person: Person) -> tuple[list[Found], list[Offer]]:
    """Every record that is certainly the person's, by system, dataset and line; and the offers."""
    name_person(place, person)
    place.connection.execute(render("person/taken.sql", by_key=ways.select(place)))
    taken = _by_key(place, person)
    found = [item for item in (*taken, *_confirmed(place, person, taken)) if not _is_denied(place, person, item)]
    offers = [_of_member(place, member, like) for member, like in person.doubtful]
    facts = likeness.facts(place, [item.at for item in found])
    known, strange = _known(place, person, found, facts)
    offers += strange
    rows = {item.line for item in strange}
    found = [item for item in found if item.rank or item.line not in rows]
    found, doubted = _sifted(person, found, facts, known)
    doubted += _unclear(place, person, known)
    _note(place, found)
    loose, shared = _by_value(place, person, known, [facts[item.at] for item in found])
    return sorted(found + loose, key=lambda f: (f.system, f.dataset, f.line)), offers + doubted + shared


def name_person(place: Place, person: Person) -> None:
    """The temporary table `person`: a row per number, known or not."""
    place.connection.execute("create or replace temp table person (number varchar, reason varchar)")
    mine = [(m.key, str(m.reason)) for m in person.members if m.dataset in (place.subject[0], persons.UNKNOWN)]
    insert(place.connection, "person", mine)


def _of_member(place: Place, member: persons.Member, like: Likeness) -> Offer:
    dataset = place.subject[0]
    said = replace(like, agrees=tuple(text for text in like.agrees if text not in OF_ONE_CODE))
    why = f"{member.reason}; {said}" if said.agrees else f"{member.reason}; but {', '.join(said.contradicts)}"
    return Offer(member.id, place.contracts[dataset].system, dataset, member.key, why)


def _by_key(place: Place, person: Person) -> list[Found]:
    reasons = {member.key: member.reason for member in person.members}
    rows = place.fetch("select system, dataset, record_key, line, rank, how, number, via from taken")
    return [
        Found(
            r["system"],
            r["dataset"],
            r["record_key"],
            r["line"],
            r["rank"],
            _match(place, person, r, reasons),
            r["number"],
        )
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


def _confirmed(place: Place, person: Person, taken: list[Found]) -> list[Found]:
    """Records that the officer confirmed without a key; among them data subjects' rows without a number."""
    found, known = [], {item.at for item in taken}
    for member in person.members:
        if member.dataset not in place.searchable:
            continue
        direct = ways.numbers_column(place, member.dataset) if member.dataset == place.subject[0] else ""
        sql = f"select record_key, line from {place.decidable(member.dataset)} where record_key = $1" + (
            f" and {ident(direct)} is null" if direct else ""
        )
        for row in place.fetch(sql, [member.key]):
            if (member.dataset, row["line"]) not in known:
                system = place.contracts[member.dataset].system
                found.append(Found(system, member.dataset, row["record_key"], row["line"], 4, member.reason))
    return found


def _is_denied(place: Place, person: Person, item: Found) -> bool:
    """Whether the officer answered that this record is not the person's."""
    return any(place.said.get(decisions.pair(item.id, member.id)) == "no" for member in person.members)


def _known(place: Place, person: Person, found: list[Found], facts: dict) -> tuple[Known, list[Offer]]:
    """The contents of the person's own rows, and an offer for each row that is another's: if two people have one number, the
    last row of the file decides whose it is."""
    own = sorted((item for item in found if item.rank == 0), key=lambda item: item.line)
    last = {item.number: item for item in own}
    sure = likeness.together(
        [person.facts, *(facts[item.at] for item in last.values() if item.number != person.number)]
    )
    known = Known(likeness.names_of(sure), sure, {})
    strange: list[Offer] = []
    contested: dict = {}
    for item in own:
        doubts = likeness.doubts(known.like(facts[item.at])) if item is not last[item.number] else ()
        if doubts:
            strange.append(
                Offer(
                    "",
                    item.system,
                    item.dataset,
                    item.record_key,
                    f"line {item.line}: the same number; but {', '.join(doubts)}",
                    line=item.line,
                )
            )
            contested.setdefault(item.number, []).append(facts[item.at])
    if not own and _is_mixed([facts[item.at] for item in found]):
        contested = dict.fromkeys({item.number for item in found}, [])
    return Known(known.names, sure, {number: likeness.together(some) for number, some in contested.items()}), strange


def _is_mixed(some: list[Facts]) -> bool:
    """Whether records of a number without a data subject name people who cannot be one."""
    names = sorted({name for each in some for name in each.names})
    read = [namecheck.read(name, is_first) for name, is_first in names]
    return any(namecheck.compare((one,), other).contradicts for one in read for other, _ in names)


def _unclear(place: Place, person: Person, known: Known) -> list[Offer]:
    """Offers of the rows of shared datasets that name a number of the person but not whose company they belong to."""
    said, offers = {member.id for member in person.members}, []
    for dataset in place.access.own:
        rows, number = place.unclear(dataset), ways.numbers_column(place, dataset)
        if not rows or not number:
            continue
        names = [f"r.{ident(c.name)}" for c in place.columns(dataset) if NAME in c.categories]
        sql = (
            f"select r.record_key, r.line, p.number, [{', '.join(names)}]::varchar[] as names from {rows} as r"
            f" join person as p on p.number = r.{ident(number)} order by r.line"
        )
        for row in place.fetch(sql):
            why = reason("match_names", key=Label(place.subject[1]), number=row["number"])
            system = place.contracts[dataset].system
            item = Found(system, dataset, row["record_key"], row["line"], 1, why, row["number"])
            if item.id not in said and not _is_denied(place, person, item):
                like = known.like(Facts(tuple((name, False) for name in row["names"] if name)))
                offers.append(offer(item, UNCLEAR, *likeness.doubts(like), like=like))
    return offers


def _sifted(person: Person, found: list[Found], facts: dict, known: Known) -> tuple[list[Found], list[Offer]]:
    """(records by key without a contradiction, offers of the others). What the officer confirmed stays."""
    confirmed = {member.id for member in person.members}
    likes = {item.at: known.like(facts[item.at]) for item in found}
    doubted = [item for item in found if item.rank and item.id not in confirmed and likeness.doubts(likes[item.at])]
    others = likeness.together([facts[item.at] for item in doubted])
    kept, offers = [], []
    for item in found:
        like = likes[item.at]
        doubts = likeness.doubts(like) if item.rank else ()
        if item.rank and not doubts:
            doubts = _doubts_of_another(item, like, facts[item.at], known, others)
        if doubts and item.id not in confirmed:
            offers.append(offer(item, *doubts, like=like))
        else:
            kept.append(item)
    return kept, offers


def _doubts_of_another(item: Found, like: Likeness, mine: Facts, known: Known, others: Facts) -> tuple[str, ...]:
    """Why a record without a name may belong to the other person whose rows have this number too."""
    own = {kind: mine.of(kind) & known.facts.of(kind) for kind in likeness.CONTACTS}
    if item.number in known.contested:
        alone = any(own[kind] - known.contested[item.number].of(kind) for kind in likeness.CONTACTS)
        return () if like.name.agrees or alone else (CONTESTED,)
    foreign = any(mine.of(kind) & others.of(kind) - known.facts.of(kind) for kind in likeness.CONTACTS)
    return (FOREIGN,) if foreign and not like.name.agrees and not any(own.values()) else ()


def _by_value(place: Place, person: Person, known: Known, held: list[Facts]) -> tuple[list[Found], list[Offer]]:
    """Records without a number that have something unique to the person and nothing of anybody else; offers of those
    that have what others have too, or that are about somebody else."""
    ids = {member.id for member in person.members}
    rows: dict[tuple, list[dict]] = {}
    sql = render("person/by_value.sql", most=model.SHARED_BY_MOST)
    for row in place.fetch(sql, {"kinds": list(place.access.unique), "subject": place.subject[0]}):
        rows.setdefault((row["system"], row["dataset"], row["record_key"], row["line"]), []).append(row)
    facts = likeness.facts(place, [(dataset, line) for _, dataset, _, line in rows])
    everything = likeness.together([known.facts, *held])
    known = Known(known.names, everything, {})
    likes = {at: known.like(each) for at, each in facts.items()}
    foreign = {
        (hit["kind"], hit["normal_value"])
        for (_, dataset, _, line), hits in rows.items()
        for hit in hits
        if likes[(dataset, line)].name.contradicts
    }
    found, offers, unsaid = [], [], _unsaid(place)
    for (system, dataset, key, line), hits in rows.items():
        if any(place.said.get(decisions.pair(f"{dataset}/{key}", other)) == "no" for other in ids):
            continue
        like, is_alone = likes[(dataset, line)], all(hit["is_exclusive"] for hit in hits)
        why = reason("match_value" if is_alone else "match_shared_value", kind=Kind(hits[0]["kind"]))
        item = Found(system, dataset, key, line, 5, why)
        has_name = any(NAME in column.categories for column in place.columns(dataset))
        doubts = list(likeness.doubts_of_value(like, has_name))
        if any((hit["kind"], hit["normal_value"]) in foreign for hit in hits) and not doubts:
            doubts.append("another record without a number has it with another's name")
        doubts += [UNSAID] if any(hit["kind"] in unsaid for hit in hits) else []
        doubts += [UNREAD] if any(hit["is_unread"] for hit in hits) else []
        if is_alone and not doubts:
            found.append(item)
        elif doubts:
            offers.append(offer(item, *doubts, like=like))
        else:
            offers.append(Offer(item.id, system, dataset, key, f"{why}", line=line))
    return found, offers


def _unsaid(place: Place) -> set[str]:
    """Kinds for which this period does not show who else has a value: the data subjects' own rows or column are missing."""
    contract = place.contracts[place.subject[0]]
    here = place.columns(place.subject[0]) if ways.numbers_column(place, place.subject[0]) else []
    kinds = {kind for column in contract.columns for kind in column.categories}
    return kinds - {kind for column in here for kind in column.categories}


def _note(place: Place, found: list[Found]) -> None:
    """`taken` with its final contents, for further queries on these records."""
    place.connection.execute(
        "create or replace temp table taken"
        " (system varchar, dataset varchar, record_key varchar, line bigint, rank integer)"
    )
    insert(place.connection, "taken", [(f.system, f.dataset, f.record_key, f.line, f.rank) for f in found])
