"""What was searched and how, and what could not be: the certificate that goes with every package."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from pipelines.language.languages import N_
from pipelines.person import ways
from pipelines.person.holding import Holding, Record
from pipelines.person.place import Place
from pipelines.person.redact import Spot
from pipelines.sql import one_value

METHOD = N_(
    "Every dataset whose contract declares personal attributes was searched. Records were joined by the contracts' "
    "keys: the customer number, and a record that names one (a connection); another number by the valid identity code "
    "of the customer's own row where the given name agrees and no contact differs, or by a valid business id where the "
    "names have a word in common; a record without a number by a phone number, email address or bank account that "
    "nobody else has, where nothing on it speaks against it. A record that names somebody else, or that may be "
    "somebody else's, was not included but offered to the officer with what agrees and what contradicts; so were "
    "probable matches by name, address and the like (Splink), which were looked for when this package was made. "
    "Records that the officer confirmed were added. Offers that nobody has answered are listed under offers_left_open: "
    "the officer left them open knowingly. Rows of other companies were not searched; a row of which nothing says whose it "
    "is was offered where it names the customer number."
)

# Exports without a row that had some before: there was nothing to search in them.
EMPTY = "select dataset from feed.files where status = 'read' and rows_registered = 0 and rows_before > 0"


def certificate(place: Place, holding: Holding, log_entry: dict, digests: dict[str, str]) -> dict:
    """The certificate as JSON; `digests`: SHA-256 of the package's other files."""
    numbers = [member.key for member in holding.person.members]
    return {
        "certificate": "search for the personal data of one data subject (GDPR art. 15)",
        "controller": place.expectations.controller.name,
        "customer_number": holding.person.number,
        "numbers_and_records_of_the_same_person": [
            {"member": m.id, "reason": str(m.reason)} for m in holding.person.members
        ],
        "period": place.period,
        "as_of": place.as_of.isoformat(),
        "searched_at": log_entry["at"],
        "searched_by": log_entry["by"],
        "method": METHOD,
        "searched": searched(place, holding),
        "could_not_be_searched": not_searched(place, numbers),
        "records": len(holding.records),
        "offered_not_included": len(holding.offers),
        "offers_left_open": [
            {"member": o.member, "system": o.system, "dataset": o.dataset, "record_key": o.record_key, "why": o.why}
            for o in holding.offers
        ],
        "decided": decided(place, holding),
        "redacted": [
            {"system": r.system, "dataset": r.dataset, "record_key": r.record_key, "field": m.field}
            for r in holding.records
            for m in r.redactions
        ],
        "redactions_decided": [
            {**_place_of(record, spot), "answer": spot.answer}
            for record in holding.records
            for spot in record.spots
            if spot.answer
        ],
        "redactions_waiting": [_place_of(record, spot) for record, spot in holding.waiting],
        "free_text_to_be_read_before_sending": [
            {"system": r.system, "dataset": r.dataset, "record_key": r.record_key, "fields": list(r.unread)}
            for r in holding.records
            if r.unread
        ],
        "exports": [
            {"file": row["file"], "sha256": row["sha256"], "status": row["status"]}
            for row in place.fetch("select file, sha256, status from feed.files order by file")
        ],
        "expectations_sha256": place.note.get("expectations", ""),
        "versions": versions(),
        "files_sha256": digests,
        "log": {"entry": log_entry["n"], "hash": log_entry["hash"]},
    }


def _place_of(record: Record, spot: Spot) -> dict:
    return {
        "system": record.system,
        "dataset": record.dataset,
        "record_key": record.record_key,
        "field": spot.field,
        "what": spot.why,
    }


def decided(place: Place, holding: Holding) -> list[dict]:
    """One item per answer of the officer on the person: about whom or which record, yes or no."""
    ids, asked = {m.id for m in holding.person.members}, holding.person.members[0].id
    return [
        {"member": right if left == asked or (left in ids and right != asked) else left, "answer": answer}
        for (left, right), answer in sorted(place.said.items())
        if {left, right} & ids
    ]


def searched(place: Place, holding: Holding) -> list[dict]:
    """One item per dataset: how many rows were searched, which fields, and how many records are the person's."""
    items = []
    empty = {row["dataset"] for row in place.fetch(EMPTY)}
    for dataset, contract in sorted(place.searchable.items(), key=lambda item: item[1].id):
        if dataset in empty:
            continue
        rows = one_value(place.connection, f"select count(*) from {place.rows(dataset)}")
        items.append(
            {
                "system": contract.system,
                "dataset": dataset,
                "file": contract.file,
                "rows": rows,
                "fields": [c.name for c in place.columns(dataset) if c.personal],
                "joined_by": ways.numbers_column(place, dataset)
                or ", ".join(sorted({p.how for p in ways.paths(place) if p.dataset == dataset})),
                "records": sum(record.dataset == dataset for record in holding.records),
            }
        )
    return items


def not_searched(place: Place, numbers: list[str]) -> list[dict]:
    """One item per thing that the search could not reach, as a key of the letter's sentences and its values."""
    files = {row["dataset"]: row for row in place.fetch("select dataset, status, rows_rejected, seems from feed.files")}
    empty = {row["dataset"] for row in place.fetch(EMPTY)}
    columns = place.fetch(
        "select dataset, header, status from feed.columns where status <> 'declared' order by dataset, header"
    )
    items = []
    for dataset, contract in sorted(place.contracts.items(), key=lambda item: item[1].id):
        base: dict[str, object] = {"system": contract.product, "dataset": dataset}
        if files.get(dataset, {}).get("status") != "read":
            if contract in place.expectations.contracts:
                items.append({"reason": "not_feed", **base})
            continue
        if dataset in empty:
            items.append({"reason": "not_empty", **base})
        if files[dataset]["seems"]:
            items.append({"reason": "not_letters", **base, "encoding": files[dataset]["seems"]})
        if dataset not in place.searchable:
            items.append({"reason": "not_shared", **base})
        if unclear := _unclear(place, dataset):
            items.append({"reason": "not_clear", **base, "count": unclear})
        for row in columns:
            if row["dataset"] == dataset:
                items.append(
                    {
                        "reason": "not_column" if row["status"] == "missing" else "not_undeclared",
                        **base,
                        "column": row["header"],
                    }
                )
        if files[dataset]["rows_rejected"]:
            items.append(
                {
                    "reason": "not_rejected",
                    **base,
                    "count": files[dataset]["rows_rejected"],
                    "mine": _rejected(place, dataset, numbers),
                }
            )
        items += [
            {"reason": "not_text", **base, "column": c.header}
            for c in place.columns(dataset)
            if set(c.categories) & set(place.access.free_text)
        ]
    return items


def _unclear(place: Place, dataset: str) -> int:
    """Rows of a shared dataset without any sign of whose they are."""
    rows = place.unclear(dataset)
    return one_value(place.connection, f"select count(*) from {rows}") if rows else 0


def _rejected(place: Place, dataset: str, numbers: list[str]) -> int:
    """Rejected lines with one of the numbers in a cell."""
    sql = (
        "select count(distinct line) from feed.rejected_cells"
        " where dataset = $1 and cell in (select unnest($2::varchar[]))"
    )
    return one_value(place.connection, sql, [dataset, numbers])


def versions() -> dict[str, str]:
    """Of the software that searched."""
    found = {"python": platform.python_version()}
    for name in ("rekisterivahti", "duckdb", "splink"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
