"""Sender and addressee, what the letter lacks before it can be sent, and who signs: its head and its foot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.person import wording
from pipelines.person.holding import Holding
from pipelines.person.place import Place
from pipelines.text import visible

# What art. 15 and a letter require and only the controller knows: `sender.x` or a key of `access:`.
WANTED = {
    "sender.address": "lacks_address", "sender.business_id": "lacks_business_id", "sender.officer": "lacks_officer",
    "contact": "lacks_contact", "basis": "lacks_basis", "authority": "lacks_authority", "automated": "lacks_automated",
    "transfers": "lacks_transfers", "sender.signed_by": "lacks_signed_by",
}  # fmt: skip


@dataclass(frozen=True)
class Head:
    """`sender` and `addressee`: lines; `facts`: (label, text), such as the date; `lacks`: what must be completed before the
    letter is sent; `closing`: lines under the text."""

    sender: tuple[str, ...]
    addressee: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    lacks: tuple[str, ...]
    closing: tuple[str, ...]


def head(place: Place, holding: Holding, language: str, request: str, dated: dt.date, undecided: int) -> Head:
    """The head and foot of the letter on a holding. `undecided`: places in the data that need a decision."""

    def say(key: str, **values: object) -> str:
        return wording.say(language, key, **values)

    sender, name = place.access.sender, place.expectations.controller.name
    numbers = [f"{say('business_id')}: {sender['business_id']}"] if sender.get("business_id") else []
    ways = [str(sender[way]) for way in ("phone", "email") if sender.get(way)]
    facts = [(say("date"), wording.day(dated)), (say("number"), holding.person.number)]
    facts += [(say("request"), request)] if request else []
    facts += [(say("officer"), _of(place, "sender.officer", language))] if sender.get("officer") else []
    lacks = [say("lacks", what=say(key)) for path, key in WANTED.items() if not _of(place, path, language)]
    lacks += [say("lacks_decisions", count=undecided)] if undecided else []
    signed = _of(place, "sender.signed_by", language)
    return Head(
        _clean((name, *sender.get("address", ()), ", ".join([*numbers, *ways]))),
        _addressee(place, holding),
        tuple((label, visible(text)) for label, text in facts),
        tuple(lacks),
        _clean((say("greeting"), "", "_" * 40, signed, name)),
    )


def said(place: Place, key: str, language: str) -> str:
    """A text of the controller's; if there is none, a note that it must be completed."""
    return _of(place, key, language) or wording.say(language, "lacks", what=wording.say(language, WANTED[key])).join(
        "[]"
    )


def _of(place: Place, path: str, language: str) -> str:
    """A text of `access:`, in the language if it is given by language."""
    section, _, key = path.rpartition(".")
    value = place.access.sender.get(key) if section else getattr(place.access, key)
    return wording.of(value, language) if isinstance(value, dict) else str(value or "")


def _addressee(place: Place, holding: Holding) -> tuple[str, ...]:
    """Name and address from the register; for somebody who is or may be protected, only the name: the delivery address is
    agreed with them."""
    row = next((r for r in holding.records if r.dataset == place.subject[0]), None)
    if row is None:
        return ()
    kinds = {column.name: column.categories[:1] for column in place.columns(row.dataset)}
    names, lines = (
        [str(value) for name, value in row.values.items() if value is not None and kinds[name] == (kind,)]
        for kind in ("pd:Name", "pd:PhysicalAddress")
    )
    street, rest = lines[:1], " ".join(lines[1:])
    return _clean((*names, *([] if holding.is_protected else [*street, rest])))


def _clean(lines: Iterable[object]) -> tuple[str, ...]:
    return tuple(visible(str(line)) for line in lines if line is not None)
