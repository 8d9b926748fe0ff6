"""Finds parts of rules that would compare garbled text: an export in another encoding than its contract's has wrong letters,
so its text columns are not compared with any other dataset."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines import tree
from pipelines.expectations.contract import Contract
from pipelines.expectations.rule import Part

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

REASON = "text in another encoding"


def datasets(connection: DuckDBPyConnection) -> set[str]:
    """The datasets of this period whose files seem to have another encoding."""
    return {name for (name,) in connection.execute("select dataset from feed.files where seems <> ''").fetchall()}


def withheld(
    connection: DuckDBPyConnection, parts: Iterable[Part], contracts: tuple[Contract, ...], relations: dict[str, str]
) -> Iterator[Part]:
    """The parts; one that compares text of a garbled dataset with another dataset loses its SQL, to be reported as not
    evaluated. `relations`: SQL of the shared relations, by name."""
    garbled = datasets(connection)
    known = {contract.dataset for contract in contracts}
    text = {contract.dataset: _text_columns(contract) for contract in contracts if contract.dataset in garbled}
    for part in parts:
        if garbled and part.sql:
            tables, columns = tree.reads(connection, part.sql, relations)
            read = tables & known
            if len(read) > 1 and any(columns & text.get(dataset, set()) for dataset in read):
                part = replace(part, sql=None, missing=REASON)
        yield part


def _text_columns(contract: Contract) -> set[str]:
    """Columns of words: not keys, and not values from a list, which are only matched exactly."""
    return {
        column.name
        for column in contract.columns
        if column.type == "text" and not (column.key or column.references or column.valid_values)
    }
