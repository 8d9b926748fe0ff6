"""States and trends from the rows that the home keeps of every period."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from pipelines.expectations.urgency import RISK, TERM_HOURS, URGENT_HOURS
from pipelines.home import store
from pipelines.sql import literal, one_value, render

# Relations of the ledger, each after those it reads. Wide ones stay views.
RELATIONS = ("feed_verdicts", "observability", "hidden", "sights", "courses", "promises", "accepted", "states")
WIDE = ("states",)
TRENDS = ("standing", "trend_ages", "trend_mending", "trend_promises")
# An export may lose this many rows whatever its contract allows: in a small register one row is many percent.
FEW_ROWS = 2
# If there are more rejected rows than this, their contents are not searched.
MOST_REJECTED_ROWS = 10_000
# Rules whose findings end with the record: if it is rightly erased, the export does not look truncated.
ERASURES = ("past-retention",)


def draft(connection: DuckDBPyConnection, period: str, *, committed: bool = False) -> None:
    """The catalog `drafts`: rows of the periods up to this one, and every relation of the ledger over them.

    Reads `workbench`, and this period's own rows from `period` unless they are `committed` to the workbench.
    """
    connection.execute("attach if not exists ':memory:' as drafts")
    connection.execute("create schema if not exists drafts.ledger")
    for table in store.LEDGER_TABLES:
        earlier = f"select * from workbench.ledger.{table} where period {'<=' if committed else '<'} {literal(period)}"
        own = "" if committed else f" union all by name select * from period.ledger.{table}"
        connection.execute(f"create or replace view drafts.ledger.{table} as {earlier}{own}")
    there = "select count(*) from duckdb_tables() where database_name = 'workbench' and table_name = 'assignments'"
    of_before = "select null::varchar as fingerprint, '' as from_period, '' as who, 0 as number where false"
    known = one_value(connection, there)  # a home of an earlier version has none
    connection.execute(
        f"create or replace view drafts.ledger.assignments as {'from workbench.ledger.assignments' if known else of_before}"
    )


def derive(connection: DuckDBPyConnection) -> None:
    """Recreates every relation of the ledger in `drafts`."""
    for name in RELATIONS:
        relate(connection, name)


def relate(connection: DuckDBPyConnection, name: str) -> None:
    """Creates one relation of the ledger in `drafts`, from those before it."""
    kind = "view" if name in WIDE else "table"
    connection.execute(f"create or replace {kind} drafts.ledger.{name} as {select(name)}")


def select(name: str) -> str:
    """SQL of one relation."""
    return render(
        f"ledger/{name}.sql",
        catalog="drafts",
        few=FEW_ROWS,
        most_rejected=MOST_REJECTED_ROWS,
        erasures=", ".join(literal(rule) for rule in ERASURES),
        term_hours=TERM_HOURS,
        risks=RISK,
        urgent_hours=URGENT_HOURS,
    )


def settle(connection: DuckDBPyConnection, period: str) -> None:
    """Writes `ledger.states` of this period, the trends up to it and `ledger.feed_verdicts` to the period's database."""
    derive(connection)
    connection.execute(
        f"create or replace table period.ledger.states as"
        f" select * from drafts.ledger.states where period = {literal(period)}"
        " order by rule, system, dataset, record_key, field, fingerprint"
    )
    connection.execute(
        f"create or replace table period.ledger.feed_verdicts as"
        f" select * from drafts.ledger.feed_verdicts where period = {literal(period)} order by dataset"
    )
    connection.execute(f"create or replace table period.ledger.in_force as {select('in_force')} order by all")
    for name in TRENDS:
        connection.execute(
            f"create or replace table period.ledger.{name} as select * from ({select(name)}) order by all"
        )
