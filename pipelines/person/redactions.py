"""What waits for the officer's word before it goes out to a person, and her word on it; each look and answer is logged."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from pipelines.errors import UnknownError, VahtiError
from pipelines.known import checked
from pipelines.language.languages import N_
from pipelines.person import certificate, decisions, holding, letter, log, mask, offered, persons, redact, unknown
from pipelines.person.holding import Holding, Record
from pipelines.person.letter import Letter
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
    "without_what_was_found",
    "as_it_goes_out",
]


def redactions(
    place: Place, number: str, *, why: str = "", by: str | None = None, reveal: bool = False
) -> pd.DataFrame:
    """One row per field of the person's records that may hold what is not theirs to see, or that nobody has read: what was
    found, what was said of it, how it stands, what is left without what was found in it, and how it goes out; masked but where
    `reveal` wants it for a stated reason. `attrs["waiting"]`: how many of them wait, as the letter and the certificate have it."""
    if reveal:
        _check_reason(why)
    found = _gathered(place, number)
    log.append(
        place.home,
        "redactions" if reveal else "masked redactions",
        by=by,
        why=why,
        period=place.period,
        numbers=[m.id for m in found.person.members],
        records=sum(bool(record.spots) for record in found.records),
    )
    rows = [
        (
            spot.id,
            record.member,
            record.system,
            record.dataset,
            record.record_key,
            spot.field,
            spot.why,
            spot.answer,
            *(text if reveal else _masked(place, record, spot, text) for text in (spot.whole, spot.cut, spot.shown)),
        )
        for record in found.records
        for spot in record.spots
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    table.attrs["waiting"] = len(found.waiting)
    return table


def preview(place: Place, number: str, *, why: str, by: str | None = None, language: str = "") -> Letter:
    """The letter as it would go out now, for a stated reason; its `copy` says of each value what was decided."""
    _check_reason(why)
    found = _gathered(place, number)
    found = replace(found, offers=offered.of_holding(place, found))
    language = language or place.expectations.controller.language
    log.append(
        place.home,
        "preview",
        by=by,
        why=why,
        period=place.period,
        numbers=[m.id for m in found.person.members],
        records=len(found.records),
    )
    unsearched = certificate.not_searched(place, [member.key for member in found.person.members])
    return letter.write(place, found, unsearched, language)


def _check_reason(why: str) -> None:
    if not why.strip():
        raise VahtiError(
            N_("values are shown for a stated reason only"),
            place="--reason",
            remedy=N_("name the request or the task, not the person"),
        )


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
        place.home,
        "redaction",
        by=by,
        why=why,
        period=place.period,
        numbers=[m.id for m in found.person.members],
        record=record,
        field=field,
        answer=answer,
    )
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
