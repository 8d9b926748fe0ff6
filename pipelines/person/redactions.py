"""What waits for the officer's word before it goes out to a person, and her word on it; each look and answer is logged."""

from __future__ import annotations

import pandas as pd

from pipelines.errors import UnknownError, VahtiError
from pipelines.known import checked
from pipelines.language.languages import N_
from pipelines.person import decisions, holding, log, mask, persons, redact, unknown
from pipelines.person.holding import Holding, Record
from pipelines.person.place import Place

ANSWERS = (redact.RELEASE, redact.REDACT, redact.WITHHOLD, "withdrawn")
COLUMNS = [
    "id",
    "record",
    "system",
    "dataset",
    "record_key",
    "field",
    "what",
    "answer",
    "as_it_stands",
    "as_it_goes_out",
]


def redactions(
    place: Place, number: str, *, why: str = "", by: str | None = None, reveal: bool = False
) -> pd.DataFrame:
    """One row per field of the person's records that may hold what is not theirs to see, or that nobody has read: what was
    found, what was said of it, and how it stands and goes out; masked but where `reveal` wants it for a stated reason."""
    if reveal and not why.strip():
        raise VahtiError(
            N_("values are shown for a stated reason only"),
            place="--reason",
            remedy=N_("name the request or the task, not the person"),
        )
    found = _gathered(place, number)
    log.append(
        place.home, "redactions" if reveal else "masked redactions", by=by, why=why, period=place.period,
        numbers=[m.id for m in found.person.members], records=sum(bool(record.spots) for record in found.records),
    )  # fmt: skip
    rows = [
        (
            spot.id, record.member, record.system, record.dataset, record.record_key, spot.field, spot.why, spot.answer,
            spot.whole if reveal else _masked(place, record, spot, spot.whole), spot.shown if reveal else _masked(place, record, spot, spot.shown),
        )
        for record in found.records
        for spot in record.spots
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def redact_field(
    place: Place, number: str, record: str, field: str, answer: str, *, why: str, by: str | None = None
) -> None:
    """Keeps the officer's word on a field of a record, as it stands now: release, redact, withhold, or withdrawn. Earlier words
    stay on record. UnknownError where nothing there waits for one."""
    checked("answer", answer, ANSWERS)
    if not why.strip():
        raise VahtiError(N_("the reason is missing"), place="--reason", remedy=N_("say why it may go out, or may not"))
    found = _gathered(place, number)
    known = {(each.member, spot.field): spot for each in found.records for spot in each.spots}
    spot = known.get((record, field))
    if spot is None:
        raise UnknownError(
            N_("nothing waits for a decision there"),
            place=f"{record} {field}",
            remedy=N_("name the record and field as the list of redactions has them"),
        )
    entry = log.append(
        place.home, "redaction", by=by, why=why, period=place.period, numbers=[m.id for m in found.person.members],
        record=record, field=field, answer=answer,
    )  # fmt: skip
    decisions.add_redaction(place.home, place.written(record), field, spot.id, answer, entry["at"], entry["by"], why)
    place.__dict__.pop("redactions", None)


def _gathered(place: Place, number: str) -> Holding:
    found = holding.gather(place, persons.customer(place, number))
    unknown.check_customer(place, len(found.records), len(found.offers))
    return found


def _masked(place: Place, record: Record, spot: redact.Spot, text: str) -> object:
    if text in {str(mark) for mark in redact.Mark}:
        return text
    column = place.contracts[record.dataset].column(spot.field)
    return mask.masked(column.categories[0] if column.categories else "", text)
