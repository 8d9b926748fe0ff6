"""Findings handed to another person or office than their rule names, and remarks on findings. Rows are added, never changed.

Affected outputs are marked stale, and `pipelines.job.refresh` writes them again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from pipelines.errors import DecisionError
from pipelines.expectations.rule import KEEPER
from pipelines.home import store
from pipelines.known import checked
from pipelines.ledger import journal
from pipelines.ledger.looking import deriving, make_stale, newest
from pipelines.ledger.reported import MOST_OF_A_REMARK
from pipelines.ledger.selection import named
from pipelines.text import one_line

FROM_THE_DESK = "desk"


def keepers(home: store.Home, others: Iterable[str] = ()) -> list[str]:
    """Everybody who can be handed a finding: those who act on some rule in the newest period, and `others`."""
    period, _ = newest(home)
    with store.looking(home) as connection:
        found = connection.execute("select distinct who from ledger.terms where period = $1", [period]).fetchall()
    return sorted(({who for (who,) in found if who} | set(others)) - {KEEPER})


def assign(
    home: store.Home,
    fingerprints: Iterable[str],
    *,
    who: str,
    reason: str,
    by: str,
    others: Iterable[str] = (),
    on: dt.date | None = None,
) -> int:
    """Hands findings to somebody else from the newest period on; an empty `who` gives them back. Returns how many.

    UnknownError for somebody in neither rules nor `others`, DecisionError if name or reason is missing.
    """
    chosen, (by, reason) = list(dict.fromkeys(fingerprints)), journal.check(by, reason, "assign")
    who = checked("keeper", who, keepers(home, others)) if who else ""
    with store.locked(home):
        period = _there(home, chosen)
        with store.workbench(home) as connection, store.transaction(connection):
            connection.execute(
                "insert into ledger.assignments"
                " select (select coalesce(max(number), 0) from ledger.assignments) + row_number() over (order by fingerprint),"
                " fingerprint, $2, $3, $4, $5 from (select unnest($1::varchar[]) as fingerprint)",
                [chosen, period, who, reason, by],
            )
            journal.note(connection, period, journal.Entry("assign", who, by, reason, findings=len(chosen), on=on))
            make_stale(connection, period)
    return len(chosen)


def remark(home: store.Home, fingerprints: Iterable[str], *, text: str, by: str, on: dt.date | None = None) -> int:
    """Stores a remark on findings, replacing an earlier one of the period. Returns how many findings."""
    chosen, (by, text) = list(dict.fromkeys(fingerprints)), journal.check(by, text, "remark")
    text = one_line(text, MOST_OF_A_REMARK)
    with store.locked(home):
        period = _there(home, chosen)
        with store.workbench(home) as connection, store.transaction(connection):
            connection.execute(
                "insert into ledger.reports (number, fingerprint, period, is_done, remark, source)"
                " select (select coalesce(max(number), 0) from ledger.reports) + row_number() over (order by fingerprint),"
                " fingerprint, $2, null, $3, $4 from (select unnest($1::varchar[]) as fingerprint)",
                [chosen, period, text, FROM_THE_DESK],
            )
            journal.note(connection, period, journal.Entry("remark", "", by, text, findings=len(chosen), on=on))
            make_stale(connection, period)
    return len(chosen)


def _there(home: store.Home, chosen: list[str]) -> str:
    """The newest period, which must have all chosen findings."""
    if not chosen:
        raise DecisionError("names no findings", remedy="give their fingerprints; see `vahti findings`")
    period, _ = newest(home)
    with deriving(home, period) as connection:
        named(connection, period, chosen)
    return period
