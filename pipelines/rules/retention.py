"""`registry.retention`: for every record its class, event, last day and state by the disposal schedule.

Months and years are added in SQL (29 February + 1 year is 28 February). What depends on a missing dataset or column is
left out and listed: no record is called due because of missing data.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import duckdb

from pipelines import tree
from pipelines.expectations.contract import Column, Contract
from pipelines.expectations.schedule import CONDITIONS, RetentionClass, Schedule, SubjectClass
from pipelines.registry import build as registry
from pipelines.rules import holds
from pipelines.sql import ident, insert, one_row, one_value, render, run_script

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.expectations.context import Context

SQL_OF_OFFSET = {
    "end of month": "last_day({})",
    "end of calendar year": "make_date(year({}), 12, 31)",
    "end of financial year": "end_of_financial_year({})",
}


@dataclass(frozen=True)
class Unavailable:
    """A class that this period lacks the data for."""

    dataset: str
    reason: str


def build(connection: DuckDBPyConnection, context: Context, schedule: Schedule) -> list[Unavailable]:
    """Creates `registry.retention`, `registry.subject_holds` and `registry.active_holds`; returns the classes left out.

    Columns of `registry.retention`: system, dataset, record_key, line, class, customer_number, time_reference,
    is_reference_required, started_on, last_day, set_by_class, set_by_key (what sets the last day, or what keeps a
    record without one), state: active, not running, due, held, trigger missing or no criterion.
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
    insert(
        connection,
        "registry.schedule",
        [
            (
                c.id,
                builder.contract(c).dataset,
                c.title,
                c.reference,
                counted_from(c),
                c.period and c.period.text,
                c.mandate,
                c.kind,
                c.action,
                c is schedule.subject,
            )
            for c in classes
        ],
    )
    return unavailable


def counted_from(cls: RetentionClass) -> str | None:
    """The offsets in words."""
    return (
        "the end of the " + ", then of the ".join(offset.removeprefix("end of ") for offset in cls.offsets)
        if cls.offsets
        else None
    )


def last_day(cls: RetentionClass, event: str) -> str:
    """SQL of the last day on which a record may be kept, from SQL of its event: offsets first, then the period."""
    assert cls.period, "a class without a period has no last day"
    for offset in cls.offsets:
        event = SQL_OF_OFFSET[offset].format(event)
    return f"cast({event} + to_months({cls.period.months}) as date) + {cls.period.days}"


class _Builder:
    """Creates the views, in the current database."""

    def __init__(self, connection: DuckDBPyConnection, context: Context, schedule: Schedule) -> None:
        self.connection, self.context, self.schedule = connection, context, schedule
        self.by_id = {contract.id: contract for contract in context.contracts}
        self.present = registry.columns_present(connection)
        self.subject = context.controller.subject

    @cached_property
    def any_unclear(self) -> bool:
        """Whether any hold is on an unknown person."""
        return holds.are_unclear(self.connection)

    @cached_property
    def any_active(self) -> bool:
        """Whether any hold is in force."""
        return one_value(self.connection, "select count(*) > 0 from registry.active_holds")

    def contract(self, cls: RetentionClass) -> Contract:
        return self.by_id[cls.id]

    def conditions(self, item: dict) -> dict:
        """The same with the SQL of its conditions, on a table called h."""
        sql = {key: item[key].sql(self.connection, self.context, "h") for key in item.keys() & CONDITIONS}
        return item | sql

    def financial_year(self) -> None:
        """`end_of_financial_year(d)`: the last day of d's financial year. A year that ends on a month's last day always does."""
        month, day = (int(part) for part in self.context.controller.financial_year_end.split("-"))
        ends_month = day >= {2: 28, 4: 30, 6: 30, 9: 30, 11: 30}.get(month, 31)

        def end(year: str) -> str:
            return f"last_day(make_date({year}, {month}, 1))" if ends_month else f"make_date({year}, {month}, {day})"

        self.connection.execute(
            "create or replace macro main.end_of_financial_year(d) as"
            f" case when d <= {end('year(d)')} then {end('year(d)')} else {end('year(d) + 1')} end"
        )

    def last_days(self) -> None:
        """A macro `last_day_of_<system>_<dataset>(event)` for every class with a period, for rules that need it."""
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
        """Why a SELECT does not bind in this period; empty if it does."""
        try:
            tree.describe(self.connection, sql)
        except (duckdb.BinderException, duckdb.CatalogException):
            return "reads what this period lacks"
        return ""

    def class_sql(self, cls: RetentionClass, held: str) -> str:
        contract = self.contract(cls)
        subject_sql, join = registry.subject_number(contract, self.context.contracts, self.present, self.subject)
        required = not cls.of_subject and any(c.name == cls.column and c.required for c in contract.columns)
        return render(
            "rules/retention_class.sql",
            cls=cls,
            applies=cls.applies and cls.applies.sql(self.connection, self.context, "r"),
            system=contract.system,
            dataset=contract.dataset,
            subject=self.subject,
            subject_sql=subject_sql,
            subject_join=join,
            as_of=self.context.as_of,
            last_day=last_day(cls, "started_on") if cls.period else "",
            held_sql=held,
            reference_required=required,
        )

    def held_sql(self, contract: Contract) -> str:
        """Whether an active hold covers record r: it names the data subject, or a thing that belongs to one. `null` if the data
        cannot tell whom a hold is on, or whose a record is."""
        if self.any_unclear and holds.are_unclear(self.connection, contract):
            return "null"
        if not self.any_active:
            return "false"
        reach = holds.reach(contract, "active_holds")
        reaching, meant = one_row(self.connection, f"select count(*), count(h.dataset) {reach}")
        if not reaching:
            return "false"
        tests = self.held_tests(contract, f"select h.customer_number {reach}")
        if tests is None or not (tests or self.is_nobodys(contract) and not meant):
            return "null"
        return " or ".join(f"coalesce({test}, false)" for test in tests) or "false"

    def held_tests(self, contract: Contract, held: str) -> list[str] | None:
        """SQL of each way in which record r may belong to a held person; None if this period lacks what one of them reads."""
        if contract.dataset == self.subject[0]:
            return [f"r.{ident(self.subject[1])} in ({held})"] if self.has(*self.subject) else None
        tests: list[str | bool] = []
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
        if not tests:  # through any other reference that leads to the person
            number, _ = registry.subject_number(contract, self.context.contracts, self.present, self.subject)
            tests = [] if number == "null::varchar" else [f"{number} in ({held})"]
        return [str(test) for test in tests] if all(tests) else None

    def is_nobodys(self, contract: Contract) -> bool:
        """Whether no record of the dataset can be a data subject's: it leads to none, and is about other kinds of people."""
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
        """Creates the data subjects' own view; returns why it is impossible in this period, or an empty string."""
        contract = self.contract(cls)
        if self.any_unclear:
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
        kept = replace(cls, held_while=tuple(item for item in while_ if item))
        script = render(
            "rules/retention_subject.sql",
            subject=kept,
            system=contract.system,
            dataset=contract.dataset,
            key=self.subject[1],
            column=cls.column,
            ended_when=ended,
            as_of=self.context.as_of,
            own_last_day=last_day(cls, f"s.{ident(cls.column)}"),
        )
        try:
            run_script(self.connection, script)
        except (duckdb.BinderException, duckdb.CatalogException):
            return "reads a column that this period lacks"
        return ""

    def keyed(self, item: dict) -> dict | None:
        """With the dataset's column that names the data subject, and its id; None if this period lacks it."""
        contract = next(c for c in self.context.contracts if c.dataset == item["dataset"])
        for column in contract.columns:
            if column.references == self.subject and column.name in self.present.get(contract.dataset, ()):
                return item | {"key": column.name, "class_id": contract.id}
        return None
