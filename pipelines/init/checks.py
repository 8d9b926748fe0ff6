"""What is wrong with answers: every fault at once, each with its place."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.expectations import dates, zones
from pipelines.expectations.span import parse_period
from pipelines.init import survey as surveys
from pipelines.init.survey import Survey
from pipelines.language.vocabulary import of_kind, terms

BASES = {letter: f"eu-gdpr:A6-1-{letter}" for letter in "abcdef"}
KEYS: dict[str, set[str]] = {
    "controller": {"name", "contact", "email", "phone", "address", "business_id", "officer", "timezone", "financial_year_end"},
    "people": {"dataset", "key", "kind"}, "retention": {"from", "period", "offset", "kind", "mandate", "until", "missing", "title"},
    "registers": {"requests", "consents", "holds", "processors"}, "systems": {"name", "keeper", "datasets"},
    "purposes": {"purpose", "basis"}, "delays": {"dataset", "where", "because"}, "open": {"days", "personal", "not_personal", "values", "kinds"},
}  # fmt: skip
MAPPINGS = ("controller", "people", "systems", "purposes", "retention", "registers", "open")
LISTS = ("delays", "recipients", "never")


def faults(document: dict, found: Survey) -> Iterator[tuple[str, str]]:
    """(place, what is wrong and how to write it) of every answer that cannot be taken."""
    known = set(MAPPINGS) | set(LISTS)
    for block in document:
        if block not in known:
            yield str(block), f"no such question; there are {', '.join((*MAPPINGS, *LISTS))}"
    for block in MAPPINGS:
        said = document.get(block)
        if said is not None and not isinstance(said, dict):
            yield block, "is no mapping: write `key: value` lines"
        elif said:
            yield from _faults_of[block](said, found)
    for block in LISTS:
        said = document.get(block)
        if said is not None and not isinstance(said, list):
            yield block, "is no list: write lines that begin with `- `"
        elif said:
            yield from _of_list(block, said, found)


def _unknown(place: str, said: object, known: set[str]) -> Iterator[tuple[str, str]]:
    if not isinstance(said, dict):
        yield place, "is no mapping: write `key: value` lines"
        return
    for key in said:
        if key not in known:
            yield f"{place}.{key}", f"unknown; known are {', '.join(sorted(known))}"


def _of_controller(said: dict, found: Survey) -> Iterator[tuple[str, str]]:
    yield from _unknown("controller", said, KEYS["controller"])
    if said.get("timezone") and not zones.is_zone(said["timezone"]):
        yield "controller.timezone", f"{said['timezone']!r} is no time zone: {zones.WRITE}"
    if said.get("address") and not isinstance(said["address"], list):
        yield "controller.address", "is no list: write `[street, postal code and town]`"


def _dataset(place: str, dataset: object, found: Survey) -> Iterator[tuple[str, str]]:
    if dataset not in found.by_dataset:
        yield place, f"no dataset {dataset!r}; there are {', '.join(sorted(found.by_dataset))}"


def _column(place: str, dataset: str, column: object, found: Survey) -> Iterator[tuple[str, str]]:
    names = [each.name for each in found.columns.get(dataset, ())]
    if dataset in found.by_dataset and column not in names:
        yield place, f"{dataset} has no column {column!r}; there are {', '.join(names)}"


def _of_people(said: dict, found: Survey) -> Iterator[tuple[str, str]]:
    yield from _unknown("people", said, KEYS["people"])
    suggested_ = surveys.subject(found)
    dataset = said.get("dataset") or suggested_[0]
    yield from _dataset("people.dataset", dataset, found)
    if said.get("key"):
        yield from _column("people.key", dataset, said["key"], found)
    elif dataset != suggested_[0]:
        yield "people.key", "is missing: name the column that other tables refer to"
    if said.get("kind") and not of_kind(said["kind"], "HumanSubject"):
        yield "people.kind", f"no term {said['kind']!r}; such as {_such_as('HumanSubject')}"


def _such_as(kind: str) -> str:
    return ", ".join(sorted(name for name, term in terms().items() if kind in term.kinds))


def _of_systems(said: dict, found: Survey) -> Iterator[tuple[str, str]]:
    for name, each in said.items():
        yield from _unknown(f"systems.{name}", each, KEYS["systems"])
        for dataset in (each.get("datasets") or ()) if isinstance(each, dict) else ():
            yield from _dataset(f"systems.{name}.datasets", dataset, found)


def _of_purposes(said: dict, found: Survey) -> Iterator[tuple[str, str]]:
    for dataset, each in said.items():
        yield from _dataset(f"purposes.{dataset}", dataset, found)
        yield from _unknown(f"purposes.{dataset}", each, KEYS["purposes"])
        if isinstance(each, dict):
            if each.get("purpose") and not of_kind(each["purpose"], "Purpose"):
                yield f"purposes.{dataset}.purpose", f"no purpose {each['purpose']!r}; there are {_such_as('Purpose')}"
            for basis in each.get("basis") or ():
                if basis not in BASES:
                    yield f"purposes.{dataset}.basis", f"{basis!r} is none of a to f, the letters of GDPR art. 6(1)"


def _of_retention(said: dict, found: Survey) -> Iterator[tuple[str, str]]:
    for dataset, each in said.items():
        place = f"retention.{dataset}"
        yield from _dataset(place, dataset, found)
        yield from _unknown(place, each, KEYS["retention"])
        if not isinstance(each, dict):
            continue
        if each.get("from"):
            days_ = [c.name for c in found.columns.get(dataset, ()) if c.column.type in ("date", "timestamp")]
            if str(each["from"]).removeprefix("subject.") not in days_ and not str(each["from"]).startswith("subject."):
                yield (
                    f"{place}.from",
                    f"{dataset} has no date column {each['from']!r}; there are {', '.join(days_) or 'none'}",
                )
        if each.get("period") and not parse_period(each["period"]):
            yield f"{place}.period", f"{each['period']!r} is no period: write such as P6Y or P12M"
        if each.get("kind", "maximum") not in ("minimum", "maximum"):
            yield f"{place}.kind", "is neither minimum nor maximum"


def _of_registers(said: dict, found: Survey) -> Iterator[tuple[str, str]]:
    yield from _unknown("registers", said, KEYS["registers"])
    for what, dataset in said.items():
        if dataset:
            yield from _dataset(f"registers.{what}", dataset, found)


def _of_open(said: dict, found: Survey) -> Iterator[tuple[str, str]]:
    yield from _unknown("open", said, KEYS["open"])
    for name, pattern in (said.get("days") or {}).items():
        yield from _place("open.days", str(name), found)
        if pattern and pattern != "text" and not isinstance(dates.pattern(str(pattern)), dates.Pattern):
            yield f"open.days.{name}", f"{pattern!r}: {dates.pattern(str(pattern))}"
    for what in ("personal", "not_personal"):
        for name in said.get(what) or ():
            yield from _place(f"open.{what}", str(name), found)
    for name in said.get("values") or {}:
        yield from _place("open.values", str(name), found)
    for name, kind in (said.get("kinds") or {}).items():
        yield from _place("open.kinds", str(name), found)
        if not of_kind(str(kind), "PersonalData"):
            yield f"open.kinds.{name}", f"no kind {kind!r}; there are {_such_as('PersonalData')}"


def _place(place: str, name: str, found: Survey) -> Iterator[tuple[str, str]]:
    dataset, _, column = name.partition(".")
    yield from _dataset(f"{place}.{name}", dataset, found)
    yield from _column(f"{place}.{name}", dataset, column, found)


def _of_list(block: str, said: list, found: Survey) -> Iterator[tuple[str, str]]:
    for number, each in enumerate(said, 1):
        if block != "delays":
            if not isinstance(each, str):
                yield f"{block}.{number}", "is no text: put it in quotes"
            continue
        yield from _unknown(f"delays.{number}", each, KEYS["delays"])
        if isinstance(each, dict):
            yield from _dataset(f"delays.{number}.dataset", each.get("dataset"), found)


_faults_of = {
    "controller": _of_controller, "people": _of_people, "systems": _of_systems, "purposes": _of_purposes, "retention": _of_retention,
    "registers": _of_registers, "open": _of_open,
}  # fmt: skip
