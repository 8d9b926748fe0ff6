"""Everything offered for one person and not included: doubtful results of keys and values, and unanswered links;
each with what agrees and what contradicts."""

from __future__ import annotations

from pipelines.errors import VahtiError
from pipelines.person import attributes, holding, linkage, persons
from pipelines.person.holding import Holding
from pipelines.person.items import Found, Offer
from pipelines.person.persons import Person
from pipelines.person.place import Place
from pipelines.person.reasons import reason


def of(place: Place, person: Person, held: set[str], offers: tuple[Offer, ...]) -> tuple[Offer, ...]:
    """The open offers for a person with these records (`dataset/key`): each member once, by place."""
    members = {member.id for member in person.members}
    known = members | held | {offer.member for offer in offers}
    links: dict[str, linkage.Link] = {}
    for link in linkage.links(place):
        mine = members & {link.left, link.right}
        other = link.right if link.left in members else link.left
        if mine and len(mine) < 2 and link.answer is None and other not in known:
            links.setdefault(other, link)
    found = [_of_link(place, other, link) for other, link in links.items()]
    return tuple(sorted((*offers, *found), key=lambda o: (o.system, o.dataset, o.record_key, o.line)))


def of_holding(place: Place, found: Holding) -> tuple[Offer, ...]:
    """The same of a holding."""
    return of(place, found.person, {f"{record.dataset}/{record.record_key}" for record in found.records}, found.offers)


def _of_link(place: Place, member: str, link: linkage.Link) -> Offer:
    dataset, _, key = member.partition("/")
    system = place.contracts[dataset].system if dataset in place.contracts else ""
    return Offer(member, system, dataset, key, link.why, link.probability)


def records(place: Place, member: str) -> tuple[list[Found], dict[str, dict[int, dict]]]:
    """(what a yes to this member would add, the registry's rows by dataset and line)."""
    dataset, _, key = member.partition("/")
    if not persons.is_number(place, member):
        return _loose(place, dataset, key)
    decided = holding.decide(place, key)
    return list(decided.items), decided.rows


def _loose(place: Place, dataset: str, key: str) -> tuple[list[Found], dict[str, dict[int, dict]]]:
    sql = f"select record_key, line from {place.decidable(dataset)} where record_key = $1 order by line"
    system, why = place.contracts[dataset].system, reason("member_confirmed")
    found = [Found(system, dataset, row["record_key"], row["line"], 4, why) for row in place.fetch(sql, [key])]
    return found, {dataset: holding.rows_of(place, dataset, [item.line for item in found])}


def numbers(place: Place, items: list[Found]) -> set[str]:
    """The customer numbers that these records name or lead to."""
    found = set()
    for dataset in {item.dataset for item in items}:
        number, join = attributes.number_of(place, dataset)
        sql = f"select distinct {number} as number from {place.decidable(dataset)} as r{join} where r.line = any($1)"
        found |= {row["number"] for row in place.fetch(sql, [[item.line for item in items]]) if row["number"]}
    return found


def check_decided(place: Place, person: Person, offers: tuple[Offer, ...], leave_open: bool) -> None:
    """VahtiError if offers are open and it was not confirmed that they may stay open."""
    if offers and not leave_open:
        raise VahtiError(
            f"{len(offers)} records or people may be this customer's too, and nobody has said yes or no",
            place="--package",
            remedy=f"see vahti subject --customer {person.number}, answer with vahti subject decide LEFT RIGHT yes|no,"
            " or leave them out knowingly: --leave-offers-open",
        )
