"""The ledger as it is now, read from the workbench alone: also for periods whose registry was purged."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from pipelines.errors import DecisionError
from pipelines.home import store
from pipelines.ledger.periods import RELATIONS, draft, relate

FINDING_COLUMNS = (
    "fingerprint", "kind", "rule", "category", "severity", "system", "dataset", "record_key", "field", "due_on",
    "state", "is_found", "is_there", "first_seen", "last_seen", "resolved_on", "age_days", "periods_open",
    "act_by", "promise", "reason",
    "accepted_until", "remark",
)  # fmt: skip


def states(home: store.Home, period: str | None = None) -> list[dict[str, object]]:
    """One mapping of FINDING_COLUMNS per finding or task known by a period, the newest by default."""
    name, _ = newest(home, period)
    with deriving(home, name) as connection:
        return rows(connection, f"select {', '.join(FINDING_COLUMNS)} from drafts.ledger.states where period = $1"
                    " order by rule, system, dataset, record_key, field, fingerprint", [name])  # fmt: skip


def one(home: store.Home, reference: str, period: str | None = None) -> dict[str, object]:
    """Everything that the ledger has of one finding, the customer's number too, by its fingerprint; DecisionError for no such."""
    name, _ = newest(home, period)
    with deriving(home, name) as connection:
        columns = ", ".join((*FINDING_COLUMNS, "customer_number", "detail"))
        found = rows(connection, f"select {columns} from drafts.ledger.states where period = $1 and fingerprint = $2",
                     [name, reference])  # fmt: skip
    if not found:
        raise DecisionError(
            f"no finding {reference} in {name}", place="--show",
            remedy="write the reference as findings.csv has it; --period names another period",
        )  # fmt: skip
    return found[0] | {"period": name}


def make_stale(connection, period: str) -> None:
    """The period's files, and those of later ones, are to be written again."""
    connection.execute(
        "insert into ledger.stale_outputs select period from ledger.periods where period >= $1", [period]
    )


def newest(home: store.Home, period: str | None = None) -> tuple[str, dict]:
    """(period, note) of the period asked for, the newest by default, whether or not its registry is still there."""
    known = store.periods(home)
    name = period or max(known, default=None)
    if name not in known:
        known_ones = f"there are: {', '.join(known)}" if known else "take exports in first: vahti run"
        raise DecisionError(
            f"no period {period}" if period else "no period was taken in yet", file=home.path, remedy=known_ones
        )
    return name, known[name]


@contextlib.contextmanager
def deriving(home: store.Home, period: str) -> Iterator:
    """A read-only connection to the workbench with `drafts` up to a period and every relation over it."""
    with store.workbench(home, read_only=True) as connection:
        draft(connection, period, committed=True)
        for name in RELATIONS:
            relate(connection, name)
        yield connection


def rows(connection, sql: str, parameters: list | dict | None = None) -> list[dict[str, object]]:
    """A SELECT's rows as mappings."""
    found = connection.execute(sql, parameters or [])
    names = [item[0] for item in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
