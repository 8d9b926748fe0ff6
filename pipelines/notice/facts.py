"""Facts that evidence a statement and that no rule checks: what contracts declare, and which values exports show.

`judge(connection, context, fact)` counts what contradicts it. Values themselves never leave this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.expectations.notice import Fact
from pipelines.registry import build as registry
from pipelines.sql import ident

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.expectations.context import Context


@dataclass(frozen=True)
class Judged:
    """`count` of what contradicts a fact; `unknown`: why it could not be seen, or empty."""

    count: int = 0
    dataset: str = ""
    field: str = ""
    unknown: str = ""


def judge(connection: DuckDBPyConnection, context: Context, fact: Fact) -> Judged:
    """What contradicts one fact in the period of the current database."""
    if fact.kind == "known":
        return _known(connection, context, fact.settings)
    against = list(_against(context, fact))
    return Judged(len(against), ", ".join(dict.fromkeys(against)))


def _against(context: Context, fact: Fact) -> Iterator[str]:
    """The dataset of every declaration that contradicts a fact about contracts."""
    settings = fact.settings
    for contract in context.contracts:
        personal = [column for column in contract.columns if column.personal]
        categories = {category for column in personal for category in column.categories}
        match fact.kind:
            case "only_categories" if contract.dataset in settings["datasets"]:
                unclassified = [column for column in personal if not column.categories]
                yield from [contract.dataset] * (len(categories - set(settings["categories"])) + len(unclassified))
            case "no_category" if contract.dataset in settings["datasets"]:
                yield from [contract.dataset] * len(categories & set(settings["categories"]))
            case "purposes" if contract.purpose not in (*settings["allowed"], *settings.get("apart", ())):
                yield contract.dataset
            case "purposes_of" if contract.purpose not in settings.get(contract.dataset, [contract.purpose]):
                yield contract.dataset
            case "no_purpose" if contract.purpose in settings["purposes"]:
                yield contract.dataset


def _known(connection: DuckDBPyConnection, context: Context, settings: dict) -> Judged:
    """Records whose value is not in a list of the controller's; with all_present, listed values without a record too."""
    dataset, column = settings["dataset"], settings["column"]
    present = registry.columns_present(connection)
    if column not in present.get(dataset, ()):
        reason = "column missing" if dataset in present else "export missing"
        return Judged(dataset=dataset, field=column, unknown=f"{dataset}: {reason}")
    listed = [row[settings["key"]] for row in context.controller.lists[settings["list"]]]
    values = connection.execute(
        f"select {ident(column)}, count(*) from registry.{ident(dataset)} where {ident(column)} is not null group by all"
    ).fetchall()
    count = sum(number for value, number in values if value not in listed)
    if settings.get("all_present"):
        count += len(set(listed) - {value for value, _ in values})
    return Judged(count, dataset, column, "" if values or count else f"{dataset}: no records to look at")
