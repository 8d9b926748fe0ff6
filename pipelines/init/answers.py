"""The answers to the nine questions: filled up with what the exports suggest, read from a file or given at a terminal.

`answers.yaml` has a block per question. What a block says stands in place of what the exports suggest; what it leaves out, the
exports suggest. All that is wrong with an answer is said at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipelines.errors import ExpectationsError
from pipelines.expectations import yamlfile
from pipelines.init import checks, words
from pipelines.init import survey as surveys
from pipelines.init.survey import Survey
from pipelines.registry import functions

FILE = "answers.yaml"
# The zone in which most people of a country live.
ZONES = {
    "FI": "Europe/Helsinki", "SE": "Europe/Stockholm", "NO": "Europe/Oslo", "DK": "Europe/Copenhagen", "EE": "Europe/Tallinn",
    "DE": "Europe/Berlin", "NL": "Europe/Amsterdam", "IE": "Europe/Dublin", "FR": "Europe/Paris", "ES": "Europe/Madrid", "PL": "Europe/Warsaw",
}  # fmt: skip
OFFSETS = {"financial": "end of financial year", "calendar": "end of calendar year", "month": "end of month"}
ANY_PURPOSE = "dpv:RecordManagement"
LISTS = ("delays", "recipients", "never")


@dataclass(frozen=True)
class Answers:
    """What was answered, filled up with what the exports suggest; a field per question, the last for what the exports left open.

    `systems`: {system: {name, keeper, datasets}}; `purposes` and `retention`: by dataset.
    """

    controller: dict[str, Any] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    systems: dict[str, dict[str, Any]] = field(default_factory=dict)
    purposes: dict[str, dict[str, Any]] = field(default_factory=dict)
    retention: dict[str, dict[str, Any]] = field(default_factory=dict)
    delays: tuple[dict[str, str], ...] = ()
    recipients: tuple[str, ...] = ()
    registers: dict[str, str] = field(default_factory=dict)
    never: tuple[str, ...] = ()
    open: dict[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> tuple[str, str]:
        """Dataset and key of the data subjects."""
        return self.people["dataset"], self.people["key"]

    def system_of(self, dataset: str) -> str:
        """The system a dataset is kept in."""
        return next(system for system, each in self.systems.items() if dataset in each["datasets"])


def suggested(found: Survey, unnamed: str, office: str) -> Answers:
    """What the exports suggest. `unnamed`: what stands for the controller's name; `office`: for a keeper."""
    dataset, key = surveys.subject(found)
    systems: dict[str, dict] = {}
    for table in found.tables:
        name = table.system.replace("_", " ").capitalize()
        systems.setdefault(table.system, {"name": name, "keeper": office, "datasets": []})["datasets"].append(
            table.dataset
        )
    return Answers(
        controller={"name": unnamed, "timezone": ZONES.get(found.country, "")},
        people={"dataset": dataset, "key": key, "kind": found.people.get(dataset, "dpv:DataSubject")},
        systems=systems,
        purposes={table.dataset: _purpose(table.dataset, dataset, found) for table in found.tables},
        retention={
            table.dataset: _kept(found, table.dataset) for table in found.tables if _is_personal(found, table.dataset)
        },
        registers={what: found.register(what) for what in ("requests", "consents", "holds", "processors")},
    )


def _is_personal(found: Survey, dataset: str) -> bool:
    return any(kind.personal is not False for kind in found.kinds[dataset].values())


def _purpose(dataset: str, people: str, found: Survey) -> dict[str, Any]:
    """Purpose and basis by the name of the file."""
    purpose, _ = words.one_of(dataset, "purposes")
    if not purpose and dataset == people:
        purpose = "dpv:CustomerManagement" if found.people.get(dataset) == "dpv:Customer" else "dpv:ServiceProvision"
    basis = {"dpv:RightsFulfilment": ["c"], "dpv:Marketing": ["a"], "dpv:PaymentManagement": ["b", "c"]}.get(
        purpose, ["b"]
    )
    return {"purpose": purpose or ANY_PURPOSE, "basis": basis}


def _kept(found: Survey, dataset: str) -> dict[str, Any]:
    """From which date time may run; and how long, where the country's law on the books has such records."""
    columns = [each for each in found.columns[dataset] if each.column.type in ("date", "timestamp")]
    kept: dict[str, Any] = {}
    order = list(words.lists()["events"])
    ranked = [
        (order.index(event), each.name) for each in columns if (event := words.one_of(each.column.header, "events")[0])
    ]
    books = words.one_of(dataset, "purposes")[0] == "dpv:PaymentManagement"
    if books:
        ranked = [(abs(place - order.index("made")), name) for place, name in ranked]
    if ranked:
        kept["from"] = min(ranked, key=lambda each: each[0])[1]
    periods = functions.packs().get(found.country, {}).get("periods") or []
    if books and periods and kept:
        period = max(periods, key=lambda each: "voucher" in each["records"])
        offsets = [OFFSETS[word] for word in ("financial", "calendar", "month") if word in period["from"]]
        kept |= {"period": period["period"], "offset": offsets, "kind": "minimum", "mandate": period["source"]}
    return kept


def read(path: Path, found: Survey, suggestion: Answers) -> Answers:
    """The answers of a file in place of what was suggested; ExpectationsError lists everything that is wrong with them."""
    document = yamlfile.read(path)
    faults = list(checks.faults(document, found))
    if faults:
        said = "\n".join(f"    {place}: {problem}" for place, problem in faults)
        problem = f"{len(faults)} answers cannot be taken\n{said}" if len(faults) > 1 else faults[0][1]
        raise ExpectationsError(
            problem, file=path, place=faults[0][0] if len(faults) == 1 else "", remedy="mend them, and ask again"
        )
    return merged(suggestion, document)


def days(path: Path | None) -> dict[str, str]:
    """The patterns of days that a file of answers names, before the exports are looked at."""
    opened = (yamlfile.read(path).get("open") or {}) if path else {}
    said = opened.get("days") if isinstance(opened, dict) else {}
    return {str(name): str(pattern) for name, pattern in said.items() if pattern} if isinstance(said, dict) else {}


def merged(suggestion: Answers, document: dict[str, Any]) -> Answers:
    """What a document says in place of what was suggested, key by key within a block."""
    changed: dict[str, Any] = {}
    for block, said in document.items():
        if said is None:
            continue
        before = getattr(suggestion, block)
        if block in LISTS:
            changed[block] = tuple(said)
        elif block in ("purposes", "retention"):
            changed[block] = before | {
                name: before.get(name, {}) | _without_empty(each or {}) for name, each in said.items()
            }
        elif block == "systems":
            changed[block] = _systems(before, said)
        else:
            changed[block] = before | (_without_empty(said) if block != "registers" else said)
    return replace(suggestion, **changed)


def _without_empty(said: dict) -> dict:
    return {key: value for key, value in said.items() if value not in (None, "", [])}


def _systems(before: dict[str, dict], said: dict[str, dict]) -> dict[str, dict]:
    """Systems as they were named; a dataset that one of them takes leaves the others."""
    taken = {dataset for each in said.values() for dataset in each.get("datasets") or ()}
    found = {
        name: each | {"datasets": [d for d in each["datasets"] if d not in taken]} for name, each in before.items()
    }
    for name, each in said.items():
        own = found.get(name, {"name": name, "keeper": name, "datasets": []})
        kept = each.get("datasets") or own["datasets"]
        found[name] = own | _without_empty(each) | {"datasets": list(kept)}
    return {name: each for name, each in found.items() if each["datasets"]}
