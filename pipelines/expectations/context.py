"""What SQL of the expectations is bound with: the as-of date, contracts and controller."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines import tree
from pipelines.expectations.contract import Contract
from pipelines.expectations.controller import Controller

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class Context:
    """What rules are evaluated with."""

    as_of: dt.date
    contracts: tuple[Contract, ...]
    controller: Controller

    @property
    def parameters(self) -> dict[str, object]:
        """Everything a rule can read as $name."""
        return self.controller.parameters | {"as_of": self.as_of, "synthetic_data": self.controller.synthetic_data}

    def bind(self, connection: DuckDBPyConnection, sql: str) -> str:
        """A SELECT with a constant for every $parameter, for views, which take none; NotASelect for anything else."""
        node = tree.parse_again(connection, sql)
        return tree.unparse(connection, tree.with_constants(connection, node, self.parameters))
