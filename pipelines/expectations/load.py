"""Everything that must hold, loaded and checked as one: contracts, rules, relations, disposal schedule, controller.

contracts/*.odcs.yaml   exports; *.odcs.yaml beside them: files the controller writes itself
rules/*.sql             domain rules; relations/*.sql: SELECTs that several rules share, as registry.<name>
retention.yaml, controller.yaml; notice.yaml, if there is a notice
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.errors import ExpectationsError
from pipelines.expectations import holds, yamlfile, zones
from pipelines.expectations.contract import Contract
from pipelines.expectations.contract_reader import SUFFIX, check_together, load_contract, load_contracts
from pipelines.expectations.controller import Controller, load_controller
from pipelines.expectations.notice import Notice, load_notice
from pipelines.expectations.rule import Rule, load_contract_rules, load_domain_rules
from pipelines.expectations.schedule import Schedule, load_schedule


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
