"""Everything that must hold, loaded and checked as one: contracts, rules, relations, disposal schedule, controller.

contracts/*.odcs.yaml   exports; *.odcs.yaml beside them: files the controller writes itself
rules/*.sql             domain rules; relations/*.sql: SELECTs that several rules share, as registry.<name>
retention.yaml, controller.yaml; notice.yaml, if there is a notice
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import duckdb

from pipelines.errors import ExpectationsError
from pipelines.expectations import holds, yamlfile, zones
from pipelines.expectations.contract import SUFFIX, Contract, check_together, load_contract, load_contracts
from pipelines.expectations.controller import Controller, load_controller
from pipelines.expectations.notice import Notice, load_notice
from pipelines.expectations.rule import Part, Rule, contract_parts, load_contract_rules, load_domain_rules
from pipelines.home import guard
from pipelines.registry import build as registry
from pipelines.rules import findings, garbled
from pipelines.rules import tree as statements
from pipelines.rules.retention import Schedule, evaluable, load_schedule
from pipelines.sql import ident

# Schemas that rules and relations may read: the registry of this period and of the previous one, the last row per key,
# the controller's lists, and what is known of the feed.
READABLE = ("registry", "latest", "config", "feed")
_PARTS: dict[Rule, tuple[Part, ...]] = {}


@dataclass(frozen=True)
class Relation:
    """One shared SELECT, `registry.<name>`."""

    name: str
    path: Path
    sql: str


@dataclass(frozen=True)
class Expectations:
    """All expectations of one controller. `own`: contracts of files that the controller writes itself."""

    folder: Path
    contracts: tuple[Contract, ...]
    own: tuple[Contract, ...]
    controller: Controller
    schedule: Schedule
    domain_rules: tuple[Rule, ...]
    relations: tuple[Relation, ...]
    notice: Notice | None = None

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Contract rules, then domain rules."""
        return (*load_contract_rules(), *self.domain_rules)

    def build_relations(self, connection, context: findings.Context) -> None:
        """Every relation that this period has the data for, in the order in which they need each other.

        One that names its columns is kept as a table, so that it is worked out once and not by every rule that reads it;
        `select *` stays a view, for it would copy a dataset. ExpectationsError for one that reaches outside the registry.
        """
        guard.demand_locked(connection)
        for relation in ordered(connection, self.relations):
            kind = "view" if statements.selects_all(_parse(connection, relation.path, relation.sql)) else "table"
            connection.execute(
                f"drop {kind} if exists registry.{ident(relation.name)}"
            )  # of data that is there no more
            try:
                connection.execute(
                    f"create {kind} registry.{ident(relation.name)} as {context.bind(connection, relation.sql)}"
                )
            except (duckdb.BinderException, duckdb.CatalogException):
                continue
            except findings.REFUSED as error:
                if guard.is_damage(error):
                    raise
                raise findings.not_allowed(error, relation.path) from None

    def parts(self, connection) -> Iterator[Part]:
        """The parts of every rule for this period."""
        relations = {relation.name: relation.sql for relation in self.relations}
        readable = garbled.withheld(connection, self._parts(connection), self.contracts, relations)
        return evaluable(connection, readable, relations)

    def _parts(self, connection) -> Iterator[Part]:
        present = registry.columns_present(connection)
        for rule in load_contract_rules():
            yield from contract_parts(rule, self.contracts, present)
        for rule in self.domain_rules:
            yield from domain_parts(connection, rule)


def load(folder: Path) -> Expectations:
    """The expectations of a folder; ExpectationsError names file, place and remedy of the first fault."""
    if not folder.is_dir():
        raise ExpectationsError("no such folder of expectations", file=folder, remedy="name it with --expectations")
    contracts = load_contracts(folder / "contracts")
    own = tuple(load_contract(path) for path in sorted(folder.glob("*" + SUFFIX)))
    check_together((*contracts, *own))
    controller = load_controller(folder / "controller.yaml")
    contracts, own = (zones.localised(each, controller.timezone) for each in (contracts, own))
    for contract in contracts:
        if contract.system not in controller.systems:
            problem = f"its domain {contract.system!r} is no system of controller.yaml"
            raise ExpectationsError(problem, file=contract.path, remedy="add the system there")
    dataset, key = controller.subject
    if (dataset, key) not in {(c.dataset, column.name) for c in contracts for column in c.columns}:
        raise ExpectationsError(
            f"no contract has {dataset}.{key}",
            file=folder / "controller.yaml",
            place="subject",
            remedy="name a declared column",
        )
    controller = replace(controller, holds=holds.find(own, controller.subject))
    rules, notice = load_domain_rules(folder / "rules"), folder / "notice.yaml"
    return Expectations(
        folder, contracts, own, controller, load_schedule(folder / "retention.yaml", contracts, controller.parameters),
        rules, load_relations(folder / "relations"),
        load_notice(notice, contracts, controller, rules) if notice.exists() else None,
    )  # fmt: skip


def load_relations(folder: Path) -> tuple[Relation, ...]:
    """Every `*.sql` of the folder, by name."""
    return tuple(
        Relation(path.stem, path, yamlfile.text_of(path).strip().rstrip(";")) for path in sorted(folder.glob("*.sql"))
    )


def ordered(connection, relations: tuple[Relation, ...]) -> list[Relation]:
    """The relations, each after those it reads."""
    by_name = {relation.name: relation for relation in relations}
    needs = {}
    for relation in relations:
        read = {table for _, table in statements.tables(_parse(connection, relation.path, relation.sql))}
        needs[relation.name] = (read & by_name.keys()) - {relation.name}
    try:
        return [by_name[name] for name in TopologicalSorter(needs).static_order()]
    except CycleError as error:
        path = by_name[error.args[1][0]].path
        raise ExpectationsError("relations read each other in a circle", file=path, remedy="break the circle") from None


def _parse(connection, path: Path, sql: str, first_line: int = 1) -> dict:
    try:
        return statements.parse(connection, sql)
    except statements.NotASelect as error:
        raise ExpectationsError(
            f"is not a single SELECT: {error}",
            file=path,
            place=f"line {first_line + error.line - 1}",
            remedy="write one SELECT",
        ) from None


def domain_parts(connection, rule: Rule) -> tuple[Part, ...]:
    """The branches of a rule's top-level UNION ALL; each is evaluated or not by itself. The same in every period."""
    if rule not in _PARTS:
        _PARTS[rule] = tuple(_branches(connection, rule))
    return _PARTS[rule]


def _branches(connection, rule: Rule) -> Iterator[Part]:
    node = _parse(connection, rule.path, rule.sql, rule.sql_line)
    for number, branch in enumerate(statements.branches(node), 1):
        dataset = statements.constant_column(branch, "dataset") or rule.dataset
        yield Part(
            rule, number, statements.unparse(connection, branch), dataset, statements.constant_column(branch, "field"),
            names_dataset="dataset" in statements.column_names(branch),
        )  # fmt: skip
