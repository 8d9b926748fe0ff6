"""The journal of decisions: what was done about what, on which day, by whom and why. Rows are added with the decision itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.errors import DecisionError
from pipelines.home import store
from pipelines.language.languages import N_
from pipelines.ledger.looking import rows
from pipelines.sql import one_value, render
from pipelines.text import names_somebody

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TABLES = ("journal", "acceptances", "withdrawals", "reports", "attestations", "subject_answers", "subject_redactions")


@dataclass(frozen=True)
class Entry:
    """One decision. `about`: the acceptance's number, the class, or whoever something was handed to; `findings`: how many it
    concerns; `on`: the day, if given."""

    what: str
    about: str
    by: str
    reason: str
    second: str = ""
    findings: int = 0
    on: dt.date | None = None


def note(connection: DuckDBPyConnection, period: str, entry: Entry) -> None:
    """Adds an entry, in its decision's transaction."""
    connection.execute(
        "insert into ledger.journal select (select coalesce(max(number), 0) + 1 from ledger.journal), $1, $2, $3, $4, $5, $6, $7, $8",
        [entry.on, period, entry.what, entry.about, entry.findings, entry.by, entry.second, entry.reason],
    )


def check(by: str, reason: str, what: str) -> tuple[str, str]:
    """(name, reason), trimmed; DecisionError if one is missing or the reason names a person."""
    by, reason = by.strip(), reason.strip()
    if not by or not reason:
        raise DecisionError(N_("the name or the reason is missing"), remedy=N_("say who decides, and why"), place=what)
    if names_somebody(reason):
        raise DecisionError(
            N_("the reason holds a personal value"),
            remedy=N_("name the record or the task, not the person"),
            place=what,
        )
    return by, reason


def entries(home: store.Home) -> list[dict]:
    """Every decision of a home, newest first: {decided_on, period, what, about, findings, decided_by, second_name, reason}.

    Decisions from before there was a journal have no day.
    """
    if not home.workbench.exists():
        return []
    with store.workbench(home, read_only=True) as connection:
        there = connection.execute(
            "select table_name from duckdb_tables() where database_name = current_database()"
        ).fetchall()
        known = {name for (name,) in there}
        return rows(connection, render("ledger/journal.sql", known=[name for name in TABLES if name in known]))


def of_finding(home: store.Home, fingerprint: str) -> list[dict]:
    """What was decided and noted about one finding, oldest first: {period, what, about, decided_by, reason}."""
    with store.workbench(home, read_only=True) as connection:
        there = one_value(connection, "select count(*) from duckdb_tables() where table_name = 'assignments'")
        sql = render("ledger/said_of_finding.sql", assigned=bool(there))
        return rows(connection, sql, {"fingerprint": fingerprint})
