"""Which checks are to be made: the parts of every rule, each on one dataset. Knows nothing of Great Expectations."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from pipelines import registry
from pipelines.rules import FRONT_MATTER, Part, Rule
from pipelines.sql import ident, literal

# Ids of expectations and suites are derived from their names within this one.
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "rekisterivahti")


@dataclass(frozen=True)
class Dataset:
    """What a suite is about. `declared`: the contract's columns; `is_present`: whether this period has the export."""

    name: str
    system: str
    file: str
    declared: tuple[str, ...]
    is_present: bool

    @property
    def feed_query(self) -> str:
        """What there is to check of an export that is missing: one row, its line in the feed."""
        return f"select * from feed.files where dataset = {literal(self.name)}"


@dataclass(frozen=True)
class Check:
    """One part of a rule on one dataset. `sql` returns the offending rows; None where this period cannot tell."""

    rule: Rule
    part: int
    dataset: str
    field: str
    sql: str | None

    @property
    def key(self) -> tuple[str, int, str]:
        """Unique among checks."""
        return self.rule.id, self.part, self.dataset


def datasets(connection, loaded) -> tuple[Dataset, ...]:
    """Every contract's dataset, by name."""
    present = registry.columns_present(connection)
    return tuple(
        Dataset(c.dataset, c.system, c.file, tuple(column.name for column in c.columns), c.dataset in present)
        for c in sorted(loaded.contracts, key=lambda contract: contract.dataset)
    )


def checks(connection, context, loaded) -> tuple[Check, ...]:
    """The checks of all rules. A part that names no one dataset spans them: it gives one check on each."""
    parts = tuple(loaded.parts(connection))
    evaluated, lacking = evaluations(connection, parts)
    names = sorted(contract.dataset for contract in loaded.contracts)
    found = []
    for part in parts:
        if part.sql is None or key(part) not in evaluated:
            found.append(Check(part.rule, part.number, part.dataset, part.field, None))
            continue
        sql = context.bind(FRONT_MATTER.sub("", part.sql, count=1).strip())
        if part.dataset:
            found.append(Check(part.rule, part.number, part.dataset, part.field, sql))
            continue
        for name in names:
            split = None if (part.rule.id, name) in lacking else of_dataset(sql, name)
            found.append(Check(part.rule, part.number, name, part.field, split))
    return tuple(found)


def key(part: Part) -> tuple[str, int, str]:
    """What `results.evaluations` knows a part by."""
    return part.rule.id, part.number, part.dataset


def evaluations(connection, parts: tuple[Part, ...]) -> tuple[set[tuple[str, int, str]], set[tuple[str, str]]]:
    """The keys of the parts that were evaluated; (rule, dataset) for which a part that spans datasets cannot tell.

    Where it returned rows of such a dataset all the same, what it can tell is checked.
    """
    rows = connection.execute("select rule, part, dataset, status = 'evaluated' from results.evaluations").fetchall()
    returned = set(connection.execute("select distinct rule, dataset from results.offences").fetchall())
    evaluated = {tuple(place) for *place, is_evaluated in rows if is_evaluated}
    single = {key(part) for part in parts} - evaluated
    lacking = {tuple(place) for *place, is_evaluated in rows if not is_evaluated} - single
    return evaluated, {(rule, dataset) for rule, _, dataset in lacking} - returned


def of_dataset(sql: str, dataset: str) -> str:
    """The rows of one dataset, out of a SELECT that spans several."""
    return f"select * from (\n{sql}\n) as spanning where {ident('dataset')} = {literal(dataset)}"


def derived_id(*names: object) -> str:
    """An id that is the same in every run."""
    return str(uuid.uuid5(NAMESPACE, "/".join(str(name) for name in names)))
