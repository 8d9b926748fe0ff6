"""How a record's keys lead to a person, by the contracts' relationships; a new system only needs its
contract.

In order: the record is the person's own; it names the person's number; it names a record that does (a reading its connection);
such a record names it (a connection its agreement). A later way only counts if the earlier ones give nothing, and none is
taken past a number: a record belongs to whom it names.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.expectations.contract import Column
from pipelines.person.place import Place
from pipelines.sql import ident, render


@dataclass(frozen=True)
class Path:
    """One way from rows `r` of a dataset to `person` p. `how`: own, names, through, named by; `via`: SQL of the key
    it leads through."""

    system: str
    dataset: str
    rank: int
    how: str
    rows: str
    join: str
    via: str = ""
    unless: str = ""


def paths(place: Place) -> list[Path]:
    """Every way, of every dataset that can be searched."""
    return [path for dataset in place.searchable for path in _of_dataset(place, dataset)]


def select(place: Place) -> str:
    """SQL of all records that keys join to the temporary table `person`; a record may occur several times."""
    return render("person/by_key.sql", paths=paths(place))


def numbers_column(place: Place, dataset: str) -> str:
    """The column of a dataset that names the data subject directly; empty if this period has none."""
    if dataset == place.subject[0]:
        return place.subject[1] if any(c.name == place.subject[1] for c in place.columns(dataset)) else ""
    return next((c.name for c in place.columns(dataset) if c.references == place.subject), "")


def _of_dataset(place: Place, dataset: str) -> list[Path]:
    system, rows, direct = place.contracts[dataset].system, place.rows(dataset), numbers_column(place, dataset)
    found = []
    if direct:
        how = "own" if dataset == place.subject[0] else "names"
        via = f"r.{ident(direct)}"
        found.append(
            Path(
                system,
                dataset,
                0 if how == "own" else 1,
                how,
                rows,
                f"join person as p on p.number = r.{ident(direct)}",
                via,
            )
        )
    if dataset == place.subject[0]:
        return found
    unnamed = [f"r.{ident(direct)} is null"] if direct else []
    forward = _steps(place, dataset)
    for column in forward:
        other, key = target(column)
        join = _join(place, other, f"e.{ident(key)} = r.{ident(column.name)}")
        others = [_leads_elsewhere(place, each) for each in forward if each is not column]
        found.append(
            Path(
                system,
                dataset,
                2,
                f"through {other}",
                rows,
                join,
                f"r.{ident(column.name)}",
                " and ".join(unnamed + others),
            )
        )
    for other, column in _namers(place, dataset):
        join = _join(place, other, f"e.{ident(column.name)} = r.{ident(target(column)[1])}")
        silent = unnamed + [_leads_nowhere(each) for each in forward]
        found.append(Path(system, dataset, 3, f"named by {other}", rows, join, "e.record_key", " and ".join(silent)))
    return found


def target(column: Column) -> tuple[str, str]:
    """(dataset, column) that a referring column points to."""
    assert column.references
    return column.references


def _join(place: Place, other: str, condition: str) -> str:
    """SQL from rows r to those of another dataset, e, and on to the person whose number these name."""
    number = ident(numbers_column(place, other))
    return f"join {place.rows(other, 'latest')} as e on {condition} join person as p on p.number = e.{number}"


def _leads_elsewhere(place: Place, column: Column) -> str:
    """SQL: the column does not lead to somebody outside the members."""
    other, key = target(column)
    strangers = (
        f"select {ident(key)} from latest.{ident(other)} where {ident(key)} is not null"
        f" and {ident(numbers_column(place, other))} not in (select number from person)"
    )
    return f"(r.{ident(column.name)} is null or r.{ident(column.name)} not in ({strangers}))"


def _leads_nowhere(column: Column) -> str:
    """SQL: the column names nothing known."""
    other, key = target(column)
    known = f"select {ident(key)} from latest.{ident(other)} where {ident(key)} is not null"
    return f"(r.{ident(column.name)} is null or r.{ident(column.name)} not in ({known}))"


def _steps(place: Place, dataset: str) -> list[Column]:
    """Columns that name a record which names a person."""
    return [
        column
        for column in place.columns(dataset)
        if column.references
        and column.references[0] not in (dataset, place.subject[0])
        and column.references[0] in place.searchable
        and numbers_column(place, column.references[0])
        and column.references[1] in {c.name for c in place.columns(column.references[0])}
    ]


def _namers(place: Place, dataset: str) -> list[tuple[str, Column]]:
    """(dataset, column) of records that name a person and a record of this dataset."""
    return [
        (other, column)
        for other in place.searchable
        if other not in (dataset, place.subject[0]) and numbers_column(place, other)
        for column in place.columns(other)
        if column.references
        and column.references[0] == dataset
        and column.references[1] in {c.name for c in place.columns(dataset)}
    ]
