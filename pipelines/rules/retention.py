"""The disposal schedule, and `registry.retention`: for every record its class, event, last day and state.

Months and years are added in SQL (29 February + 1 year is 28 February). What a missing dataset or column hides is left
out and listed: no record is called due by what cannot be seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from pipelines.errors import ExpectationsError
from pipelines.expectations import yamlfile
from pipelines.expectations.contract import Column, Contract
from pipelines.expectations.controller import BUILT_IN
from pipelines.expectations.rule import Part
from pipelines.registry import build as registry
from pipelines.rules import holds
from pipelines.rules import tree as statements
from pipelines.rules.expression import Condition, condition
from pipelines.sql import ident, insert, render, run_script

OFFSETS = {
    "end of month": "last_day({})",
    "end of calendar year": "make_date(year({}), 12, 31)",
    "end of financial year": "end_of_financial_year({})",
}
CLASS_KEYS = {
    "title", "applies", "time_reference", "missing", "offset", "period", "until", "review", "mandate", "kind", "action",
}  # fmt: skip
SUBJECT_KEYS = {
    "class", "title", "time_reference", "period", "held_by", "held_while", "ended_when", "mandate", "kind", "action",
}  # fmt: skip
CONDITIONS = {"where", "none", "some"}
TOP_KEYS = {"classes", "subject", "holds_through"}
PERIOD = re.compile(r"P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?\Z")


@dataclass(frozen=True)
class Period:
    """An ISO 8601 period of whole months and days."""

    text: str
    months: int
    days: int


@dataclass(frozen=True)
class RetentionClass:
    """One class of the schedule. `column`: of the dataset, or of the data subject where `of_subject`."""

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
    review: Period | None = None


@dataclass(frozen=True)
class SubjectClass(RetentionClass):
    """The data subjects' own record."""

    held_by: tuple[str, ...] = ()
    held_while: tuple[dict[str, object], ...] = ()  # where: a Condition
    ended_when: dict[str, object] | None = None  # none, some: Conditions


@dataclass(frozen=True)
class Schedule:
    """All classes, and the one of the data subjects (None: the schedule has none).

    `holds_through`: datasets of things that are a data subject's, by which a hold on the person finds further records.
    """

    classes: tuple[RetentionClass, ...]
    subject: SubjectClass | None
    holds_through: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unavailable:
    """A class that this period lacks the data for."""

    dataset: str
    reason: str


def parse_period(text: object) -> Period | None:
    """P6Y, P12M, P30D, P1Y6M; None for anything else."""
    match = PERIOD.match(str(text))
    if not match:
        return None
    years, months, days = (int(group or 0) for group in match.groups())
    return Period(str(text), 12 * years + months, days)


def load_schedule(path: Path, contracts: tuple[Contract, ...], parameters: Iterable[str] = ()) -> Schedule:
    """The schedule of one file; ExpectationsError names class, key and remedy. `parameters`: the controller's own."""
    document = yamlfile.read(path)
    by_id = {contract.id: contract for contract in contracts}

    def fail(place: str, problem: str, remedy: str):
        raise ExpectationsError(problem, file=path, place=place, remedy=remedy)

    def check(place: str, entry: object, known: set[str], class_id: str) -> dict:
        if not isinstance(entry, dict):
            fail(place, "is no mapping", "write `key: value` lines")
        for key in sorted(entry.keys() - known):
            fail(f"{place}.{key}", "unknown key", f"known are: {', '.join(sorted(known))}")
        for key in ("title", "mandate"):
            if not entry.get(key):
                fail(f"{place}.{key}", "is missing", f"add `{key}:`")
        if class_id not in by_id:
            fail(place, f"no contract {class_id!r}", "name `system.dataset` of a contract")
        if "period" in entry and not parse_period(entry["period"]):
            fail(f"{place}.period", f"{entry['period']!r} is no period", "write ISO 8601, such as P6Y or P12M")
        if "review" in entry and not parse_period(entry["review"]):
            fail(f"{place}.review", f"{entry['review']!r} is no period", "write ISO 8601, such as P5Y")
        for key, values in (("kind", ("minimum", "maximum")), ("action", ("erase", "review"))):
            if entry.get(key) not in values:
                fail(f"{place}.{key}", f"is not one of {', '.join(values)}", "use one of these")
        return entry

    def common(place: str, entry: dict, class_id: str) -> dict:
        reference = str(entry.get("time_reference", ""))
        of_subject, column = reference.startswith("subject."), reference.removeprefix("subject.")
        if bool(reference) != ("period" in entry):
            fail(place, "has a time reference or a period, but not both", "add the other, or `until:` in place of both")
        owner = by_id.get(subject_class) if of_subject else by_id[class_id]
        if reference and column not in {
            c.name for c in (owner.columns if owner else ()) if c.sql_type in ("date", "timestamp")
        }:
            fail(
                f"{place}.time_reference",
                f"{owner.id if owner else 'no subject'} has no date column {column!r}",
                "name one, or subject.<column>",
            )
        return {
            "id": class_id, "title": entry["title"], "mandate": entry["mandate"], "kind": entry["kind"], "action": entry["action"],
            "reference": column, "column": column, "of_subject": of_subject,
            "period": parse_period(entry["period"]) if "period" in entry else None,
        }  # fmt: skip

    def records(place: str, item: object, keys: set[str]) -> dict:
        if not isinstance(item, dict) or item.keys() != keys:
            fail(place, "is not complete", f"write `{{{', '.join(f'{key}: …' for key in sorted(keys))}}}`")
        if item["dataset"] not in datasets:
            fail(f"{place}.dataset", f"no dataset {item['dataset']!r}", f"known are: {', '.join(sorted(datasets))}")
        owner = next(contract for contract in contracts if contract.dataset == item["dataset"])
        return item | {key: condition_on(owner, item[key], f"{place}.{key}") for key in keys & CONDITIONS}

    def condition_on(contract: Contract, text: object, place: str) -> Condition:
        return condition(text, [c.name for c in contract.columns], (*parameters, *BUILT_IN), path, place)

    datasets = {contract.dataset for contract in contracts}
    for key in sorted(document.keys() - TOP_KEYS):
        fail(str(key), "unknown key", f"known are: {', '.join(sorted(TOP_KEYS))}")
    subject_class = document["subject"].get("class") if isinstance(document.get("subject"), dict) else None
    if subject_class and subject_class not in by_id:
        fail("subject", f"no contract {subject_class!r}", "name `system.dataset` of a contract")
    classes = []
    for class_id, entry in (document.get("classes") or {}).items():
        place = f"classes.{class_id}"
        check(place, entry, CLASS_KEYS, class_id)
        offsets = tuple([entry["offset"]] if isinstance(entry.get("offset"), str) else entry.get("offset") or ())
        for offset in offsets:
            if offset not in OFFSETS:
                fail(f"{place}.offset", f"unknown offset {offset!r}", f"use one of: {', '.join(OFFSETS)}")
        if entry.get("missing", "fault") not in ("fault", "not running"):
            fail(f"{place}.missing", f"is {entry['missing']!r}", "write `not running`, or leave it out")
        classes.append(RetentionClass(
            **common(place, entry, class_id), may_be_missing=entry.get("missing") == "not running", offsets=offsets,
            applies=condition_on(by_id[class_id], entry["applies"], f"{place}.applies") if entry.get("applies") else None,
            review=parse_period(entry["review"]) if "review" in entry else None,
        ))  # fmt: skip
    subject = None
    if document.get("subject"):
        entry = document["subject"]
        check("subject", entry, SUBJECT_KEYS, str(entry.get("class")) if isinstance(entry, dict) else "")
        for held_by in entry.get("held_by") or []:
            if held_by not in {cls.id for cls in classes}:
                fail("subject.held_by", f"no class {held_by!r}", "name a class of this schedule")
        held_while, ended = entry.get("held_while") or [], entry.get("ended_when")
        subject = SubjectClass(
            **common("subject", entry, entry["class"]), held_by=tuple(entry.get("held_by") or ()),
            held_while=tuple(records(f"subject.held_while.{n}", item, {"dataset", "where", "because"}) for n, item in enumerate(held_while)),
            ended_when=ended and records("subject.ended_when", ended, {"dataset", "none", "some"}),
        )  # fmt: skip
    holds_through = tuple(document.get("holds_through") or ())
    for dataset in holds_through:
        if dataset not in datasets:
            fail("holds_through", f"no dataset {dataset!r}", "name a dataset of a contract")
    return Schedule(tuple(classes), subject, holds_through)


def build(connection, context, schedule: Schedule) -> list[Unavailable]:
    """`registry.retention`, `registry.subject_holds` and `registry.active_holds`; returns the classes it had to leave out.

    Columns of `registry.retention`: system, dataset, record_key, line, class, customer_number, time_reference,
    is_reference_required, started_on, last_day, set_by_class, set_by_key (what sets the last day, or what keeps the
    record where none is set), state: active, not running, due, held, trigger missing or no criterion.
    """
    builder = _Builder(connection, context, schedule)
    holds.build(connection, context)
    builder.financial_year()
    builder.last_days()
    available, unavailable = [], []
    for cls in schedule.classes:
        held = builder.held_sql(builder.contract(cls))
        sql = builder.class_sql(cls, held)
        reason = builder.fault(sql)
        if not reason:
            available.append(sql)
        if reason or (held == "null" and cls.period):
            unavailable.append(Unavailable(builder.contract(cls).dataset, reason or holds.CANNOT_TELL))
    builder.view("class_retention", available)
    selects = ["select * from registry.class_retention"]
    if schedule.subject:
        lacking = {item.dataset for item in unavailable}
        reason = builder.subject_view(schedule.subject, lacking)
        if reason:
            unavailable.append(Unavailable(builder.contract(schedule.subject).dataset, reason))
        else:
            selects.append("select * from registry.retention_of_subjects")
    builder.view("retention", selects)
    connection.execute(render("rules/retention_schedule.sql"))
    classes = [*schedule.classes, *([schedule.subject] if schedule.subject else [])]
    insert(connection, "registry.schedule", [
        (c.id, builder.contract(c).dataset, c.title, c.reference, counted_from(c), c.period and c.period.text,
         c.mandate, c.kind, c.action, c is schedule.subject)
        for c in classes
    ])  # fmt: skip
    return unavailable


def evaluable(connection, parts: Iterable[Part], relations: dict[str, str]) -> Iterator[Part]:
    """The parts; while nobody can tell whom a legal hold is on, one that asks who is held comes without its SQL."""
    return holds.withheld(connection, parts, relations)


def counted_from(cls: RetentionClass) -> str | None:
    """The offsets in words."""
    return (
        "the end of the " + ", then of the ".join(offset.removeprefix("end of ") for offset in cls.offsets)
        if cls.offsets
        else None
    )


def last_day(cls: RetentionClass, event: str) -> str:
    """SQL of the last day on which a record may be kept, from SQL of its event: offsets first, then the period."""
    for offset in cls.offsets:
        event = OFFSETS[offset].format(event)
    return f"cast({event} + to_months({cls.period.months}) as date) + {cls.period.days}"


class _Builder:
    """The SQL of the views, in the current database."""

    def __init__(self, connection, context, schedule: Schedule):
        self.connection, self.context, self.schedule = connection, context, schedule
        self.by_id = {contract.id: contract for contract in context.contracts}
        self.present = registry.columns_present(connection)
        self.subject = context.controller.subject

    def contract(self, cls: RetentionClass) -> Contract:
        return self.by_id[cls.id]

    def conditions(self, item: dict) -> dict:
        """The same with the SQL of its conditions, on a table called h."""
        sql = {key: item[key].sql(self.connection, self.context, "h") for key in item.keys() & CONDITIONS}
        return item | sql

    def financial_year(self) -> None:
        """`end_of_financial_year(d)`: the last day of the financial year that d lies in. Ends on a month's last day stay there."""
        month, day = (int(part) for part in self.context.controller.financial_year_end.split("-"))
        ends_month = day >= {2: 28, 4: 30, 6: 30, 9: 30, 11: 30}.get(month, 31)

        def end(year: str) -> str:
            return f"last_day(make_date({year}, {month}, 1))" if ends_month else f"make_date({year}, {month}, {day})"

        self.connection.execute(
            "create or replace macro main.end_of_financial_year(d) as"
            f" case when d <= {end('year(d)')} then {end('year(d)')} else {end('year(d) + 1')} end"
        )

    def last_days(self) -> None:
        """A macro `last_day_of_<system>_<dataset>(event)` for every class with a period, for rules that need one."""
        for cls in self.schedule.classes:
            if cls.period:
                name = ident("last_day_of_" + cls.id.replace(".", "_"))
                self.connection.execute(f"create or replace macro main.{name}(event) as {last_day(cls, 'event')}")

    def view(self, name: str, selects: list[str]) -> None:
        empty = (
            "select null::varchar as system, null::varchar as dataset, null::varchar as record_key, null::bigint as line, null::varchar"
            " as class, null::varchar as customer_number, null::varchar as time_reference, null::boolean as is_reference_required, null::date"
            " as started_on, null::date as last_day, null::varchar as set_by_class, null::varchar as set_by_key, null::varchar as state where false"
        )
        self.connection.execute(
            f"create or replace view registry.{name} as\n" + "\nunion all\n".join([empty, *selects])
        )

    def fault(self, sql: str) -> str:
        """Why a SELECT does not bind in this period; empty where it does."""
        try:
            statements.describe(self.connection, sql)
        except (duckdb.BinderException, duckdb.CatalogException):
            return "reads what this period lacks"
        return ""

    def class_sql(self, cls: RetentionClass, held: str) -> str:
        contract = self.contract(cls)
        subject_sql, join = registry.subject_number(contract, self.context.contracts, self.present, self.subject)
        required = not cls.of_subject and any(c.name == cls.column and c.required for c in contract.columns)
        return render(
            "rules/retention_class.sql", cls=cls, applies=cls.applies and cls.applies.sql(self.connection, self.context, "r"),
            system=contract.system, dataset=contract.dataset,
            subject=self.subject, subject_sql=subject_sql, subject_join=join, as_of=self.context.as_of,
            last_day=last_day(cls, "started_on") if cls.period else "", held_sql=held,
            reference_required=required,
        )  # fmt: skip

    def held_sql(self, contract: Contract) -> str:
        """Whether an active hold covers record r: it names the data subject, or a thing that is the subject's. `null` where
        nobody can tell: of a hold whom it is on, or of a record whose it is."""
        if holds.are_unclear(self.connection, contract):
            return "null"
        reach = holds.reach(contract, "active_holds")
        reaching, meant = self.connection.execute(f"select count(*), count(h.dataset) {reach}").fetchone()
        if not reaching:
            return "false"
        tests = self.held_tests(contract, f"select h.customer_number {reach}")
        if tests is None or not (tests or self.is_nobodys(contract) and not meant):
            return "null"
        return " or ".join(f"coalesce({test}, false)" for test in tests) or "false"

    def held_tests(self, contract: Contract, held: str) -> list[str] | None:
        """SQL of each way in which record r may be a held person's; None where this period lacks what one of them reads."""
        if contract.dataset == self.subject[0]:
            return [f"r.{ident(self.subject[1])} in ({held})"] if self.has(*self.subject) else None
        tests = []
        for column in contract.columns:
            dataset, key = column.references or ("", "")
            if column.references == self.subject:
                tests.append(self.has(contract.dataset, column.name) and f"r.{ident(column.name)} in ({held})")
            elif dataset in self.schedule.holds_through:
                owner = next((c.name for c in self.dataset_columns(dataset) if c.references == self.subject), "")
                tests.append(
                    self.has(contract.dataset, column.name)
                    and self.has(dataset, key, owner)
                    and f"r.{ident(column.name)} in (select k.{ident(key)} from latest.{ident(dataset)} as k where k.{ident(owner)} in ({held}))"
                )
        if not tests:  # by any other reference that leads to the person
            number, _ = registry.subject_number(contract, self.context.contracts, self.present, self.subject)
            tests = [] if number == "null::varchar" else [f"{number} in ({held})"]
        return tests if all(tests) else None

    def is_nobodys(self, contract: Contract) -> bool:
        """Whether no record of the dataset can be a data subject's: it leads to none, and is about people of another kind."""
        subject = next(c for c in self.context.contracts if c.dataset == self.subject[0])
        by_name = {c.dataset: c for c in self.context.contracts}
        seen, ahead = set(), [contract.dataset]
        while ahead:
            dataset = ahead.pop()
            if dataset == self.subject[0]:
                return False
            seen.add(dataset)
            targets = (
                {c.references[0] for c in by_name[dataset].columns if c.references} if dataset in by_name else set()
            )
            ahead += targets - seen
        return not (subject.data_subject and contract.data_subject == subject.data_subject)

    def has(self, dataset: str, *columns: str) -> bool:
        """Whether this period has the columns."""
        return set(columns) <= set(self.present.get(dataset, ()))

    def dataset_columns(self, dataset: str) -> tuple[Column, ...]:
        return next(contract for contract in self.context.contracts if contract.dataset == dataset).columns

    def subject_view(self, cls: SubjectClass, lacking: set[str]) -> str:
        """The data subjects' own view; returns why it cannot be had in this period, or an empty string."""
        contract = self.contract(cls)
        if holds.are_unclear(self.connection):
            return holds.CANNOT_TELL
        for held_by in cls.held_by:
            if self.by_id[held_by].dataset in lacking:
                return f"reads {self.by_id[held_by].dataset}, which this period lacks"
        while_ = [self.keyed(self.conditions(item)) for item in cls.held_while]
        ended = self.keyed(self.conditions(cls.ended_when)) if cls.ended_when else None
        needs = [self.by_id[held_by].dataset for held_by in cls.held_by]
        if any(item is None for item in (*while_, *([ended] if cls.ended_when else []))) or any(
            self.keyed({"dataset": d}) is None for d in needs
        ):
            return "reads a dataset or column that this period lacks"
        script = render(
            "rules/retention_subject.sql", subject=replace(cls, held_while=tuple(while_)), system=contract.system, dataset=contract.dataset,
            key=self.subject[1], column=cls.column, ended_when=ended, as_of=self.context.as_of,
            own_last_day=last_day(cls, f"s.{ident(cls.column)}"),
        )  # fmt: skip
        try:
            run_script(self.connection, script)
        except (duckdb.BinderException, duckdb.CatalogException):
            return "reads a column that this period lacks"
        return ""

    def keyed(self, item: dict) -> dict | None:
        """With the dataset's column that names the data subject, and its id; None where this period lacks it."""
        contract = next(c for c in self.context.contracts if c.dataset == item["dataset"])
        for column in contract.columns:
            if column.references == self.subject and column.name in self.present.get(contract.dataset, ()):
                return item | {"key": column.name, "class_id": contract.id}
        return None
