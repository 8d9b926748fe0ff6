"""The access package: records, certificate, letter, and the data that art. 20 lets the person take along, in a folder
that the officer chooses."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines import outputs
from pipelines.errors import VahtiError
from pipelines.language.languages import language as language_of
from pipelines.person import (
    certificate,
    certificate_page,
    decisions,
    letter,
    log,
    offered,
    pdf,
    register,
    unknown,
    word_file,
)
from pipelines.person import holding as holding_
from pipelines.person.holding import Holding, Record
from pipelines.person.letter import Letter
from pipelines.person.place import Place

# Of records.csv and portable.csv; the last two say the same as `dataset` and `field`, in the letter's language.
COLUMNS = (
    "system", "dataset", "record_key", "match", "last_day", "field", "value", "dataset_in_words", "field_in_words",
)  # fmt: skip


@dataclass(frozen=True)
class Package:
    """What was made: folder, holding, certificate. `lacks`: what the letter, then a draft, needs before it is sent."""

    folder: Path
    holding: Holding
    certificate: dict
    lacks: tuple[str, ...] = ()


def make(
    place: Place,
    number: str,
    folder: Path,
    *,
    confirm_protected: bool = False,
    request: str | None = None,
    language: str = "",
    dated: dt.date | None = None,
    by: str | None = None,
    why: str | None = None,
    keep_others: bool = False,
    leave_offers_open: bool = False,
) -> Package:
    """Writes the package, for a `request` or a stated reason, `why`; VahtiError before anything is written to a forbidden
    place. Logged before the first file. `dated`: the day of the letter, the as-of date by default."""
    request, why = (request or "").strip(), (why or "").strip()
    if not (request or why):
        raise VahtiError(
            "an access package holds every value unmasked: whose request it answers, or why it is made, must be stated",
            place="--package",
            remedy='name the request, --request TP123, or the reason, --reason "…" (in a notebook request="TP123" or why="…")',
        )
    holding = holding_.gather(place, number, keep_others)
    unknown.check_customer(place, len(holding.records), len(holding.offers))
    if not holding.records:
        raise VahtiError(
            "nothing under this number is certainly one person's: all of it is only offered",
            place="--customer",
            remedy=f"see vahti subject --customer {number}",
        )
    if holding.is_protected and not confirm_protected:
        raise VahtiError(
            "the customer is protected (safety non-disclosure), or the register cannot say",
            place="--package",
            remedy="make sure who asks and where the package goes; then add --confirm-protected",
        )
    if request:
        register.check(place, request, [m.id for m in holding.person.members])
    holding = replace(holding, offers=offered.of_holding(place, holding))
    offered.check_decided(place, holding.person, holding.offers, leave_offers_open)
    language = language or place.expectations.controller.language
    dated = dated or place.as_of
    unsearched = certificate.not_searched(place, [member.key for member in holding.person.members])
    written = letter.write(place, holding, unsearched, language, request, dated)
    contents = _contents(place, holding, written, dated)
    outputs.private_folder(folder, place.home.path)
    entry = log.append(
        place.home,
        "package",
        by=by,
        why=why,
        period=place.period,
        numbers=[m.id for m in holding.person.members],
        request=request,
        records=_counts(holding),
        offered=len(holding.offers),
        protected=holding.is_protected,
        others_kept=keep_others,
    )
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(contents.items())}
    signed = certificate.certificate(place, holding, entry, digests)
    contents["certificate.json"] = _json(signed)
    spoken = certificate_page.page(place, holding, signed, language)
    contents |= {"certificate.html": letter.html(spoken).encode(), "certificate.pdf": pdf.pdf(spoken, dated)}
    for name, data in contents.items():
        outputs.write_private(folder, name, data)
    decisions.add_package(
        place.home,
        entry["at"],
        entry["by"],
        request,
        number,
        place.period,
        len(holding.records),
        hashlib.sha256(contents["certificate.json"]).hexdigest(),
    )
    return Package(folder, holding, signed, written.head.lacks)


def _counts(holding: Holding) -> dict[str, int]:
    counts: dict[str, int] = {}
    for record in holding.records:
        counts[record.dataset] = counts.get(record.dataset, 0) + 1
    return counts


def _contents(place: Place, holding: Holding, written: Letter, dated: dt.date) -> dict[str, bytes]:
    portable = [record for record in holding.records if record.dataset in place.access.portable]
    words = Words(place, written.language)
    return {
        "records.json": _json([as_json(record, words) for record in holding.records]),
        "records.csv": _csv(holding.records, words),
        "portable.json": _json([as_json(record, words) for record in portable]),
        "portable.csv": _csv(portable, words),
        "letter.html": letter.html(written).encode(),
        "letter.pdf": pdf.pdf(written, dated),
        "letter.docx": word_file.docx(written, dated),
    }


class Words:
    """What datasets and fields are called in the letter's language, beside the names that programs use."""

    def __init__(self, place: Place, language: str) -> None:
        self.place, self.language = place, language
        self.field = language_of(language, place.expectations.folder).label

    def dataset(self, name: str) -> str:
        """As the letter calls it."""
        return letter.title(self.place, name, self.language)


def as_json(record: Record, words: Words) -> dict:
    """One record as the package has it."""
    return {
        "system": record.system,
        "dataset": record.dataset,
        "record_key": record.record_key,
        "match": str(record.match),
        "last_day": record.last_day.isoformat() if record.last_day else None,
        "retention": record.retention.get("state"),
        "values": record.values,
        "redacted": [mark.field for mark in record.redactions],
        "dataset_in_words": words.dataset(record.dataset),
        "fields_in_words": {name: words.field(name) for name in record.values},
    }


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def _csv(some: Iterable[Record], words: Words) -> bytes:
    """One row per record and field; everything quoted, and nothing that a spreadsheet would run."""
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(COLUMNS)
    for record in some:
        last_day = record.last_day.isoformat() if record.last_day else ""
        for field, value in record.values.items():
            if value is not None:
                writer.writerow(
                    [
                        outputs.guarded(cell, numbers_stay=True)
                        for cell in (
                            record.system,
                            record.dataset,
                            record.record_key,
                            str(record.match),
                            last_day,
                            field,
                            value,
                            words.dataset(record.dataset),
                            words.field(field),
                        )
                    ]
                )
    return stream.getvalue().encode("utf-8", "replace")
