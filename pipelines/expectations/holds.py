"""Finds the register of legal holds among the controller's own files, and the meaning of its columns.

A column declares its meaning in its custom property `hold`: subject, system, dataset, from, until or reason. If none does,
the names system, dataset, from_date, until_date and reason count, and the person on hold is in the column that refers to
the data subjects' key or has its name. If no column names the person, what is held is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pipelines.errors import ExpectationsError
from pipelines.expectations.contract import Column, Contract

USUAL = {"system": "system", "dataset": "dataset", "from": "from_date", "until": "until_date", "reason": "reason"}


@dataclass(frozen=True)
class Holds:
    """`dataset`: of the register, empty if there is none. `columns`: {meaning: column}, `subject` above all."""

    dataset: str = "holds"
    columns: dict[str, str] = field(default_factory=lambda: USUAL | {"subject": "customer_number"}, hash=False)


def find(own: Iterable[Contract], subject: tuple[str, str]) -> Holds:
    """The register among the files that the controller writes itself; ExpectationsError if two qualify."""
    own = tuple(own)
    found = [contract for contract in own if any(column.hold for column in contract.columns)]
    found = found or [contract for contract in own if contract.dataset == "holds"]
    found = found or [contract for contract in own if _names_subject(contract, subject)]
    if not found:
        return Holds("", {})
    if len(found) > 1:
        raise ExpectationsError(
            f"is a register of legal holds, and {found[0].path.name} is one too",
            file=found[1].path,
            remedy="keep all legal holds in one file",
        )
    return Holds(found[0].dataset, _columns(found[0], subject))


def _names_subject(contract: Contract, subject: tuple[str, str]) -> bool:
    return any(column.references == subject for column in contract.columns)


def _columns(contract: Contract, subject: tuple[str, str]) -> dict[str, str]:
    names = {column.name for column in contract.columns}
    declared = {column.hold: column.name for column in contract.columns if column.hold}
    usual = {what: name for what, name in USUAL.items() if name in names - set(declared.values())}
    whom = _whom(contract.columns, subject)
    return usual | ({"subject": whom} if whom else {}) | declared


def _whom(columns: tuple[Column, ...], subject: tuple[str, str]) -> str:
    """The column that names the data subject: by reference, then by name, then the only identifier that is not the key."""
    referring = [column.name for column in columns if column.references == subject]
    named = [column.name for column in columns if column.name == subject[1]]
    tagged = [c.name for c in columns if "pd:UID" in c.categories and not (c.key or c.references)]
    return next((each[0] for each in (referring, named, tagged) if len(each) == 1), "")
