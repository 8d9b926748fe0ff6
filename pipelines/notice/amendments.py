"""What contracts and exports show and the notice does not say, phrased as amendments to it.

A value is quoted only from a column that its contract calls not personal, and not where it looks like an identifier.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines import small
from pipelines.expectations.notice import Notice
from pipelines.language.words import say, term
from pipelines.registry import build as registry
from pipelines.sql import ident

LONGEST_VALUE = 60
MOST_VALUES = 1000


@dataclass(frozen=True)
class Amendment:
    """One thing that the notice does not say. `value` is empty where it may be personal; `records`: how many show it, `told`:
    what readers outside are told of that number (pipelines.small)."""

    kind: str
    system: str
    dataset: str
    value: str
    records: int
    statement: str = ""
    is_small: bool = False

    @property
    def told(self) -> int | None:
        """The number for readers outside; None where it could single a person out."""
        return None if self.is_small else self.records

    def text(self, language: str, systems: dict[str, dict[str, str]]) -> str:
        """The proposal, as a sentence."""
        value = self.value
        if ":" in value and self.kind in ("category", "purpose"):
            value = f"{term(value, language)} ({value})"
        if self.kind == "column":
            value = value.removeprefix("column ")
        system = ", ".join(systems.get(name, {}).get("name", name) for name in self.system.split(", "))
        key = f"amendment {self.kind}" + ("" if self.value else " unnamed")
        return say(key, language).format(
            value=value, system=system, dataset=self.dataset, records=small.shown(self.told)
        )


def proposals(connection, context, notice: Notice) -> list[Amendment]:
    """Every amendment that the period in the current database suggests, sorted."""
    sources = (
        _columns(connection),
        _declared(connection, context, notice),
        outside_lists(connection, context, notice),
        _retention(connection),
    )
    return sorted(
        (amendment for source in sources for amendment in source),
        key=lambda a: (a.kind, a.system, a.dataset, a.value, a.records),
    )


def as_data(amendment: Amendment, language: str, systems: dict) -> dict:
    """An amendment for JSON."""
    return {
        "kind": amendment.kind, "system": amendment.system, "dataset": amendment.dataset, "value": amendment.value or None,
        "records": amendment.told, "statement": amendment.statement or None, "text": amendment.text(language, systems),
    }  # fmt: skip


def _columns(connection) -> Iterator[Amendment]:
    """Columns that nobody declared, by their place in the file."""
    rows = connection.execute(
        "select system, dataset, header, coalesce(rows_registered, 0) from feed.columns join feed.files using (system, dataset, file)"
        " where feed.columns.status = 'undeclared'"
    ).fetchall()
    for system, dataset, header, records in rows:
        yield Amendment("column", system, dataset, header, records)


def _declared(connection, context, notice: Notice) -> Iterator[Amendment]:
    """Systems, purposes and categories of personal data that contracts declare and the notice does not speak of."""
    says = notice.says
    rows = dict(connection.execute("select dataset, rows_registered from feed.files where status = 'read'").fetchall())
    observed = dict(
        connection.execute("select kind, count(*) from registry.subject_attributes group by kind").fetchall()
    )
    systems: Counter = Counter()
    categories: dict[str, set[str]] = {}
    for contract in context.contracts:
        personal = [column for column in contract.columns if column.personal]
        if personal and contract.system not in says.get("systems", ()):
            systems[contract.system] += rows.get(contract.dataset) or 0
        if contract.data_subject and contract.purpose not in says.get("purposes", ()):
            yield Amendment(
                "purpose", contract.system, contract.dataset, contract.purpose, rows.get(contract.dataset) or 0
            )
        for column in personal:
            for category in column.categories[:1]:
                categories.setdefault(category, set()).add(contract.system)
    for system, records in systems.items():
        yield Amendment("system", system, "", system, records)
    unsaid = {name: observed.get(name, 0) for name in sorted(categories.keys() - set(says.get("categories", ())))}
    told = small.cover(unsaid)
    for category, values in unsaid.items():
        systems_of = ", ".join(sorted(categories[category]))
        yield Amendment("category", systems_of, "", category, values, is_small=told[category] is None)


def outside_lists(connection, context, notice: Notice) -> Iterator[Amendment]:
    """Recipients, suppliers, roles, message categories and consent purposes outside the controller's lists."""
    by_dataset = {contract.dataset: contract for contract in context.contracts}
    present = registry.columns_present(connection)
    for entry in notice.says.get("values") or ():
        contract, columns = by_dataset[entry["dataset"]], list(entry["columns"])
        if set(columns) - present.get(contract.dataset, set()):
            continue
        names = ", ".join(ident(column) for column in columns)
        filled = " and ".join(f"{ident(column)} is not null" for column in columns)
        rows = connection.execute(
            f"select {names}, count(*) from registry.{ident(contract.dataset)} where {filled} group by all order by all limit {MOST_VALUES}"
        ).fetchall()
        allowed = [
            [row[entry["columns"][column]] for column in columns] for row in context.controller.lists[entry["list"]]
        ]
        shown: Counter = Counter()
        for *values, count in rows:
            if not any(all(want in ("", value) for want, value in zip(row, values, strict=True)) for row in allowed):
                public = [
                    str(value)
                    for column, value in zip(columns, values, strict=True)
                    if not contract.column(column).personal
                ]
                shown[", ".join(public) if all(harmless(connection, value) for value in public) else ""] += count
        told = small.cover(shown)
        for value, count in shown.items():
            covered = told[value] is None
            yield Amendment(entry["kind"], contract.system, contract.dataset, value, count, entry["statement"], covered)


def _retention(connection) -> Iterator[Amendment]:
    """Classes of records whose storage has neither a period nor a criterion."""
    rows = connection.execute(
        "select d.system, s.dataset, s.title, coalesce(f.rows_registered, 0) from registry.schedule as s"
        " join results.datasets as d on d.dataset = s.dataset left join feed.files as f on f.dataset = s.dataset where s.period is null"
    ).fetchall()
    for system, dataset, title, records in rows:
        yield Amendment("storage period", system, dataset, title, records)


def harmless(connection, value: str) -> bool:
    """Whether a value may be quoted: short, and no identity code, account, address or number in it."""
    if len(value) > LONGEST_VALUE:
        return False
    # Every kind of identifier has a digit or an @; the macros that know them take a tenth of a second to compile.
    if not any(character.isdigit() or character == "@" for character in value):
        return True
    return connection.execute(
        "select free_text_kinds($1) is null and not regexp_matches($1, '\\d{5}')", [value]
    ).fetchone()[0]
