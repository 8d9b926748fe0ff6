"""Everything that must hold, loaded and checked together: contracts, rules, relations, disposal schedule, controller.

contracts/*.odcs.yaml   exports; *.odcs.yaml beside them: files the controller writes itself
rules/*.sql             domain rules; relations/*.sql: SELECTs shared by rules, as registry.<name>
rules.yaml              the controller's own wording of contract rules, if any
retention.yaml, controller.yaml; notice.yaml, if there is a notice
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NoReturn

from pipelines.errors import ExpectationsError
from pipelines.expectations import agreements, declared, holds, yamlfile, zones
from pipelines.expectations.condition import Condition, condition
from pipelines.expectations.contract import Contract
from pipelines.expectations.contract_reader import SUFFIX, check_together, load_contract, load_contracts
from pipelines.expectations.controller import BUILT_IN, Controller, load_controller
from pipelines.expectations.notice import Notice, load_notice
from pipelines.expectations.rule import KEEPER, Rule, in_own_words, load_contract_rules, load_domain_rules
from pipelines.expectations.schedule import load_schedule
from pipelines.expectations.together import Expectations, Relation
from pipelines.known import beside, proposed
from pipelines.sentence import Sentence

__all__ = ["Expectations", "Relation", "load", "load_relations"]


def load(folder: Path) -> Expectations:
    """Loads a folder of expectations; ExpectationsError names file, place and remedy of the first fault."""
    if not folder.is_dir():
        raise ExpectationsError(
            "no such folder of expectations",
            file=folder,
            remedy=Sentence("name it with --expectations%(beside)s", beside=beside(folder)),
        )
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
    contract_rules = in_own_words(folder / "rules.yaml", load_contract_rules())
    rules, path = load_domain_rules(folder / "rules"), folder / "notice.yaml"
    _check_keepers(folder / "controller.yaml", controller, (*contract_rules, *rules))
    agreements.check(controller.agreements, (*contracts, *own), partial(_fail, folder / "controller.yaml"))
    notice = load_notice(path, contracts, controller, (*contract_rules, *rules)) if path.exists() else None
    loaded = Expectations(
        folder,
        contracts,
        own,
        controller,
        load_schedule(folder / "retention.yaml", contracts, controller.parameters),
        _with_statements(rules, notice),
        load_relations(folder / "relations"),
        notice,
        _with_statements(contract_rules, notice),
        *_conditions(folder / "controller.yaml", contracts, controller),
    )
    declared.check(loaded)
    return loaded


def _with_statements(rules: tuple[Rule, ...], notice: Notice | None) -> tuple[Rule, ...]:
    """The rules; those that list no statements of the notice get the statements that list them."""
    named: dict[str, tuple[str, ...]] = {rule.id: () for rule in rules}
    for statement in notice.statements if notice else ():
        for id in dict.fromkeys(evidence.rule for evidence in statement.evidence):
            if id in named:
                named[id] = (*named[id], statement.id)
    return tuple(replace(rule, notice=named[rule.id]) if rule.notice is None else rule for rule in rules)


def _conditions(
    path: Path, contracts: tuple[Contract, ...], controller: Controller
) -> tuple[dict[str, Condition], dict[str, Condition]]:
    """`access.own` of controller.yaml and `comparedWhere` of the contracts, by dataset."""
    parameters = (*controller.parameters, *BUILT_IN)
    columns = {contract.dataset: [column.name for column in contract.columns] for contract in contracts}
    said = controller.access.get("own") if isinstance(controller.access, dict) else None
    own = {
        dataset: condition(text, columns[dataset], parameters, path, f"access.own.{dataset}")
        for dataset, text in (said if isinstance(said, dict) else {}).items()
        if dataset in columns  # the remaining keys: `person.settings`
    }
    compared = {
        c.dataset: condition(c.compared_where, columns[c.dataset], parameters, c.path, "comparedWhere")
        for c in contracts
        if c.compared_where
    }
    return own, compared


def _fail(path: Path, place: str, problem: str, remedy: str) -> NoReturn:
    raise ExpectationsError(problem, file=path, place=place, remedy=remedy)


def _check_keepers(path: Path, controller: Controller, rules: tuple[Rule, ...]) -> None:
    """ExpectationsError for a keeper of worklists who keeps no system and owns no rule: no sheet would go there."""
    known = {str(each.get("keeper", name)) for name, each in controller.systems.items()}
    known |= {rule.owner for rule in rules} - {KEEPER}
    for name in controller.worklists.keepers:
        if name not in known:
            remedy = proposed(name, sorted(known))
            raise ExpectationsError(f"nobody is called {name!r}", file=path, place="worklists.keepers", remedy=remedy)


def load_relations(folder: Path) -> tuple[Relation, ...]:
    """Every `*.sql` in the folder, by name."""
    return tuple(
        Relation(path.stem, path, yamlfile.text_of(path).strip().rstrip(";")) for path in sorted(folder.glob("*.sql"))
    )
