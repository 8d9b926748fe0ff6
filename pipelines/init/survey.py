"""Everything that was found in the exports, as one value: the tables with the types, keys, references and kinds of their columns."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipelines.errors import ExportsError
from pipelines.home import store
from pipelines.init import files, kinds, links, profile, typed, words
from pipelines.init.kinds import Kind
from pipelines.init.links import Key, Link
from pipelines.init.profile import Table
from pipelines.init.typed import Typed
from pipelines.landing import apart, periods
from pipelines.registry import functions

# Of a column's cells so many must be filled for it to be called required, in so many rows at least.
LEAST_FILLED, LEAST_ROWS = 0.99, 8


@dataclass(frozen=True)
class Survey:
    """The exports of one folder. `columns`, `keys`, `kinds` by dataset; `people`: datasets of people and what these are;
    `unread`: (file, why) of those that could not be read; `months`: from one period to the next, 0 where only one is there."""

    exports: Path
    period: str
    country: str
    tables: tuple[Table, ...]
    columns: dict[str, list[Typed]]
    keys: dict[str, Key]
    links: tuple[Link, ...]
    people: dict[str, str]
    kinds: dict[str, dict[str, Kind]]
    unread: tuple[tuple[str, str], ...] = ()
    months: int = 0

    @cached_property
    def by_dataset(self) -> dict[str, Table]:
        """The tables, by dataset."""
        return {table.dataset: table for table in self.tables}

    def table(self, dataset: str) -> Table:
        """The table of a dataset."""
        return self.by_dataset[dataset]

    def link(self, dataset: str, column: str) -> Link | None:
        """What a column refers to."""
        return next((link for link in self.links if (link.dataset, link.column) == (dataset, column)), None)

    def leads_to(self, dataset: str, target: str) -> bool:
        """Whether a dataset's rows lead to those of another, by themselves or over others."""
        seen, ahead = set(), [dataset]
        while ahead:
            here = ahead.pop()
            if here == target:
                return True
            seen.add(here)
            ahead += [link.to[0] for link in self.links if link.dataset == here and link.to[0] not in seen]
        return False

    def is_required(self, dataset: str, column: Typed) -> bool:
        """Whether hardly a cell of a column is empty."""
        rows = self.table(dataset).rows
        return column.profile.filled >= LEAST_FILLED * rows and rows >= LEAST_ROWS

    def register(self, what: str) -> str:
        """The dataset that is the controller's register of requests, consents, holds or processors; '' where none is called so."""
        listed = words.lists()["registers"][what]
        return next(
            (
                table.dataset
                for table in self.tables
                if words.find(table.dataset, listed) and not self.people.get(table.dataset)
            ),
            "",
        )


def survey(exports: Path, country: str, days: Mapping[str, str] | None = None) -> Survey:
    """What the newest period of an exports folder holds. `days`: by `dataset.column`, the pattern of its days where somebody said it,
    or `text`. ExportsError where nothing can be read."""
    folders = files.folders(exports)
    known, others = files.there(folders[-1])
    looked = [(path, files.look(path, country)) for path in known]
    found = files.alike([each for _, each in looked if isinstance(each, files.Found)])
    unread = [(path.name, why) for path, why in looked if isinstance(why, str)] + [
        (path.name, "kind") for path in others
    ]
    if not found:
        raise ExportsError(
            "holds no file that can be read", file=folders[-1], remedy="put CSV files or workbooks there"
        )
    try:
        with store.scratch() as connection, tempfile.TemporaryDirectory(prefix="vahti-") as spare:
            tables, empty = profile.tables(connection, found, country, Path(spare))
            if not tables:
                raise ExportsError(
                    "holds no file with a row", file=folders[-1], remedy="put the exports of a period there"
                )
            answered = _by_dataset(days or {})
            columns = {t.dataset: typed.typed(connection, t, country, answered.get(t.dataset, {})) for t in tables}
            keys = {
                t.dataset: links.key(connection, t, columns[t.dataset], [o.dataset for o in tables]) for t in tables
            }
            linked = links.links(connection, tables, columns, keys)
    finally:
        apart.stop()
    people = kinds.people(tables, columns, keys, linked)
    formats = functions.packs().get(country, {}).get("formats", ())
    of = {t.dataset: kinds.kinds(t, columns[t.dataset], keys[t.dataset], linked, people, formats) for t in tables}
    unread += [(each.path.name, "no rows") for each in empty]
    period = folders[-1].name if periods.is_period(folders[-1].name) else ""
    return Survey(
        exports,
        period,
        country,
        tuple(tables),
        columns,
        keys,
        tuple(linked),
        people,
        of,
        tuple(unread),
        _months(folders),
    )


def _by_dataset(days: Mapping[str, str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, pattern in days.items():
        dataset, _, column = name.partition(".")
        found.setdefault(dataset, {})[column] = pattern
    return found


def _months(folders: list[Path]) -> int:
    """Whole months from one period to the next, as most lie apart."""
    dates = [tuple(map(int, folder.name.split("-"))) for folder in folders if periods.is_period(folder.name)]
    apart_ = sorted(12 * (b[0] - a[0]) + b[1] - a[1] for a, b in zip(dates, dates[1:], strict=False))
    return apart_[len(apart_) // 2] if apart_ else 0


def subject(survey_: Survey) -> tuple[str, str]:
    """(dataset, key) of the people that most others refer to; of the widest table where none is of people."""

    def weight(dataset: str) -> tuple:
        referring = len({link.dataset for link in survey_.links if link.to[0] == dataset and link.dataset != dataset})
        personal = sum(kind.personal is True for kind in survey_.kinds[dataset].values())
        return dataset in survey_.people, referring, personal, dataset

    candidates = [t.dataset for t in survey_.tables if len(survey_.keys[t.dataset].columns) == 1] or [
        survey_.tables[0].dataset
    ]
    best = max(candidates, key=weight)
    return best, survey_.keys[best].columns[0]
