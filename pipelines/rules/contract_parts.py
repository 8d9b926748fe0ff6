"""The parts of contract rules: what contracts, relationships, disposal schedule and country pack make of each template.

A template `rules/sql/contract_rules/<rule>.sql` is rendered once for every target in its scope. A target concerns one dataset,
or none if the SELECT itself names the dataset; `_TARGETS` lists the sources of each scope's targets.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.expectations.contract import Column, Contract
from pipelines.expectations.load import Expectations
from pipelines.expectations.rule import Part, Rule
from pipelines.expectations.schedule import Deadline, RetentionClass
from pipelines.expectations.span import Period
from pipelines.registry import build as registry
from pipelines.rules import countries
from pipelines.sql import ident, literal, render

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# A kind of personal data with special protection by national law or art. 9.
GRAVE = {"pd:OfficialID", "dpv:SpecialCategoryPersonalData"}


@dataclass(frozen=True)
class Target:
    """What one part is about. `values`: for the template, besides the dataset and the field."""

    dataset: str = ""
    field: str = ""
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)


def contract_parts(
    connection: DuckDBPyConnection, loaded: Expectations, rule: Rule, present: dict[str, set[str]]
) -> Iterator[Part]:
    """The parts of one contract rule in a period with the columns in `present`."""
    if rule.scope in _TARGETS:
        for number, target in enumerate(_TARGETS[rule.scope](connection, loaded), 1):
            values = {"dataset": target.dataset, "field": target.field} | dict(target.values)
            sql = render(f"rules/contract_rules/{rule.id}.sql", **values)
            yield Part(
                rule,
                number,
                sql,
                target.dataset,
                target.field,
                names_dataset=not target.dataset,
                rows=str(values.get("rows", "")),
            )
        return
    for number, part in enumerate(_column_parts(rule, loaded.contracts, present), 1):
        yield Part(rule, number, *part)


def concerns(rule: Rule, contract: Contract) -> Sequence[Column | None]:
    """The columns of a contract that a rule about columns has a part for; [None] for one part on the whole table."""
    if rule.about == "feed" and not rule.scope:
        return [None]
    match rule.scope:
        case "table":
            return [None]
        case "required":
            return [column for column in contract.columns if column.required]
        case "key":
            return [column for column in contract.columns if column.key][:1]
        case "format":
            return [column for column in contract.columns if column.format and column.type == "text"]
        case "freshness":
            return [
                column for column in contract.columns if contract.freshness and column.name == contract.freshness[0]
            ]
        case format_:
            return [column for column in contract.columns if column.format == format_]


def _column_parts(rule: Rule, contracts: tuple[Contract, ...], present: dict[str, set[str]]) -> Iterator[tuple]:
    """(sql, dataset, field, missing) of each. Rules about the feed need no table; the others need theirs and the column."""
    for contract in contracts:
        for column in concerns(rule, contract):
            here = present.get(contract.dataset)
            name = column.name if column else ""
            missing = ""
            if rule.about == "record" or column:
                missing = (
                    "export missing" if here is None else ("column missing" if column and name not in here else "")
                )
            columns = [
                each
                for each in contract.columns
                if each.name in (here or ()) and (each.type != "text" or each.valid_values)
            ]
            if not missing and rule.scope == "table" and not columns:
                continue
            template = f"rules/contract_rules/{rule.id}.sql"
            sql = None if missing else render(template, contract=contract, column=column, columns=columns)
            yield sql, contract.dataset, name, missing


# The disposal schedule.


def _whole_schedule(connection: DuckDBPyConnection, loaded: Expectations) -> Iterator[Target]:
    yield Target()


def _triggers(connection: DuckDBPyConnection, loaded: Expectations) -> Iterator[Target]:
    yield Target(values={"way": "required"})
    for cls in loaded.schedule.classes:
        if cls.overdue:
            values = {"way": "overdue"} | _deadline(connection, cls, cls.overdue)
            yield Target(loaded.contract_of(cls).dataset, cls.column, values)
    subject = loaded.schedule.subject
    if not subject or not subject.column:
        return
    dataset = loaded.contract_of(subject).dataset
    yield Target(dataset, subject.column, {"way": "unreadable"})
    if subject.ended_when:
        other = subject.ended_when["dataset"]
        values = {
            "way": "ended",
            "other": other,
            "other_key": loaded.person_key(other),
            "key": loaded.controller.subject[1],
        }
        sides = {f"{side}_of": subject.ended_when[side].text(connection, "h") for side in ("some", "none")}
        yield Target(dataset, subject.column, values | sides)


def _reviews(connection: DuckDBPyConnection, loaded: Expectations) -> Iterator[Target]:
    for cls in loaded.schedule.classes:
        if cls.review:
            yield Target(loaded.contract_of(cls).dataset, cls.review.since[0], _deadline(connection, cls, cls.review))


def _guarded(connection: DuckDBPyConnection, loaded: Expectations) -> Iterator[Target]:
    for cls in loaded.schedule.classes:
        if cls.guarded:
            contract = loaded.contract_of(cls)
            names_person = any(column.references == loaded.controller.subject for column in contract.columns)
            values = {
                "class_id": cls.id,
                "period": cls.period,
                "keys": [column.name for column in contract.keys],
                "names_person": names_person,
            }
            yield Target(contract.dataset, "", values)


def _deadline(connection: DuckDBPyConnection, cls: RetentionClass, deadline: Deadline) -> dict[str, object]:
    """The last day by a deadline of a class, for its records."""
    columns = [f"r.{ident(name)}" for name in deadline.since]
    pick = "coalesce" if deadline.first else "greatest"
    newest = columns[0] if len(columns) == 1 else f"{pick}({', '.join(columns)})"
    return {
        "newest": newest,
        "last_day": after(newest, deadline.period),
        "undated": "true" if deadline.undated else "false",
        "applies": cls.applies and cls.applies.text(connection, "r"),
    }


def after(day: str, period: Period) -> str:
    """SQL of the last day of a period after a day."""
    return f"cast({day} + to_months({period.months}) as date) + {period.days}"


# The relationships between contracts.


def _references(connection: DuckDBPyConnection, loaded: Expectations) -> Iterator[Target]:
    """Columns that lead to a person, directly or through another dataset, and whose gaps no controller's rule finds."""
    for contract in loaded.contracts:
        for column in contract.columns:
            if column.references and not column.unmatched and loaded.leads_to_person(column.references[0]):
                other, key = column.references
                values = {"other": other, "other_key": key, "own": _own(connection, loaded, contract)}
                yield Target(contract.dataset, column.name, values)


def _copies(connection: DuckDBPyConnection, loaded: Expectations) -> Iterator[Target]:
    """Columns that copy a column of another dataset, from the record that the relationship leads to."""
    for contract in loaded.contracts:
        for column in contract.columns:
            if not column.copy_of:
                continue
            other, names = column.copy_of
            refers = ((each.name, each.references) for each in contract.columns if each.references)
            link, (_, other_key) = next(each for each in refers if each[1][0] == other)
            compared = loaded.compared.get(contract.dataset)
            conditions = [_own(connection, loaded, contract), compared and compared.text(connection, "r")]
            values = {
                "key": link,
                "other": other,
                "other_key": other_key,
                "original": _original(names),
                "normal": _normal(column),
                "conditions": [condition for condition in conditions if condition],
                "except_": contract.compared_except,
            }
            yield Target(contract.dataset, column.name, values)


def _own(connection: DuckDBPyConnection, loaded: Expectations, contract: Contract) -> str:
    """SQL of which rows are the controller's own; empty if all are."""
    condition = loaded.own_rows.get(contract.dataset)
    return condition.text(connection, "r") if condition else ""


def _original(names: tuple[str, ...]) -> str:
    parts = [f"c.{ident(name)}" for name in names]
    return f"({registry.joined_address(parts)})" if len(parts) > 1 else parts[0]


def _normal(column: Column) -> str:
    """The normal form in which two values of a column are compared; empty if they must be identical."""
    if column.format == "postal-code" or not column.categories:
        return ""
    return registry.NORMAL_FORMS.get(column.categories[0], "")


# What contracts declare for single columns.


def _needed(connection: DuckDBPyConnection, loaded: Expectations) -> Iterator[Target]:
    subject, present = loaded.controller.subject, {c.dataset: {x.name for x in c.columns} for c in loaded.contracts}
    open_ = [
        {
            "dataset": item["dataset"],
            "key": loaded.person_key(item["dataset"]),
            "where": item["where"].text(connection, "o"),
        }
        for item in loaded.schedule.fields_needed_while
    ]
    for contract in loaded.contracts:
        for column in contract.columns:
            if not column.needed_until:
                continue
            person, join = registry.subject_number(contract, loaded.contracts, present, subject)
            person = "" if person == "null::varchar" else person
            event = f"r.{ident(column.needed_until.column)}"
            if column.needed_until.of_subject:
                join += f" join latest.{ident(subject[0])} as owner on owner.{ident(subject[1])} = {person}"
                event = f"owner.{ident(column.needed_until.column)}"
            values = {
                "person": person,
                "join": join.strip(),
                "open": open_,
                "last_day": after(event, column.needed_until.period),
                "severity": "high" if GRAVE & set(column.categories) else "medium",
            }
            yield Target(contract.dataset, column.name, values)


def _free_text(connection: DuckDBPyConnection, loaded: Expectations) -> Iterator[Target]:
    """One part if every kind of identifier is searched for, else one part a kind."""
    for contract in loaded.contracts:
        for column in contract.columns:
            if column.is_free_text:
                kinds: list = [countries.FREE_TEXT[kind] for kind in column.free_text] or [None]
                name, table = ident(column.name), f"registry.{ident(contract.dataset)}"
                rows = f"select record_key, {literal(column.name)} as field, {name} as text from {table}"
                for kind in kinds:
                    yield Target(contract.dataset, column.name, {"kind": kind, "rows": rows})


def _identifiers(connection: DuckDBPyConnection, loaded: Expectations) -> Iterator[Target]:
    """Identifiers in the data subjects' own dataset that a country gives to a single person or organisation."""
    dataset, key = loaded.controller.subject
    for identifier in countries.identifiers(loaded.controller.country):
        for column in loaded.by_dataset[dataset].columns:
            if column.format == identifier["format"]:
                values = {
                    "key": key,
                    "valid": f"{identifier['valid']}({ident(column.name)})",
                    "normal": identifier["normal"].format(ident(column.name)),
                    "severity": "high" if identifier["of"] == "person" else "low",
                }
                yield Target(dataset, column.name, values)


_TARGETS: dict[str, Callable[..., Iterator[Target]]] = {
    "schedule": _whole_schedule, "triggers": _triggers, "reviews": _reviews, "guarded": _guarded,
    "references": _references, "copies": _copies, "needed": _needed, "free-text": _free_text, "identifiers": _identifiers,
}  # fmt: skip
