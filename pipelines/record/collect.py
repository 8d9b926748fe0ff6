"""The record of processing activities (GDPR art. 30): what contracts, schedule and controller declare, with what exports show.

`collect` gives plain data without sentences, in terms of the Data Privacy Vocabulary; a run stores it as `ropa.json`, so that a
later period can report changes. `ropa_files` renders it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import outputs, small
from pipelines.errors import ExpectationsError
from pipelines.expectations.opened import OpenedPeriod
from pipelines.language.languages import by_language
from pipelines.language.vocabulary import terms
from pipelines.notice import amendments, conformity, released
from pipelines.record import files as ropa_files
from pipelines.record.drift import drift
from pipelines.registry import build as registry
from pipelines.sql import ident

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.expectations.context import Context
    from pipelines.expectations.notice import Notice
    from pipelines.expectations.schedule import Schedule

FILE = "ropa.json"


def take_in(connection: DuckDBPyConnection, opened: OpenedPeriod, reports: Path) -> None:
    """In a run: stores the record of the period in the current database, in a folder."""
    record = collect(connection, opened)
    outputs.write_text(reports, FILE, json.dumps(record, ensure_ascii=False, indent=1) + "\n")


def of_period(opened: OpenedPeriod) -> list[Path]:
    """Writes every form of the record of a period taken in; returns the files.

    ExpectationsError for an unknown term, or if there is no notice.
    """
    with opened.reading() as connection:
        statuses = {verdict.id: verdict.status for verdict in conformity.judge(connection, opened)}
        record = collect(connection, opened, statuses)
    check_terms(record, opened.expectations.folder)
    return ropa_files.write(record, drift(earlier(opened), record), opened.reports, opened.expectations.folder)


def earlier(opened: OpenedPeriod) -> dict | None:
    """The stored record of the newest period before this one."""
    for name in reversed(opened.earlier):
        path = opened.home.reports(name) / FILE
        if path.exists():
            return json.loads(path.read_text("utf-8"))
    return None


def collect(connection: DuckDBPyConnection, opened: OpenedPeriod, statuses: dict[str, str] | None = None) -> dict:
    """The record of the period in the current database."""
    context, loaded, controller = opened.context, opened.expectations, opened.controller
    own = controller.record
    datasets = _datasets(connection, context)
    return {
        "period": opened.name,
        "as_of": context.as_of.isoformat(),
        "controller": controller.name,
        "contact": by_language(own.get("contact")),
        "officer": by_language(own.get("officer")),
        "names": own.get("names") or {},
        "synthetic": controller.synthetic_data,
        "activities": _activities(context, loaded.schedule, datasets, own),
        "systems": {id: system.get("name", id) for id, system in controller.systems.items()},
        "datasets": datasets,
        "processors": _processors(connection, context, loaded.notice),
        "unlisted_recipients": _unlisted(connection, context, loaded.notice),
        "transfers": own.get("transfers") or [],
        "erasure": _erasure(connection, context, loaded.schedule),
        "workbench": {"periods_kept": controller.periods_kept},
        "measures": [
            measure | {"status": (statuses or {}).get(measure.get("statement"), "")}
            for measure in own.get("measures") or []
        ],
    }


def _datasets(connection: DuckDBPyConnection, context: Context) -> list[dict]:
    """Each dataset: declared categories with the number of values observed (no small number: `small.MARK`), and undeclared
    columns."""
    files = {
        dataset: (status, rows)
        for dataset, status, rows in connection.execute(
            "select dataset, status, rows_registered from feed.files"
        ).fetchall()
    }
    values = released.categories(connection, context.contracts)
    undeclared: dict[str, list[str]] = {}
    for dataset, header in connection.execute(
        "select dataset, header from feed.columns where status = 'undeclared' order by dataset, position"
    ).fetchall():
        undeclared.setdefault(dataset, []).append(header)
    found = []
    for contract in context.contracts:
        status, rows = files.get(contract.dataset, ("missing", None))
        kinds: dict[str, list[str]] = {}
        for column in contract.columns:
            if column.personal:
                kinds.setdefault(column.categories[0] if column.categories else "dpv:PersonalData", []).append(
                    column.name
                )
        told = values[contract.dataset]
        found.append(
            {
                "system": contract.system,
                "dataset": contract.dataset,
                "purpose": contract.purpose,
                "subject": contract.data_subject,
                "records": rows if status == "read" else None,
                "categories": [
                    {"category": kind, "columns": columns, "values": _told(told[kind]) if status == "read" else None}
                    for kind, columns in kinds.items()
                ],
                "undeclared": undeclared.get(contract.dataset, []),
            }
        )
    return found


def _told(count: int | None) -> int | str:
    """A count of values for outside readers; a mark if it is small."""
    return small.MARK if count is None else count


def _activities(context: Context, schedule: Schedule, datasets: list[dict], own: dict) -> list[dict]:
    """One activity per purpose that a contract with personal data declares."""
    bases = own.get("legal_bases") or {}
    found: dict[str, dict] = {}
    periods = {cls.id: cls for cls in (*schedule.classes, *([schedule.subject] if schedule.subject else []))}
    for dataset in datasets:
        if not dataset["purpose"] or not dataset["categories"]:
            continue
        activity = found.setdefault(
            dataset["purpose"],
            {
                "purpose": dataset["purpose"],
                "legal_bases": list(bases.get(dataset["purpose"], ())),
                "subjects": [],
                "systems": [],
                "datasets": [],
                "categories": [],
                "erasure": [],
                "recipients": [
                    each["name"] for each in own.get("recipients") or [] if each.get("of") == dataset["purpose"]
                ],
            },
        )
        for key, values in (
            ("subjects", [dataset["subject"]] if dataset["subject"] else []),
            ("systems", [dataset["system"]]),
            ("datasets", [dataset["dataset"]]),
            ("categories", [each["category"] for each in dataset["categories"]]),
            ("erasure", [id for id in periods if id == f"{dataset['system']}.{dataset['dataset']}"]),
        ):
            activity[key] += [value for value in values if value not in activity[key]]
    return [found[purpose] for purpose in sorted(found)]


def _processors(connection: DuckDBPyConnection, context: Context, notice: Notice | None) -> list[dict]:
    """Suppliers of the processor register, those of the controller's list that it lacks, and whether each has an agreement."""
    entry = next(
        (each for each in (notice.says.get("values") or () if notice else ()) if each["kind"] == "supplier"), None
    )
    if entry is None:
        return []
    ((column, key),) = entry["columns"].items()
    listed = [row[key] for row in context.controller.lists[entry["list"]]]
    present = registry.columns_present(connection).get(entry["dataset"], set())
    if column not in present:
        return [
            {"supplier": name, "service": "", "declared": True, "observed": None, "in_force": None} for name in listed
        ]
    contract = next(contract for contract in context.contracts if contract.dataset == entry["dataset"])
    public = {each.name for each in contract.columns if not each.personal}
    said = next((each for each in context.controller.agreements if each.dataset == entry["dataset"]), None)
    what, signed_on, until = (said.what, said.signed, said.until) if said else ("", "", "")
    service = f"max({ident(what)})" if what in present & public else "null"
    signed = f"{ident(signed_on)} is not null" if signed_on in present else "null::boolean"
    valid = f"coalesce({ident(until)} >= $1, true)" if until in present else "null::boolean and $1 is null"
    rows = connection.execute(
        f"select {ident(column)}, {service}, bool_and({signed} and {valid}) from registry.{ident(entry['dataset'])}"
        f" where {ident(column)} is not null group by all order by all",
        [context.as_of],
    ).fetchall()
    found = []
    for name, what, in_force in rows:
        shown = name in listed or (column in public and released.harmless(connection, name))
        what = what if what and released.harmless(connection, what) else ""
        found.append(
            {
                "supplier": name if shown else "…",
                "service": what,
                "declared": name in listed,
                "observed": True,
                "in_force": in_force,
            }
        )
    seen = {name for name, _, _ in rows}
    found += [
        {"supplier": name, "service": "", "declared": True, "observed": False, "in_force": None}
        for name in listed
        if name not in seen
    ]
    return sorted(found, key=lambda each: (each["supplier"], not each["declared"]))


def _unlisted(connection: DuckDBPyConnection, context: Context, notice: Notice | None) -> int:
    """Disclosures to recipients on no list of the controller's."""
    if notice is None:
        return 0
    return sum(one.records for one in amendments.outside_lists(connection, context, notice) if one.kind == "recipient")


def _erasure(connection: DuckDBPyConnection, context: Context, schedule: Schedule) -> list[dict]:
    """Each class of the disposal schedule, and how many records are past their last day."""
    past = dict(
        connection.execute(
            "select dataset, count(*) from results.findings where rule = 'past-retention' group by dataset"
        ).fetchall()
    )
    by_id = {contract.id: contract for contract in context.contracts}
    classes = [*schedule.classes, *([schedule.subject] if schedule.subject else [])]
    return [
        {
            "class": cls.id,
            "title": cls.title,
            "period": cls.period.text if cls.period else "",
            "from": cls.reference,
            "offsets": list(cls.offsets),
            "mandate": cls.mandate,
            "action": cls.action,
            "past": past.get(by_id[cls.id].dataset, 0),
        }
        for cls in classes
    ]


def check_terms(record: dict, expectations: Path) -> None:
    """Checks that every term of the record is in the vocabulary; ExpectationsError names the first that is not."""
    used: list[tuple[str, str | None]] = [(each["purpose"], "Purpose") for each in record["activities"]]
    used += [(term, "LegalBasis") for each in record["activities"] for term in each["legal_bases"]]
    used += [(term, "HumanSubject") for each in record["activities"] for term in each["subjects"]]
    used += [
        (term, "PersonalData")
        for each in record["activities"]
        for term in each["categories"]
        if term != "dpv:PersonalData"
    ]
    used += [(measure["term"], None) for measure in record["measures"]]
    for term, kind in used:
        if term not in terms():
            raise ExpectationsError(
                f"no term {term!r} in the vocabulary",
                file=expectations,
                remedy="use a term of pipelines/language/data/dpv_terms.csv",
            )
        if kind and kind not in terms()[term].kinds:
            raise ExpectationsError(
                f"{term!r} is no {kind} of the vocabulary", file=expectations, remedy="use another term"
            )
