"""What contracts and exports show and the notice leaves out, phrased as amendments to it.

A value is quoted only from a column that its contract calls not personal, and only if it does not look like an identifier.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines import small
from pipelines.expectations.notice import Notice
from pipelines.language.languages import N_, Language
from pipelines.notice import released

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.expectations.context import Context

# The proposal of each kind of amendment; `unnamed`: if the value is not quoted.
SENTENCES = {
    "column": N_(
        "Declare column {value} of {system} ({dataset}) in its contract and say in the notice what it is for, or remove it."
    ),
    "system": N_("Name {system} among the systems that hold personal data ({records} records)."),
    "purpose": N_("Name the purpose “{value}”, which {system} ({dataset}) serves."),
    "category": N_("Say that this is held too: {value} ({system}; {records} values in this period)."),
    "recipient": N_("Name the recipient “{value}” ({records} disclosures), or stop disclosing to it."),
    "recipient unnamed": N_(
        "Name, by kind, the recipients of {records} disclosures who are on no list of the controller, or stop disclosing to them."
    ),
    "supplier": N_("Name the supplier “{value}” among the partners, or end its access."),
    "supplier unnamed": N_(
        "Name the {records} suppliers who are on no list of the controller among the partners, or end their access."
    ),
    "role": N_(
        "Say which further roles or organisations reach {value} (accounts outside those that the notice names: {records})."
    ),
    "role unnamed": N_(
        "Say which further roles reach the programs (accounts outside those that the notice names: {records})."
    ),
    "message category": N_(
        "Say that customers are sent messages of the category “{value}” ({records} in this export), or stop sending them."
    ),
    "message category unnamed": N_(
        "Say which further categories of messages customers are sent ({records} in this export), or stop sending them."
    ),
    "consent purpose": N_("Name the purpose “{value}”, to which customers are asked to consent ({records} consents)."),
    "consent purpose unnamed": N_(
        "Name the further purposes to which customers are asked to consent ({records} consents)."
    ),
    "storage period": N_(
        "Give a storage period, or criteria for one, for “{value}” ({records} records): until further notice is neither."
    ),
}


@dataclass(frozen=True)
class Amendment:
    """One thing that the notice leaves out. `value` is empty if it may be personal; `records`: how many show it,
    `told`: that number as shown to outside readers (pipelines.small); `is_nameless`: they do not see the value either."""

    kind: str
    system: str
    dataset: str
    value: str
    records: int
    statement: str = ""
    is_small: bool = False
    is_nameless: bool = False

    @property
    def told(self) -> int | None:
        """The number for outside readers; None if it could single a person out."""
        return None if self.is_small else self.records

    def named(self, outside: bool) -> str:
        """The value, empty if it may be personal; for outside readers also if the findings show how many have it."""
        return "" if outside and self.is_nameless else self.value

    def text(self, speech: Language, systems: dict[str, dict[str, str]], outside: bool = True) -> str:
        """The proposal, as a sentence."""
        value = self.named(outside)
        if self.kind in ("category", "purpose"):
            value = speech.term(value)
        if self.kind == "column":
            value = value.removeprefix("column ")
        if self.kind == "storage period":
            value = speech.said(value)
        system = ", ".join(speech.said(systems.get(name, {}).get("name", name)) for name in self.system.split(", "))
        sentence = SENTENCES[self.kind if value else f"{self.kind} unnamed"]
        return speech.gettext(sentence).format(
            value=value, system=system, dataset=speech.label(self.dataset), records=small.shown(self.told)
        )


def proposals(connection: DuckDBPyConnection, context: Context, notice: Notice) -> list[Amendment]:
    """Every amendment that the period in the current database suggests, sorted."""
    sources = (
        _columns(connection),
        _declared(connection, context, notice),
        outside_lists(connection, context, notice),
        _retention(connection),
    )
    return sorted(
        (amendment for source in sources for amendment in source),
        key=lambda a: (a.kind, a.system, a.dataset, a.is_nameless, a.value, a.records),
    )


def as_data(amendment: Amendment, speech: Language, systems: dict, outside: bool = True) -> dict:
    """An amendment for JSON."""
    return {
        "kind": amendment.kind,
        "system": amendment.system,
        "dataset": amendment.dataset,
        "value": amendment.named(outside) or None,
        "records": amendment.told,
        "statement": amendment.statement or None,
        "text": amendment.text(speech, systems, outside),
    }


def _columns(connection: DuckDBPyConnection) -> Iterator[Amendment]:
    """Undeclared columns, by their position in the file."""
    rows = connection.execute(
        "select system, dataset, header, coalesce(rows_registered, 0) from feed.columns join feed.files using (system, dataset, file)"
        " where feed.columns.status = 'undeclared'"
    ).fetchall()
    for system, dataset, header, records in rows:
        yield Amendment("column", system, dataset, header, records)


def _declared(connection: DuckDBPyConnection, context: Context, notice: Notice) -> Iterator[Amendment]:
    """Systems, purposes and categories of personal data that contracts declare and the notice does not mention."""
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
    parts = released.categories(connection, context.contracts).values()
    for category, values in unsaid.items():
        systems_of = ", ".join(sorted(categories[category]))
        # The record of processing has the numbers by dataset: if it hides one of them, the sum is hidden here.
        hidden = any(told.get(category, 0) is None for told in parts)
        yield Amendment("category", systems_of, "", category, values, is_small=hidden)


def outside_lists(connection: DuckDBPyConnection, context: Context, notice: Notice) -> Iterator[Amendment]:
    """Recipients, suppliers, roles, message categories and consent purposes outside the controller's lists."""
    for each in released.breakdowns(connection, context, notice):
        for value, told in each.told.items():
            yield Amendment(
                each.kind,
                each.contract.system,
                each.contract.dataset,
                value,
                each.counts[value],
                each.statement,
                told is None,
                told is None and each.is_nameless,
            )


def _retention(connection: DuckDBPyConnection) -> Iterator[Amendment]:
    """Classes of records whose storage has neither a period nor a criterion."""
    rows = connection.execute(
        "select d.system, s.dataset, s.title, coalesce(f.rows_registered, 0) from registry.schedule as s"
        " join results.datasets as d on d.dataset = s.dataset left join feed.files as f on f.dataset = s.dataset where s.period is null"
    ).fetchall()
    for system, dataset, title, records in rows:
        yield Amendment("storage period", system, dataset, title, records)
