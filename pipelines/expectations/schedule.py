"""The disposal schedule, `retention.yaml`: how long each class of records is kept, from what day, and by whose decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from pipelines.errors import ExpectationsError
from pipelines.expectations import yamlfile
from pipelines.expectations.condition import Condition, condition
from pipelines.expectations.contract import Contract
from pipelines.expectations.controller import BUILT_IN
from pipelines.expectations.span import Period, parse_period

# An event's period starts at the end of one of these, or of several in turn.
OFFSETS = ("end of month", "end of calendar year", "end of financial year")
CLASS_KEYS = {
    "title", "applies", "time_reference", "missing", "overdue", "offset", "period", "until", "review", "guarded", "mandate", "kind",
    "action",
}  # fmt: skip
SUBJECT_KEYS = {
    "class", "title", "time_reference", "period", "held_by", "held_while", "ended_when", "mandate", "kind", "action",
}  # fmt: skip
CONDITIONS = {"where", "none", "some"}
TOP_KEYS = {"classes", "subject", "holds_through", "fields_needed_while"}


@dataclass(frozen=True)
class Deadline:
    """A period after the newest of some date columns (`first`: after the first that is filled). `undated`: whether a record
    with none of them is late too."""

    period: Period
    since: tuple[str, ...]
    undated: bool = True
    first: bool = False


@dataclass(frozen=True)
class RetentionClass:
    """One class of the schedule. `column`: of the dataset, or of the data subject if `of_subject`."""

    id: str
    title: str
    mandate: str
    kind: str
    action: str
    reference: str = ""
    column: str = ""
    of_subject: bool = False
    may_be_missing: bool = False
    offsets: tuple[str, ...] = ()
    period: Period | None = None
    applies: Condition | None = None
    overdue: Deadline | None = None  # the day from which a missing event is wrong
    review: Deadline | None = None
    guarded: bool = False  # whether a record that disappears before its last day is a finding


@dataclass(frozen=True)
class SubjectClass(RetentionClass):
    """The data subjects' own records."""

    held_by: tuple[str, ...] = ()
    held_while: tuple[dict[str, Any], ...] = ()  # where: a Condition
    ended_when: dict[str, Any] | None = None  # none, some: Conditions


@dataclass(frozen=True)
class Schedule:
    """All classes, and the one of the data subjects (None: the schedule has none).

    `holds_through`: datasets of things that belong to a data subject, through which a hold on the person reaches more records.
    `fields_needed_while`: records that keep their person's fields needed, whatever the contracts' `neededUntil` says.
    """

    classes: tuple[RetentionClass, ...]
    subject: SubjectClass | None
    holds_through: tuple[str, ...] = ()
    fields_needed_while: tuple[dict[str, Any], ...] = ()  # where: a Condition


def load_schedule(path: Path, contracts: tuple[Contract, ...], parameters: Iterable[str] = ()) -> Schedule:
    """Reads one schedule; ExpectationsError names class, key and remedy. `parameters`: the controller's own."""
    return _Reader(path, contracts, tuple(parameters)).schedule()


class _Reader:
    """One file, and the contracts it refers to. Every method takes the place it reads, for its messages."""

    def __init__(self, path: Path, contracts: tuple[Contract, ...], parameters: tuple[str, ...]) -> None:
        self.path, self.parameters, self.document = path, (*parameters, *BUILT_IN), yamlfile.read(path)
        self.by_id = {contract.id: contract for contract in contracts}
        self.by_dataset = {contract.dataset: contract for contract in contracts}
        subject = self.document.get("subject")
        self.subject_class = subject.get("class") if isinstance(subject, dict) else None

    def schedule(self) -> Schedule:
        for key in sorted(self.document.keys() - TOP_KEYS):
            self.fail(str(key), "unknown key", f"known are: {', '.join(sorted(TOP_KEYS))}")
        if self.subject_class and self.subject_class not in self.by_id:
            self.fail("subject", f"no contract {self.subject_class!r}", "name `system.dataset` of a contract")
        classes = tuple(self.one_class(id, entry) for id, entry in (self.document.get("classes") or {}).items())
        subject = self.subject({cls.id for cls in classes}) if self.document.get("subject") else None
        holds_through = tuple(self.document.get("holds_through") or ())
        for dataset in holds_through:
            if dataset not in self.by_dataset:
                self.fail("holds_through", f"no dataset {dataset!r}", "name a dataset of a contract")
        needed = tuple(
            self.records(f"fields_needed_while.{number}", item, {"dataset", "where"})
            for number, item in enumerate(self.document.get("fields_needed_while") or [])
        )
        return Schedule(classes, subject, holds_through, needed)

    def fail(self, place: str, problem: str, remedy: str) -> NoReturn:
        raise ExpectationsError(problem, file=self.path, place=place, remedy=remedy)

    def one_class(self, class_id: str, entry: object) -> RetentionClass:
        place = f"classes.{class_id}"
        entry = self.entry(place, entry, CLASS_KEYS, class_id)
        if entry.get("missing", "fault") not in ("fault", "not running"):
            self.fail(f"{place}.missing", f"is {entry['missing']!r}", "write `not running`, or leave it out")
        applies = entry.get("applies")
        return RetentionClass(
            **self.common(place, entry, class_id),
            may_be_missing=entry.get("missing") == "not running",
            offsets=self.offsets(place, entry.get("offset")),
            applies=self.condition(self.by_id[class_id], applies, f"{place}.applies") if applies else None,
            overdue=self.deadline(class_id, entry, "overdue"),
            review=self.deadline(class_id, entry, "review"),
            guarded=self.truth(place, entry, "guarded", entry["kind"] == "minimum"),
        )

    def deadline(self, class_id: str, entry: dict, name: str) -> Deadline | None:
        """`{after: P5Y, since: opened_on}`; for a review `{every: P5Y, since: [reviewed_on, agreed_on]}`."""
        if name not in entry:
            return None
        place, period = f"classes.{class_id}.{name}", "every" if name == "review" else "after"
        item, such_as = entry[name], f"write `{{{period}: P5Y, since: <date column>}}`"
        if not isinstance(item, dict) or not {period, "since"} <= item.keys() <= {period, "since", "undated"}:
            self.fail(place, f"says no period and no day to count from: {item!r}", such_as)
        since = (item["since"],) if isinstance(item["since"], str) else tuple(item["since"] or ())
        if not parse_period(item[period]):
            self.fail(f"{place}.{period}", f"{item[period]!r} is no period", "write ISO 8601, such as P5Y")
        for column in since or ("",):
            if column not in _days(self.by_id[class_id]):
                self.fail(f"{place}.since", f"{class_id} has no date column {column!r}", "name date columns of it")
        if name == "overdue" and str(entry.get("time_reference", "")).partition(".")[0] in ("", "subject"):
            self.fail(place, "has no event of the record's own that could be overdue", "name one, or leave it out")
        if item.get("undated", "late") not in ("late", "ignored"):
            self.fail(f"{place}.undated", f"cannot be {item['undated']!r}", "write `undated: ignored`, or leave it out")
        length = parse_period(item[period])
        assert length, "looked at above"
        return Deadline(length, since, item.get("undated") != "ignored", name == "review")

    def truth(self, place: str, entry: dict, key: str, otherwise: bool) -> bool:
        if not isinstance(entry.get(key, otherwise), bool):
            self.fail(f"{place}.{key}", f"cannot be {entry[key]!r}", "write true or false")
        return entry.get(key, otherwise)

    def subject(self, classes: set[str]) -> SubjectClass:
        entry = self.document["subject"]
        self.entry("subject", entry, SUBJECT_KEYS, str(entry.get("class")) if isinstance(entry, dict) else "")
        for held_by in entry.get("held_by") or []:
            if held_by not in classes:
                self.fail("subject.held_by", f"no class {held_by!r}", "name a class of this schedule")
        ended = entry.get("ended_when")
        return SubjectClass(
            **self.common("subject", entry, entry["class"]),
            held_by=tuple(entry.get("held_by") or ()),
            held_while=tuple(
                self.records(f"subject.held_while.{number}", item, {"dataset", "where", "because"})
                for number, item in enumerate(entry.get("held_while") or [])
            ),
            ended_when=ended and self.records("subject.ended_when", ended, {"dataset", "none", "some"}),
        )

    def entry(self, place: str, entry: object, known: set[str], class_id: str) -> dict:
        """A class or the data subjects', with every key it needs and no unknown one."""
        if not isinstance(entry, dict):
            self.fail(place, "is no mapping", "write `key: value` lines")
        for key in sorted(entry.keys() - known):
            self.fail(f"{place}.{key}", "unknown key", f"known are: {', '.join(sorted(known))}")
        for key in ("title", "mandate"):
            if not entry.get(key):
                self.fail(f"{place}.{key}", "is missing", f"add `{key}:`")
        if class_id not in self.by_id:
            self.fail(place, f"no contract {class_id!r}", "name `system.dataset` of a contract")
        if "period" in entry and not parse_period(entry["period"]):
            self.fail(f"{place}.period", f"{entry['period']!r} is no period", "write ISO 8601, such as P6Y or P12M")
        for key, values in (("kind", ("minimum", "maximum")), ("action", ("erase", "review"))):
            if entry.get(key) not in values:
                self.fail(f"{place}.{key}", f"is not one of {', '.join(values)}", "use one of these")
        return entry

    def common(self, place: str, entry: dict, class_id: str) -> dict:
        """What every class has, as arguments."""
        reference = str(entry.get("time_reference", ""))
        of_subject, column = reference.startswith("subject."), reference.removeprefix("subject.")
        if bool(reference) != ("period" in entry):
            problem = "has a time reference or a period, but not both"
            self.fail(place, problem, "add the other, or `until:` in place of both")
        owner = self.by_id.get(self.subject_class or "") if of_subject else self.by_id[class_id]
        if reference and column not in _days(owner):
            problem = f"{owner.id if owner else 'no subject'} has no date column {column!r}"
            self.fail(f"{place}.time_reference", problem, "name one, or subject.<column>")
        return {key: entry[key] for key in ("title", "mandate", "kind", "action")} | {
            "id": class_id,
            "reference": column,
            "column": column,
            "of_subject": of_subject,
            "period": parse_period(entry["period"]) if "period" in entry else None,
        }

    def offsets(self, place: str, value: Any) -> tuple[str, ...]:
        offsets = (value,) if isinstance(value, str) else tuple(value or ())
        for offset in offsets:
            if offset not in OFFSETS:
                self.fail(f"{place}.offset", f"unknown offset {offset!r}", f"use one of: {', '.join(OFFSETS)}")
        return offsets

    def records(self, place: str, item: object, keys: set[str]) -> dict:
        """Records of a dataset that keep or end data subjects: `item` with its conditions parsed."""
        if not isinstance(item, dict) or item.keys() != keys:
            self.fail(place, "is not complete", f"write `{{{', '.join(f'{key}: …' for key in sorted(keys))}}}`")
        contract = self.by_dataset.get(item["dataset"])
        if not contract:
            known = f"known are: {', '.join(sorted(self.by_dataset))}"
            self.fail(f"{place}.dataset", f"no dataset {item['dataset']!r}", known)
        return item | {key: self.condition(contract, item[key], f"{place}.{key}") for key in keys & CONDITIONS}

    def condition(self, contract: Contract, text: object, place: str) -> Condition:
        return condition(text, [column.name for column in contract.columns], self.parameters, self.path, place)


def _days(contract: Contract | None) -> set[str]:
    """Names of columns that hold a day."""
    columns = contract.columns if contract else ()
    return {column.name for column in columns if column.sql_type in ("date", "timestamp")}
