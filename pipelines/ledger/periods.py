"""A period's rows into the workbench; states and trends out of all of them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from pipelines.expectations.urgency import RISK, TERM_HOURS, URGENT_HOURS
from pipelines.home import store
from pipelines.sql import literal, render, run_script

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# What is kept of a period, in its own database and in the workbench's.
TABLES = ("periods", "found", "looks", "reads", "feeds", "missing_columns", "rejected", "checks", "terms")
# Relations of the ledger, each after those it reads. Those of many columns stay views.
RELATIONS = ("feed_verdicts", "observability", "hidden", "sights", "courses", "promises", "accepted", "states")
WIDE = ("states",)
TRENDS = ("standing", "trend_ages", "trend_mending", "trend_promises")
# An export may lose this many rows whatever its contract allows: in a small register one row is many percent.
FEW_ROWS = 2
# With more rejected rows than this nobody can say what is among them.
MOST_REJECTED_ROWS = 10_000
# Rules whose findings end with the record: what vanishes as it should does not make an export look cut off.
ERASURES = ("past-retention",)


def take_in(connection: DuckDBPyConnection, period: str) -> None:
    """A period's rows into the workbench, in place of those it had; outputs of later periods are then out of date.

    `connection`: to the workbench, with the period attached as `period`.
    """
    for table in TABLES:
        connection.execute(f"delete from workbench.ledger.{table} where period = $1", [period])
        connection.execute(f"insert into workbench.ledger.{table} by name select * from period.ledger.{table}")
    connection.execute(
        "insert into workbench.ledger.stale_outputs select period from workbench.ledger.periods where period > $1",
        [period],
    )


def draft(connection: DuckDBPyConnection, period: str, *, committed: bool = False) -> None:
    """The catalog `drafts`: rows of the periods up to this one, and every relation of the ledger over them.

    Reads `workbench`, and this period's own rows from `period` unless they are `committed` to the workbench.
    """
    connection.execute("attach if not exists ':memory:' as drafts")
    connection.execute("create schema if not exists drafts.ledger")
    for table in TABLES:
        earlier = f"select * from workbench.ledger.{table} where period {'<=' if committed else '<'} {literal(period)}"
        own = "" if committed else f" union all by name select * from period.ledger.{table}"
        connection.execute(f"create or replace view drafts.ledger.{table} as {earlier}{own}")


def derive(connection: DuckDBPyConnection) -> None:
    """Every relation of the ledger in `drafts`, anew."""
    for name in RELATIONS:
        relate(connection, name)


def relate(connection: DuckDBPyConnection, name: str) -> None:
    """One relation of the ledger in `drafts`, from those before it."""
    kind = "view" if name in WIDE else "table"
    connection.execute(f"create or replace {kind} drafts.ledger.{name} as {select(name)}")


def select(name: str) -> str:
    """SQL of one relation."""
    return render(
        f"ledger/{name}.sql", catalog="drafts", few=FEW_ROWS, most_rejected=MOST_REJECTED_ROWS,
        erasures=", ".join(literal(rule) for rule in ERASURES), term_hours=TERM_HOURS, risks=RISK, urgent_hours=URGENT_HOURS,
    )  # fmt: skip


def settle(connection: DuckDBPyConnection, period: str) -> None:
    """`ledger.states` of this period, the trends up to it and `ledger.feed_verdicts`, in the period's database."""
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


def refresh(home: store.Home) -> None:
    """States, trends and files of every period marked stale, oldest first; each is unmarked when it is written.

    A period whose registry was purged keeps the files it has. What could not be drawn or written is noted in `home.undrawn`:
    a page says so itself; a period whose files could not be written stays marked, for the next command that writes.
    """
    from pipelines.report import undrawn

    with store.looking(home) as connection:
        stale = connection.execute("select distinct period from ledger.stale_outputs order by period").fetchall()
    for (period,) in stale:
        try:
            fault = write_again(home, period) if home.database(period).exists() else ""
        except Exception as error:
            home.undrawn[period] = f"nor findings.csv and worklists: {undrawn.of_the_page(error)}"
            continue
        if fault:
            home.undrawn[period] = fault
        with store.workbench(home) as connection, store.transaction(connection):
            if home.database(period).exists():
                store.attach(connection, home, home.database(period), "period", read_only=True)
                connection.execute("delete from ledger.checks where period = $1", [period])
                connection.execute("insert into ledger.checks by name select * from period.ledger.checks")
            connection.execute("delete from ledger.stale_outputs where period = $1", [period])


def write_again(home: store.Home, period: str) -> str:
    """One period's states and files, from the ledger as it now is; what kept its report from being drawn, '' otherwise."""
    from pipelines.ledger import checks, findings_files, worklists
    from pipelines.report import undrawn as report

    target, fresh = home.reports(period), home.tmp / "again" / period
    shutil.rmtree(fresh, ignore_errors=True)
    with store.reopening(home, period) as connection:
        run_script(connection, render("ledger/tables.sql", catalog="period"))
        draft(connection, period)
        checks.look_again(connection, period)
        settle(connection, period)
        findings_files.write_findings(connection, fresh)
        worklists.write(connection, fresh)
        fault = report.update_or_say(connection, period, target, fresh)
    target.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(target / "worklists", ignore_errors=True)
    for path in sorted(fresh.iterdir()):
        path.replace(target / path.name)
    return fault
