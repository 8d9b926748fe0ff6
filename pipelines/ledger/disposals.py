"""What may be erased: classes of the disposal schedule with records past their last day, and who approved their erasure.

An approval is for a list as it was: records due later, or changed, need another. Rows are added, never changed.
"""

from __future__ import annotations

import datetime as dt

from pipelines.errors import DecisionError
from pipelines.expectations.acceptance import Acceptance
from pipelines.home import store
from pipelines.known import checked
from pipelines.language.languages import N_
from pipelines.ledger import controls, journal
from pipelines.ledger.looking import newest, rows
from pipelines.sql import one_value, render

APPROVED, WITHDRAWN = "approved", "withdrawn"
# A controller who wants two names to keep what should go wants them to erase it.
FOUR_EYES = {"past-retention", "retention"}


def due(home: store.Home, period: str | None = None) -> list[dict]:
    """One mapping per class: class, dataset, title, mandate, records, first_day, keys_sha256; and if exactly this list is
    approved, approved_by, second_name, reason and since (the period)."""
    name, _ = newest(home, period)
    with store.reading(home, name) as connection:
        found = rows(connection, render("ledger/disposals.sql"))
    approved = _approvals(home)
    for row in found:
        word = approved.get(row["class"], {})
        holds = word.get("answer") == APPROVED and word["keys_sha256"] == row["keys_sha256"]
        row |= {
            "approved_by": word["approved_by"] if holds else "",
            "second_name": word["second_name"] if holds else "",
            "reason": word["reason"] if holds else "",
            "since": word["period"] if holds else "",
        }
    return found


def keys(home: store.Home, cls: str) -> list[dict]:
    """The records of a class that are due in the newest period: {system, dataset, record_key, last_day}."""
    name, _ = newest(home)
    with store.reading(home, name) as connection:
        select = (
            "select system, dataset, record_key, last_day from registry.retention where state = 'due' and class = $1"
        )
        return rows(connection, f"{select} order by dataset, record_key", [cls])


def needs_second(terms: Acceptance) -> bool:
    """Whether the controller requires two names for a disposal."""
    return bool(FOUR_EYES & set(terms.second_name))


def answer(
    home: store.Home,
    cls: str,
    what: str,
    *,
    reason: str,
    by: str,
    second: str = "",
    terms: Acceptance | None = None,
    on: dt.date | None = None,
) -> int:
    """Approves the erasure of a class's records as listed in the newest period, or withdraws that; returns how many records.

    UnknownError for a class with nothing due, DecisionError if a name is missing or there is nothing to withdraw.
    """
    by, reason = journal.check(by, reason, "disposals")
    second = second.strip()
    with store.locked(home):
        period, _ = newest(home)
        listed = {row["class"]: row for row in due(home)}
        row = listed[checked("class with records to erase", cls, list(listed))]
        if what == APPROVED:
            _check_names(by, second, terms or Acceptance())
        elif not row["approved_by"]:
            raise DecisionError(N_("nothing is approved there"), remedy=N_("see `vahti disposals`"), place="disposals")
        with store.workbench(home) as connection, store.transaction(connection):
            connection.execute(
                "insert into ledger.disposals select (select coalesce(max(number), 0) + 1 from ledger.disposals),"
                " $1, $2, $3, $4, $5, $6, $7, $8",
                [period, cls, row["records"], row["keys_sha256"], what, reason, by, second],
            )
            entry = journal.Entry(f"disposal {what}", cls, by, reason, second, row["records"], on)
            journal.note(connection, period, entry)
    return row["records"]


def _check_names(by: str, second: str, terms: Acceptance) -> None:
    if needs_second(terms) and not second:
        raise DecisionError(
            N_("this cannot be approved by one person alone"),
            place="disposals",
            remedy=N_("name who else decided it (`acceptance.second_name` in controller.yaml)"),
        )
    if second and controls.names(second) == controls.names(by):
        raise DecisionError(
            N_("both names are the same person's"), place="--second", remedy=N_("name somebody else who decided it too")
        )


def _approvals(home: store.Home) -> dict[str, dict]:
    """The newest decision on every class that has one."""
    with store.looking(home) as connection:
        there = "select count(*) from duckdb_tables() where database_name = 'workbench' and table_name = 'disposals'"
        if not one_value(connection, there):
            return {}
        found = rows(connection, "select * from ledger.disposals order by number")
    return {row["class"]: row for row in found}
