"""`agreements:` in controller.yaml: datasets whose rows are agreements, and the column with their last day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NoReturn

from pipelines.expectations.contract import Contract

KEYS = {"dataset", "name", "until"}
OPTIONS = {"signed", "what"}


@dataclass(frozen=True)
class Agreements:
    """`name`: the column that names the other party, which must not be personal; `until`: the column with the last day; `signed`
    and `what`: those with the day it was signed and with what it is about, '' if not said."""

    dataset: str
    name: str
    until: str
    signed: str = ""
    what: str = ""


def load_agreements(entry: object, fail: Callable[[str, str, str], NoReturn]) -> tuple[Agreements, ...]:
    """The controller's agreements; `fail` names key and remedy."""
    wanted = (
        "write `- {dataset: DATASET, name: COLUMN, until: COLUMN}` lines; `signed` and `what` may name columns, too"
    )
    if entry is None:
        return ()
    if not isinstance(entry, list) or not all(
        isinstance(each, dict) and each.keys() - OPTIONS == KEYS for each in entry
    ):
        fail("agreements", "is no list of dataset, name and until", wanted)
    return tuple(Agreements(**{key: str(value) for key, value in each.items()}) for each in entry)


def check(
    agreements: Iterable[Agreements], contracts: Iterable[Contract], fail: Callable[[str, str, str], NoReturn]
) -> None:
    """Checks that each names two columns of a contract: a day, and a name that is not personal."""
    known = {contract.dataset: {column.name: column for column in contract.columns} for contract in contracts}
    for each in agreements:
        columns = known.get(each.dataset)
        if columns is None:
            fail(f"agreements.{each.dataset}", "is no dataset", f"there are: {', '.join(sorted(known))}")
        for key in ("name", "until", "signed", "what"):
            if (column := getattr(each, key)) not in columns and (column or key not in OPTIONS):
                fail(f"agreements.{each.dataset}.{key}", f"no column {column!r}", f"there are: {', '.join(columns)}")
        if columns[each.name].personal:
            fail(f"agreements.{each.dataset}.name", f"{each.name} is personal", "name a column that is not")
        if columns[each.until].sql_type != "date":
            fail(f"agreements.{each.dataset}.until", f"{each.until} is no day", "name a column of days")
