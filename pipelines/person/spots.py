"""Which fields of a person's records wait for the officer's word before they go out, and what she said of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.person import redact
from pipelines.person.place import Place


@dataclass(frozen=True)
class Seen:
    """One record as it was looked through. `values`: as it stands, `clean`: without what was found in it; `found`: by field,
    what that was; `kinds`: by field."""

    member: str
    values: dict[str, object]
    clean: dict[str, object]
    found: dict[str, str]
    kinds: dict[str, tuple[str, ...]]


def of(place: Place, seen: Seen, own: redact.Own, reason: str, unread: Iterable[str]) -> tuple[redact.Spot, ...]:
    """The fields of a record that hold what may not be the person's to see, and free text, which somebody must read. `reason`: the
    field that has the reason of a legal hold, which may tell of somebody else, or of a case that is not over."""
    held = {reason} if seen.clean.get(reason) is not None else set()
    texts = set(unread)
    names = dict.fromkeys((*seen.found, *sorted(held), *unread))
    found = [_spot(place, seen, name, own, name in held, name in texts) for name in names]
    return tuple(spot for spot in found if spot.whole != spot.cut or spot.is_text)  # of a code there is nothing to say


def _spot(place: Place, seen: Seen, field: str, own: redact.Own, is_hold: bool, is_text: bool) -> redact.Spot:
    """A field with the answer on it. With another value it is another place: nobody has seen that."""
    value = seen.values[field]
    id_ = place.sum_of(place.written(seen.member), field, str(value))
    whole = redact.without_codes(str(value), seen.kinds[field], own, place.access.free_text)
    cut = str(redact.Mark.WAITING if is_hold else seen.clean[field])
    why = redact.HOLD if is_hold else redact.OTHERS if cut != whole else redact.TEXT
    return redact.Spot(id_, field, why, whole, cut, place.redactions.get(id_, ""), is_text)


def marks(seen: Seen, spots: tuple[redact.Spot, ...]) -> tuple[redact.Redaction, ...]:
    """What was taken out of a record as it goes out."""
    shown = seen.clean | {spot.field: spot.shown for spot in spots}
    why = seen.found | {spot.field: spot.why for spot in spots}
    return tuple(
        redact.Redaction(field, why.get(field, redact.OTHERS))
        for field, value in shown.items()
        if isinstance(value, str) and value != seen.values[field]
    )
