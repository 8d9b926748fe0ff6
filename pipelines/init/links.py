"""Keys, and which column refers to which: found by counting, preferred by what headers say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from pipelines.init import naming, words
from pipelines.init.profile import Table, cells
from pipelines.init.typed import Typed
from pipelines.sql import ident, literal, one_row

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Rows may repeat in a messy export, and lack their key: so many of a hundred may.
LEAST_UNIQUE, LEAST_FILLED = 0.98, 0.98
# Of the values of a column that refers, so many are found among the keys.
LEAST_FOUND = 0.9
# Columns that a key of several is made of.
MOST_OF_A_KEY = 3
LEAST_COMMON_LETTERS = 4


@dataclass(frozen=True)
class Key:
    """The columns that identify a record, and of how many rows they are different."""

    columns: tuple[str, ...]
    different: int
    rows: int

    @property
    def is_sure(self) -> bool:
        """Whether it identifies all rows but a few."""
        return self.different >= LEAST_UNIQUE * self.rows


@dataclass(frozen=True)
class Link:
    """A column that refers to another dataset's key: of `values` different ones `found` are there. `by_name`: whether the
    headers say so, too."""

    dataset: str
    column: str
    to: tuple[str, str]
    found: int
    values: int
    by_name: bool


def key(connection: DuckDBPyConnection, table: Table, columns: Sequence[Typed], datasets: Sequence[str]) -> Key:
    """The key of an export: one column where one will do, else the fewest that together are different in most rows. `datasets`: all
    there are; a column that speaks of another one is rather a reference."""
    single = [each for each in columns if _may_be_key(each, table.rows) and not _is_amount(each)]
    others = [dataset for dataset in datasets if dataset != table.dataset]
    if single:
        best = max(single, key=lambda each: _fitness(each, table, columns, others))
        return Key((best.name,), best.profile.distinct, table.rows)
    return _of_several(connection, table, columns)


def _may_be_key(each: Typed, rows: int) -> bool:
    profile = each.profile
    return (
        profile.filled >= LEAST_FILLED * rows
        and profile.distinct >= LEAST_UNIQUE * profile.filled
        and each.column.type in ("text", "decimal")
        and profile.longest <= 60
    )


def _is_amount(each: Typed) -> bool:
    """Whether its numbers have decimals: such a one is different in many rows by chance."""
    return each.column.type == "decimal" and any(sign in shape for shape in each.profile.shapes for sign in ".,")


def _fitness(each: Typed, table: Table, columns: Sequence[Typed], others: Sequence[str]) -> tuple:
    """An identifier by its header, one of the dataset's own, not a decimal number, the first that stands."""
    category, _ = words.kind(each.column.header)
    personal = not (category == "pd:Name" and words.is_id(each.column.header)) and category in (
        "pd:Name",
        "pd:Username",
        "pd:EmailAddress",
        "pd:TelephoneNumber",
        "pd:OfficialID",
        "pd:BankAccount",
        "pd:PhysicalAddress",
        "pd:Communication",
    )
    place = [other.name for other in columns].index(each.name)
    is_id, own = words.is_id(each.column.header), alike(each.column.header, table.dataset)
    return (
        (is_id or place == 0) and each.profile.share("prose") < 0.2 and each.profile.share("email") < 0.5,
        not personal,
        own or not any(alike(each.column.header, other) for other in others),
        is_id,
        each.profile.filled == table.rows,
        own,
        -place,
    )


def _of_several(connection: DuckDBPyConnection, table: Table, columns: Sequence[Typed]) -> Key:
    fit = [
        each
        for each in columns
        if each.profile.filled >= LEAST_FILLED * table.rows
        and each.profile.distinct > 1
        and each.column.type in ("text", "date", "month", "timestamp", "decimal")
        and each.profile.longest <= 60
    ]
    fit.sort(key=lambda each: (_is_amount(each), not words.is_id(each.column.header), each.column.type == "text"))
    fit = fit[:7] or list(columns[:1])
    best = Key((fit[0].name,), 0, table.rows)
    for size in range(min(2, len(fit)), min(MOST_OF_A_KEY, len(fit)) + 1):  # one alone was looked at before
        for chosen in combinations(fit, size):
            names = tuple(each.name for each in chosen)
            found = Key(names, _different(connection, table, names), table.rows)
            if found.different > best.different and not best.is_sure:
                best = found
        if best.is_sure:
            break
    order = [each.name for each in columns]
    return Key(tuple(sorted(best.columns, key=order.index)), best.different, best.rows)


def _different(connection: DuckDBPyConnection, table: Table, names: tuple[str, ...]) -> int:
    listed = ", ".join(ident(name) for name in names)
    return int(one_row(connection, f"select count(*) from (select distinct {listed} from {cells(table.dataset)})")[0])


def links(
    connection: DuckDBPyConnection, tables: Sequence[Table], columns: dict[str, list[Typed]], keys: dict[str, Key]
) -> list[Link]:
    """Which columns refer to which keys: at most one reference a column."""
    candidates = [link for table in tables for link in _to(connection, table, columns, keys)]
    best: dict[tuple[str, str], tuple] = {}
    sizes = {table.dataset: table.rows for table in tables}
    for link in candidates:
        rank = (link.by_name, link.found / link.values, -sizes[link.to[0]])
        if (link.dataset, link.column) not in best or rank > best[link.dataset, link.column][0]:
            best[link.dataset, link.column] = (rank, link)
    found = [link for _, link in best.values()]
    return sorted(_one_way(found, keys), key=lambda link: (link.dataset, link.column))


def _one_way(found: list[Link], keys: dict[str, Key]) -> list[Link]:
    """Of two datasets whose keys hold the same values, the one with fewer refers to the other."""
    both = {(link.dataset, link.column, *link.to): link for link in found}
    return [
        link
        for link in found
        if (back := both.get((*link.to, link.dataset, link.column))) is None
        or (link.values, link.dataset) < (back.values, back.dataset)
    ]


def _to(
    connection: DuckDBPyConnection, target: Table, columns: dict[str, list[Typed]], keys: dict[str, Key]
) -> list[Link]:
    """The columns of other exports, and of this one, whose values are among the keys of this one."""
    key_ = keys[target.dataset]
    if len(key_.columns) != 1 or not key_.is_sure:
        return []
    name = key_.columns[0]
    keyed = f"select distinct {ident(name)} as value from {cells(target.dataset)} where {ident(name)} is not null"
    query = (
        f"select s.dataset, s.column_name, count(*) as looked_for, count(k.value) as found from samples as s"
        f" left join ({keyed}) as k on k.value = s.value where s.dataset <> {literal(target.dataset)} or s.column_name <> {literal(name)}"
        " group by all order by all"
    )
    rows = connection.execute(query).fetchall()
    likely = [
        (dataset, column)
        for dataset, column, looked_for, found in rows
        if found >= LEAST_FOUND * looked_for - 1 and found
    ]
    links_ = []
    for dataset, column in likely:
        each = next(item for item in columns[dataset] if item.name == column)
        if each.column.type not in ("text", "decimal"):
            continue
        link = _counted(connection, dataset, each, target, name)
        if link and _is_reference(link, each, target, columns):
            links_.append(link)
    return links_


def _counted(connection: DuckDBPyConnection, dataset: str, each: Typed, target: Table, name: str) -> Link | None:
    values, found = one_row(
        connection,
        f"select count(*), count(k.value) from (select distinct {ident(each.name)} as value from {cells(dataset)}"
        f" where {ident(each.name)} is not null) as v left join (select distinct {ident(name)} as value from {cells(target.dataset)}"
        f" where {ident(name)} is not null) as k on k.value = v.value",
    )
    header = target.column(name).header
    by_name = alike(each.column.header, target.dataset) or (
        naming.words(each.column.header) == naming.words(header) and _tells(header)
    )
    return Link(dataset, each.name, (target.dataset, name), found, values, by_name) if values else None


def _is_reference(link: Link, each: Typed, target: Table, columns: dict[str, list[Typed]]) -> bool:
    if link.dataset == target.dataset:  # such as a manager among employees: only where the header says an identifier
        return (
            link.found == link.values
            and link.values > 1
            and words.is_id(each.column.header)
            and each.column.type == "text"
            and len(target.column(link.to[1]).shapes) <= 3
        )
    if link.by_name:
        return link.found >= LEAST_FOUND * link.values
    if words.is_measure(each.column.header) or each.profile.share("prose") > 0.2:
        return False
    tells = any(not set(shape) <= {"9"} for shape in each.profile.shapes) or each.profile.shortest >= 5
    return (
        link.found >= 0.98 * link.values
        and link.values >= 5
        and tells
        and (words.is_id(each.column.header) or link.values >= 20)
    )


def _tells(header: str) -> bool:
    """Whether a header says of what it is the identifier: `id` alone does not."""
    return len("".join(word for word in naming.words(header) if word not in words.lists()["ids"])) >= 3


def alike(header: str, dataset: str) -> bool:
    """Whether a header speaks of a dataset: `klantnummer` of `klanten`, `member_id` of `members`."""
    ids = words.lists()["ids"]
    own = [word for word in naming.words(header) if word not in ids]
    theirs = [word for word in naming.words(dataset) if word not in ids]
    return any(_alike(one, other) for one in own for other in theirs)


def _alike(one: str, other: str) -> bool:
    common = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        common += 1
    shorter = min(len(one), len(other))
    return common >= LEAST_COMMON_LETTERS or (common == shorter >= 3 and len(other) - len(one) in (-1, 0, 1))
