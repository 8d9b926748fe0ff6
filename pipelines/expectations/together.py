"""All expectations of one controller as one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pipelines.expectations.condition import Condition
from pipelines.expectations.contract import Contract
from pipelines.expectations.controller import Controller
from pipelines.expectations.notice import Notice
from pipelines.expectations.rule import Rule, load_contract_rules
from pipelines.expectations.schedule import RetentionClass, Schedule


@dataclass(frozen=True)
class Relation:
    """One shared SELECT, `registry.<name>`."""

    name: str
    path: Path
    sql: str


@dataclass(frozen=True)
class Expectations:
    """All expectations of one controller. `own`: contracts of files that the controller writes itself.

    `own_rows`: which rows are the controller's, by dataset shared with others. `compared`: which rows' copies are compared
    with their source, by dataset.
    """

    folder: Path
    contracts: tuple[Contract, ...]
    own: tuple[Contract, ...]
    controller: Controller
    schedule: Schedule
    domain_rules: tuple[Rule, ...]
    relations: tuple[Relation, ...]
    notice: Notice | None = None
    contract_rules: tuple[Rule, ...] = field(default_factory=load_contract_rules)
    own_rows: dict[str, Condition] = field(default_factory=dict, hash=False)
    compared: dict[str, Condition] = field(default_factory=dict, hash=False)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Contract rules, then domain rules."""
        return (*self.contract_rules, *self.domain_rules)

    @cached_property
    def by_dataset(self) -> dict[str, Contract]:
        """The contracts of exports, by dataset."""
        return {contract.dataset: contract for contract in self.contracts}

    def contract_of(self, cls: RetentionClass) -> Contract:
        """The contract of the records in a retention class."""
        return next(contract for contract in self.contracts if contract.id == cls.id)

    def person_key(self, dataset: str) -> str:
        """The column of a dataset that names the data subject; empty if none does."""
        subject, contract = self.controller.subject, self.by_dataset[dataset]
        own = subject[1] if dataset == subject[0] else ""
        return own or next((column.name for column in contract.columns if column.references == subject), "")

    def leads_to_person(self, dataset: str) -> bool:
        """Whether a dataset is the data subjects' own, or refers to it directly or through others."""
        seen, ahead = set(), [dataset]
        while ahead:
            here = ahead.pop()
            if here == self.controller.subject[0]:
                return True
            seen.add(here)
            targets = {column.references[0] for column in self.by_dataset[here].columns if column.references}
            ahead += targets - seen
        return False
