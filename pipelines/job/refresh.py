"""Rewrites the outputs of periods that no longer agree with the ledger, after a decision or a period taken in again.

They are marked stale in the transaction that changed the ledger; each is unmarked when it is written. What a killed process
or a full disk left behind is rewritten by the next command that enters something.
"""

from __future__ import annotations

import shutil

import duckdb

from pipelines.errors import HomeError
from pipelines.home import store
from pipelines.sql import render, run_script


def refresh(home: store.Home) -> dict[str, str]:
    """Rewrites states, trends and files of every stale period: {period: what could not be drawn or written}.

    Takes the home's lock. HomeError if the disk cannot store them: what was decided or taken in is kept all the same.
    """
    with store.locked(home):
        return refresh_locked(home)


def refresh_locked(home: store.Home) -> dict[str, str]:
    """The same for a caller that has the lock."""
    if not home.workbench.exists():
        return {}
    try:
        return _refresh(home)
    except (OSError, duckdb.Error) as error:
        reason = store.not_written(error)
        if not reason:
            raise
        problem = f"what was entered is kept, but not all reports could be written again: {reason}"
        raise HomeError(problem, file=home.path, remedy=store.MAKE_ROOM) from None


def _refresh(home: store.Home) -> dict[str, str]:
    """Oldest first. A period whose registry was purged keeps its files. A page that could not be drawn says so itself; a
    period whose files could not be written stays marked."""
    with store.looking(home) as connection:
        stale = connection.execute("select distinct period from ledger.stale_outputs order by period").fetchall()
    if not stale:
        return {}
    from pipelines.report import undrawn  # loads what draws the page, if there is one to draw

    faults = {}
    for (period,) in stale:
        try:
            fault = write_again(home, period) if home.database(period).exists() else ""
        except Exception as error:
            faults[period] = f"nor findings.csv and worklists: {undrawn.of_the_page(error)}"
            continue
        if fault:
            faults[period] = fault
        unmark(home, period)
    return faults


def unmark(home: store.Home, period: str) -> None:
    """A rewritten period: its repeated checks are kept, and it is no longer stale."""
    with store.workbench(home) as connection, store.transaction(connection):
        if home.database(period).exists():
            store.attach(connection, home, home.database(period), "period", read_only=True)
            connection.execute("delete from ledger.checks where period = $1", [period])
            connection.execute("insert into ledger.checks by name select * from period.ledger.checks")
        connection.execute("delete from ledger.stale_outputs where period = $1", [period])


def write_again(home: store.Home, period: str) -> str:
    """One period's states and files, from the current ledger; returns what kept its report from being drawn, or ''."""
    from pipelines.ledger import checks, draft, findings_files, settle, worklists  # as above
    from pipelines.report import undrawn

    target, fresh = home.reports(period), home.tmp / "again" / period
    shutil.rmtree(fresh, ignore_errors=True)
    with store.reopening(home, period) as connection:
        run_script(connection, render("home/ledger_tables.sql", catalog="period"))
        draft(connection, period)
        checks.look_again(connection, period)
        settle(connection, period)
        findings_files.write_findings(connection, fresh)
        worklists.write(connection, fresh)
        fault = undrawn.update_or_say(connection, period, target, fresh)
    target.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(target / "worklists", ignore_errors=True)
    for path in sorted(fresh.iterdir()):
        path.replace(target / path.name)
    return fault
