"""A period's released tables, considered together: no table may reveal what another hides.

findings.csv, findings.parquet, ledger.csv, the report, notice.json, the record of processing and the bundle of them go to
readers outside the team. Two of them have counts by an attribute of persons: values outside the controller's lists
(notice.json), and values of each kind of personal data by dataset (record of processing), whose sums are in notice.json.
`pipelines.small` hides the small ones. These must be hidden with them:

- The details of a rule that reads a broken-down column, once a count of that breakdown is hidden: they would list what it counts.
- The sum over datasets, if the count of one of them is hidden.
- The customer number in a finding that alone reveals a protected address, and in every other finding on the same record.
  A reference replaces it, made of the period and a number that says nothing of the customer; the period's note leads from it
  to the finding in the ledger, and `vahti findings --show` to the customer, which is logged. The same reference replaces a
  record key that contains the customer's number.

Worklists are the keepers' own sheets and keep the record's key. The database, the desk and its notebooks keep everything.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines import small
from pipelines.expectations.contract import Contract
from pipelines.expectations.opened import OpenedPeriod
from pipelines.ledger import findings_files
from pipelines.registry import build as registry
from pipelines.sql import ident, insert, one_value, render

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.expectations.context import Context
    from pipelines.expectations.load import Expectations
    from pipelines.expectations.notice import Notice

LONGEST_VALUE = 60
MOST_VALUES = 1000


@dataclass(frozen=True)
class Breakdown:
    """How many records have each value that is on no list of the controller's; the value is empty if it may be personal."""

    kind: str
    contract: Contract
    statement: str
    columns: tuple[str, ...]
    counts: dict[str, int]

    @property
    def told(self) -> dict[str, int | None]:
        """The counts for outside readers."""
        return small.cover(self.counts)

    @property
    def hides(self) -> bool:
        """Whether any count is hidden."""
        return None in self.told.values()

    @property
    def is_nameless(self) -> bool:
        """Whether the values are hidden from outside readers too, because the number of findings shows how many have them."""
        return small.tells(self.counts)


def reserve(connection: DuckDBPyConnection, opened: OpenedPeriod) -> None:
    """`results.reserved`: a row for each finding that is handed out only in part, and `results.telling_rules`.

    Reads results.findings and the registry; `pipelines.ledger.findings_files` and the report read it.
    """
    loaded = opened.expectations
    connection.execute("create or replace table results.telling_rules (rule varchar)")
    connection.execute("create or replace temp table listing_rules (rule varchar, dataset varchar)")
    insert(connection, "results.telling_rules", [(rule,) for rule in telling_rules(loaded)])
    insert(connection, "listing_rules", listing_rules(connection, opened.context, loaded))
    subject = loaded.controller.subject[0]
    connection.execute(
        render("notice/reserved.sql", subject=subject, period=opened.name, holds_number=findings_files.HOLDS_NUMBER)
    )


def references(connection: DuckDBPyConnection) -> dict[str, str]:
    """By reference, the fingerprint of its finding: what the period's note keeps."""
    return dict(
        connection.execute(
            "select r.reference, s.fingerprint from results.reserved as r join ledger.states as s on s.kind = 'finding'"
            " and s.is_found and s.rule = r.rule and s.dataset = r.dataset and s.record_key = r.record_key"
            " and s.field = r.field where r.hides_customer order by r.reference"
        ).fetchall()
    )


def telling_rules(loaded: Expectations) -> list[str]:
    """Rules whose findings alone reveal that a person's address is protected: they read the column that says so."""
    access = loaded.controller.access
    column = access.get("protected") if isinstance(access, dict) else None
    return [rule.id for rule in loaded.domain_rules if column and _reads(rule.sql, str(column))]


def listing_rules(connection: DuckDBPyConnection, context: Context, loaded: Expectations) -> list[tuple[str, str]]:
    """(rule, dataset) of every rule that reads the column of a breakdown with a hidden count."""
    found = set()
    for each in breakdowns(connection, context, loaded.notice) if loaded.notice else ():
        if each.hides:
            rules = [rule for rule in loaded.domain_rules if any(_reads(rule.sql, name) for name in each.columns)]
            found |= {(rule.id, each.contract.dataset) for rule in rules}
    return sorted(found)


def _reads(sql: str, column: str) -> bool:
    return re.search(rf"\b{re.escape(column)}\b", sql, re.IGNORECASE) is not None


def categories(connection: DuckDBPyConnection, contracts: tuple[Contract, ...]) -> dict[str, dict[str, int | None]]:
    """By dataset, how many values there are of each kind of personal data that its contract declares; None: not handed out."""
    rows = connection.execute(
        "select dataset, kind, count(*) from registry.subject_attributes group by dataset, kind"
    ).fetchall()
    observed = {(dataset, kind): count for dataset, kind, count in rows}
    return {
        contract.dataset: small.cover({kind: observed.get((contract.dataset, kind), 0) for kind in _kinds(contract)})
        for contract in contracts
    }


def _kinds(contract: Contract) -> list[str]:
    named = (
        column.categories[0] if column.categories else "dpv:PersonalData"
        for column in contract.columns
        if column.personal
    )
    return list(dict.fromkeys(named))


def breakdowns(connection: DuckDBPyConnection, context: Context, notice: Notice | None) -> Iterator[Breakdown]:
    """Recipients, suppliers, roles, message categories and consent purposes outside the controller's lists."""
    by_dataset = {contract.dataset: contract for contract in context.contracts}
    present = registry.columns_present(connection)
    for entry in (notice.says.get("values") or ()) if notice else ():
        contract, columns = by_dataset[entry["dataset"]], entry["columns"]
        if columns.keys() - present.get(contract.dataset, set()):
            continue
        allowed = [[row[listed] for listed in columns.values()] for row in context.controller.lists[entry["list"]]]
        counts: Counter = Counter()
        for *values, count in _values(connection, contract.dataset, list(columns)):
            if not any(all(want in ("", value) for want, value in zip(row, values, strict=True)) for row in allowed):
                counts[_label(connection, contract, columns, values)] += count
        yield Breakdown(entry["kind"], contract, entry["statement"], tuple(columns), dict(counts))


def _values(connection: DuckDBPyConnection, dataset: str, columns: list[str]) -> list[tuple]:
    """The values that occur together in these columns, and how often."""
    names = ", ".join(ident(column) for column in columns)
    filled = " and ".join(f"{ident(column)} is not null" for column in columns)
    return connection.execute(
        f"select {names}, count(*) from registry.{ident(dataset)} where {filled} group by all order by all limit {MOST_VALUES}"
    ).fetchall()


def _label(connection: DuckDBPyConnection, contract: Contract, columns: Iterable[str], values: list) -> str:
    """The values that may be quoted: from columns that are not personal, and not looking like an identifier."""
    public = [str(value) for column, value in zip(columns, values, strict=True) if not contract.column(column).personal]
    return ", ".join(public) if all(harmless(connection, value) for value in public) else ""


def harmless(connection: DuckDBPyConnection, value: str) -> bool:
    """Whether a value may be quoted: short, and without an identity code, account, address or number."""
    if len(value) > LONGEST_VALUE:
        return False
    # Every kind of identifier has a digit or an @; the macros that recognise them take a tenth of a second to compile.
    if not any(character.isdigit() or character == "@" for character in value):
        return True
    plain = "select free_text_kinds($1) is null and not regexp_matches($1, '\\d{5}')"
    return bool(one_value(connection, plain, [value]))
