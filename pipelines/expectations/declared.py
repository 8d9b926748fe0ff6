"""What contracts declare for contract rules, checked against the other files: copies, needed fields, references, relations."""

from __future__ import annotations

from typing import NoReturn

from pipelines.errors import ExpectationsError
from pipelines.expectations.contract import Column, Contract
from pipelines.expectations.together import Expectations


def check(loaded: Expectations) -> None:
    """ExpectationsError names contract, column and remedy of the first declaration that points to nothing."""
    relations = {relation.name for relation in loaded.relations}
    for contract in loaded.contracts:
        if contract.compared_except and contract.compared_except not in relations:
            problem = f"comparedExcept names no relation: {contract.compared_except!r}"
            raise ExpectationsError(problem, file=contract.path, remedy="name a file of relations/ without its .sql")
        for column in contract.columns:
            _check_copy(loaded, contract, column)
            _check_needed(loaded, contract, column)
            if column.unmatched and column.unmatched not in {rule.id for rule in loaded.domain_rules}:
                _fail(
                    contract,
                    column,
                    f"unmatched names no rule: {column.unmatched!r}",
                    "name a rule of the controller's",
                )
    for item in loaded.schedule.fields_needed_while:
        if not loaded.person_key(item["dataset"]):
            raise ExpectationsError(
                f"{item['dataset']} names no data subject",
                file=loaded.folder / "retention.yaml",
                place="fields_needed_while",
                remedy="name a dataset with a relationship to the data subjects",
            )


def _check_copy(loaded: Expectations, contract: Contract, column: Column) -> None:
    if not column.copy_of:
        return
    dataset, names = column.copy_of
    source = loaded.by_dataset.get(dataset)
    for name in sorted(set(names) - ({each.name for each in source.columns} if source else set())):
        _fail(contract, column, f"copyOf names no column: {dataset}.{name}", "write `<dataset>.<column>` of a contract")
    if not any(each.references and each.references[0] == dataset for each in contract.columns):
        remedy = f"declare which column refers to it: `relationships: [{{to: {dataset}.<key>}}]`"
        _fail(contract, column, f"is a copy of {dataset}, which no column refers to", remedy)


def _check_needed(loaded: Expectations, contract: Contract, column: Column) -> None:
    if not column.needed_until:
        return
    owner = loaded.by_dataset[loaded.controller.subject[0]] if column.needed_until.of_subject else contract
    days = {each.name for each in owner.columns if each.sql_type in ("date", "timestamp")}
    if column.needed_until.column not in days:
        _fail(
            contract,
            column,
            f"neededUntil: {owner.dataset} has no date column {column.needed_until.column!r}",
            f"known are: {', '.join(sorted(days))}",
        )
    if column.needed_until.of_subject and not loaded.leads_to_person(contract.dataset):
        _fail(contract, column, "neededUntil: its records lead to no data subject", "count from a date of their own")


def _fail(contract: Contract, column: Column, problem: str, remedy: str) -> NoReturn:
    raise ExpectationsError(problem, file=contract.path, place=f"column {column.name}", remedy=remedy)
