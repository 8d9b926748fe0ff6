"""The section `access:` of controller.yaml: what an answer to a data subject needs beyond the contracts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

from pipelines.errors import ExpectationsError
from pipelines.expectations.condition import Condition, condition
from pipelines.expectations.controller import BUILT_IN
from pipelines.expectations.load import Expectations

# Instead of a column for protection: the controller has no protected persons.
NOBODY = "nobody"
LANGUAGES = ("en", "fi", "sv")
# The contents of a letterhead: lines of the address; numbers and addresses as printed; by language, whom to ask about the
# data (the data protection officer), and who signs.
SENDER = {"address": list, "business_id": str, "phone": str, "email": str, "officer": dict, "signed_by": dict}
TYPES = {"dict": dict, "str": str, "bool": bool, "Condition | None": str}


@dataclass(frozen=True)
class Access:
    """`since` and `protected`: columns of the data subjects (`protected: nobody` where there is nobody to protect; without
    it everybody may be), `surname_first`: how their names are written.
    `names`: by dataset, the columns that hold a `given` name or a `surname` alone. `organisation`: SQL condition on
    the data subjects. `own`: by dataset, SQL condition on the rows that are the controller's. `unique`, `free_text`:
    kinds of attributes. `portable`: datasets. `sender`: the letterhead, see SENDER."""

    since: str = ""
    organisation: Condition | None = None
    protected: str = ""
    surname_first: bool = False
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    own: dict[str, Condition] = field(default_factory=dict)
    unique: tuple[str, ...] = ()
    free_text: tuple[str, ...] = ()
    portable: tuple[str, ...] = ()
    requests: dict[str, str] = field(default_factory=dict)
    sources: dict[str, Any] = field(default_factory=dict)
    disclosures: dict[str, str] = field(default_factory=dict)
    processors: dict[str, str] = field(default_factory=dict)
    recipients: tuple[dict[str, str], ...] = ()
    contact: dict[str, str] = field(default_factory=dict)
    authority: dict[str, str] = field(default_factory=dict)
    basis: dict[str, str] = field(default_factory=dict)
    automated: dict[str, str] = field(default_factory=dict)
    transfers: dict[str, str] = field(default_factory=dict)
    sender: dict[str, Any] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)


def load(expectations: Expectations) -> Access:
    """The section, checked against the contracts; ExpectationsError names key and remedy."""
    section = expectations.controller.access
    path = expectations.folder / "controller.yaml"
    if not isinstance(section, dict) or not section:
        _fail(path, "", "is missing", "say there what `vahti subject` needs, as the sample controller does")
    known = Access.__dataclass_fields__
    for key, value in section.items():
        if key not in known:
            _fail(path, key, "unknown key", f"known are: {', '.join(sorted(known))}")
        wanted = TYPES.get(str(known[key].type).partition("[")[0], list)
        if not isinstance(value, wanted):
            _fail(path, key, f"is no {wanted.__name__}", "write it as the sample controller does")
    said: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in section.items()}
    access = Access(**said)
    for key, value in access.sender.items():
        if not isinstance(value, SENDER.get(key, ())):
            _fail(path, f"sender.{key}", "is not as a letterhead has it", f"known are: {', '.join(SENDER)}")
    _check_columns(path, expectations, access)
    return replace(access, **_conditions(path, expectations, access))


def _conditions(path: Path, expectations: Expectations, access: Access) -> dict[str, Any]:
    """`own` and `organisation` as conditions."""
    columns = {contract.dataset: {column.name for column in contract.columns} for contract in expectations.contracts}
    parameters = (*expectations.controller.parameters, *BUILT_IN)

    def read(text: object, dataset: str, key: str) -> Condition:
        return condition(text, columns[dataset], parameters, path, f"access.{key}")

    subject = expectations.controller.subject[0]
    return {
        "organisation": read(access.organisation, subject, "organisation") if access.organisation else None,
        "own": expectations.own_rows,
    }


def _check_columns(path: Path, expectations: Expectations, access: Access) -> None:
    columns = {contract.dataset: {column.name for column in contract.columns} for contract in expectations.contracts}
    subject = expectations.controller.subject[0]
    named = [(key, subject, getattr(access, key)) for key in ("since", "protected") if getattr(access, key)]
    named = [item for item in named if item != ("protected", subject, NOBODY)]
    for key in ("requests", "disclosures", "processors"):
        section = getattr(access, key)
        named += [(key, section.get("dataset"), column) for part, column in section.items() if part != "dataset"]
    if access.sources:
        named.append(("sources", subject, access.sources.get("column")))
    for dataset, section in access.names.items():
        named += [("names", dataset, column) for column in section.values()]
        for part in section.keys() - {"given", "surname"}:
            _fail(path, "names", f"no part of a name: {part!r}", "write given and surname")
    for key, dataset, column in named:
        if column not in columns.get(dataset, ()):
            _fail(path, key, f"no contract has {dataset}.{column}", "name a declared column")
    for dataset in (*access.own, *access.portable):
        if dataset not in columns:
            _fail(
                path,
                "own" if dataset in access.own else "portable",
                f"no contract has dataset {dataset!r}",
                "name one of a contract",
            )


def _fail(path: Path, key: str, problem: str, remedy: str) -> NoReturn:
    raise ExpectationsError(problem, file=path, place=f"access.{key}".rstrip("."), remedy=remedy)
