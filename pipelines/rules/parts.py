"""The parts of rules, each evaluated, or reported as not evaluated, by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipelines import tree
from pipelines.expectations.load import Expectations
from pipelines.expectations.rule import Part, Rule
from pipelines.registry import build as registry
from pipelines.rules import countries, garbled, holds
from pipelines.rules.contract_parts import contract_parts
from pipelines.rules.relations import select_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_PARTS: dict[Rule, tuple[Part, ...]] = {}


def parts_of(connection: DuckDBPyConnection, loaded: Expectations) -> Iterator[Part]:
    """The parts of every rule for this period: contract rules by dataset and column, domain rules by branch."""
    relations = {relation.name: relation.sql for relation in loaded.relations}
    known = countries.withheld(_parts(connection, loaded), loaded.contracts, loaded.controller.country, relations)
    readable = garbled.withheld(connection, known, loaded.contracts, relations)
    return holds.withheld(connection, readable, relations)


def _parts(connection: DuckDBPyConnection, loaded: Expectations) -> Iterator[Part]:
    present = registry.columns_present(connection)
    for rule in loaded.contract_rules:
        yield from contract_parts(connection, loaded, rule, present)
    for rule in loaded.domain_rules:
        yield from domain_parts(connection, rule)


def domain_parts(connection: DuckDBPyConnection, rule: Rule) -> tuple[Part, ...]:
    """The branches of a rule's top-level UNION ALL. The same in every period."""
    if rule not in _PARTS:
        _PARTS[rule] = tuple(_branches(connection, rule))
    return _PARTS[rule]


def _branches(connection: DuckDBPyConnection, rule: Rule) -> Iterator[Part]:
    node = select_of(connection, rule.path, rule.sql, rule.sql_line)
    for number, branch in enumerate(tree.branches(node), 1):
        dataset = tree.constant_column(branch, "dataset") or rule.dataset
        yield Part(
            rule,
            number,
            tree.unparse(connection, branch),
            dataset,
            tree.constant_column(branch, "field"),
            names_dataset="dataset" in tree.column_names(branch),
        )
