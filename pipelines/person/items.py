"""A record that counts as a person's, and one that is only offered."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.person.likeness import Likeness
from pipelines.person.reasons import Reason


@dataclass(frozen=True)
class Found:
    """One record and why it counts as the person's. rank: 0 their own, 1 names their number, 2 and more by a longer
    way; `number`: the one that its keys lead to."""

    system: str
    dataset: str
    record_key: str
    line: int
    rank: int
    match: Reason
    number: str = ""

    @property
    def id(self) -> str:
        return f"{self.dataset}/{self.record_key}"

    @property
    def at(self) -> tuple[str, int]:
        return self.dataset, self.line


@dataclass(frozen=True)
class Offer:
    """What may be the person's and is not included, and why; probability if it comes from linkage. `member` is empty if
    nobody can decide on it until the register is corrected."""

    member: str
    system: str
    dataset: str
    record_key: str
    why: str
    probability: float | None = None
    line: int = 0


def offer(item: Found, *why: str, like: Likeness | None = None) -> Offer:
    """A record found, offered instead."""
    agrees = f" ({', '.join(like.agrees)})" if like and like.agrees else ""
    return Offer(
        item.id,
        item.system,
        item.dataset,
        item.record_key,
        f"{item.match}{agrees}; but {', '.join(dict.fromkeys(why))}",
        line=item.line,
    )
