"""What the workbench includes and offers of everybody in a register, held against the truth."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from people.register import Register, Row
from pipelines.person import holding, offered
from pipelines.person.items import Offer


@dataclass
class Measured:
    """Counts over all requests. `wrong`: (case, dataset, key, number asked for) of rows of somebody else that were
    included; `missed`, `unkeyed`: the same of own rows that were neither included nor offered."""

    requests: int = 0
    own: int = 0
    keyed: int = 0
    included: int = 0
    wrong: list[tuple[str, str, str, str]] = field(default_factory=list)
    missed: list[tuple[str, str, str, str]] = field(default_factory=list)
    missed_keyed: list[tuple[str, str, str, str]] = field(default_factory=list)
    not_included: list[tuple[str, str, str, str]] = field(default_factory=list)
    offers: int = 0
    false_offers: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def found(self) -> float:
        """Share of own rows with something besides the name that were included or offered."""
        return 1 - len(self.missed) / max(self.own, 1)

    @property
    def keyed_found(self) -> float:
        return 1 - len(self.missed_keyed) / max(self.keyed, 1)

    @property
    def false_offers_per_request(self) -> float:
        return len(self.false_offers) / max(self.requests, 1)

    def __str__(self) -> str:
        return (
            f"{self.requests} requests: {len(self.wrong)} wrong inclusions; own rows found {self.found:.4f} of"
            f" {self.own}, keyed {self.keyed_found:.4f} of {self.keyed} ({len(self.not_included)} of these offered"
            f" only); {self.offers} offers, {self.false_offers_per_request:.3f} false ones per request"
        )

    def by_case(self, what: str) -> Counter:
        return Counter(item[0] for item in getattr(self, what))


def of(place, register: Register, numbers: list[str] | None = None) -> Measured:
    """Everybody who can ask, or those numbers."""
    rows = {(row.dataset, row.line): row for row in register.rows}
    found = Measured()
    for number, who in register.asked():
        if numbers is None or number in numbers:
            _one(place, register, rows, found, number, who)
    return found


def _one(place, register: Register, rows: dict, found: Measured, number: str, who: int) -> None:
    decided = holding.decide(place, number)
    held = {(item.dataset, item.line) for item in decided.items}
    reachable: set[tuple[str, int]] = set()
    found.requests += 1
    kept = {item.id for item in decided.items}
    for offer in offered.of(place, decided.person, kept, decided.offers):
        reached = _reached(register, offer)
        reachable |= {(row.dataset, row.line) for row in reached}
        found.offers += 1
        if not any(row.who == who for row in reached):
            found.false_offers.append((_case(reached), offer.member, number))
    found.included += len(held)
    found.wrong += [(rows[at].case, rows[at].dataset, rows[at].key, number) for at in held if rows[at].who != who]
    for row in register.of(who):
        at, said = (row.dataset, row.line), (row.case, row.dataset, row.key, number)
        is_keyed = row.is_keyed and row.number == number
        found.keyed += is_keyed
        found.own += row.has_more_than_name
        if is_keyed and at not in held:
            found.not_included.append(said)
        if row.has_more_than_name and at not in held | reachable:
            found.missed.append(said)
            found.missed_keyed += [said] if is_keyed else []


def _reached(register: Register, offer: Offer) -> list[Row]:
    """The rows that the officer decides on with an offer: of a member, everything under its number."""
    dataset, _, key = (offer.member or f"{offer.dataset}/{offer.record_key}").partition("/")
    if dataset in ("customers", "?") and offer.member:
        return [row for row in register.rows if row.number == key]
    return [row for row in register.rows if (row.dataset, row.key) == (offer.dataset, offer.record_key)]


def _case(rows: list[Row]) -> str:
    return rows[0].case if rows else "nothing there"
