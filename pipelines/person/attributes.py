"""The personal attributes of the controller's own records: the contracts' categories, without another company's
rows."""

from __future__ import annotations

from pipelines.person.place import Place
from pipelines.registry import build as registry
from pipelines.sql import ident, render

BIRTH = "pd:BirthDate"


def build(place: Place) -> None:
    """Creates the temporary table `attribute`, once per place: the kinds that have a normal form, and those that people
    do not share."""
    if "attribute" in place.built:
        return
    kinds = (*registry.NORMAL_FORMS, BIRTH, *place.access.unique)
    place.connection.execute(render("person/attributes.sql", parts=parts(place, kinds), forms=registry.NORMAL_FORMS))
    place.built.add("attribute")


def parts(place: Place, kinds: tuple[str, ...] | None = None) -> list[dict[str, str]]:
    """One part per dataset and personal column (of these kinds): SQL of number, value and the input of its normal form,
    with r as the row."""
    found = []
    for dataset, contract in place.searchable.items():
        number, join = number_of(place, dataset)
        for kind, value, normal in registry.personal_values(contract, place.present[dataset]):
            if kinds is None or kind in kinds:
                before, after = registry.NORMAL_FORMS.get(kind, "{}").split("{}")
                found.append(
                    {
                        "system": contract.system,
                        "dataset": dataset,
                        "number": number,
                        "join": join,
                        "kind": kind,
                        "role": _role(place, dataset, kind, value),
                        "value": value,
                        "normal_of": normal[len(before) : len(normal) - len(after)],
                        "rows": place.rows(dataset),
                    }
                )
    return found


def _role(place: Place, dataset: str, kind: str, value: str) -> str:
    """How a name is written: `given` or `surname` if its column has only that, `surname first`, or unknown."""
    if kind != "pd:Name":
        return ""
    for role, column in place.access.names.get(dataset, {}).items():
        if value == f"cast(r.{ident(column)} as varchar)":
            return role
    return "surname first" if place.access.surname_first and dataset == place.subject[0] else ""


def number_of(place: Place, dataset: str) -> tuple[str, str]:
    """(SQL of the number that a record r is joined to by its own key or one step on, the join it needs)."""
    contracts = place.expectations.contracts
    return registry.subject_number(place.contracts[dataset], contracts, place.present, place.subject)
