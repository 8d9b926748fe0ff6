"""The report's section on what became of the findings: new, fixed, promised, late, by period and by system.

It depends only on the ledger's tables in a period's database, so that it can be rewritten after a later decision without
the expectations that the rest of the page was made with.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

from pipelines.expectations.rule import STATES
from pipelines.ledger.looking import rows
from pipelines.sql import render
from pipelines.text import visible

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PERIODS_SHOWN = 8
# Bars of the picture: what is still there, by state. Colours differ in lightness.
BARS = {"new": ("new", "reappeared"), "open": ("open", "reported done"), "accepted": ("accepted",)}
COLOURS = {"new": "#9c2a1f", "open": "#e39b3b", "accepted": "#b9cfdd"}
SUMS = (
    "quarter",
    "half_year",
    "year",
    "older",
    "accepted",
    "late",
    "mended",
    "mended_now",
    "promised",
    "kept",
    "missed",
    "pending",
)


def facts(connection: DuckDBPyConnection, language: str = "") -> dict:
    """The section's numbers, of the period in the current database, with systems named for readers of a language.

    periods: the last PERIODS_SHOWN dates; findings, tasks: {state: a count per period}; systems: a row per system; sums: over
    them; now: the findings of the newest period by state.
    """
    periods: list[dt.date] = []
    counts: dict[str, dict[str, dict]] = {"finding": defaultdict(dict), "task": defaultdict(dict)}
    for period, kind, state, number in connection.execute(render("report/work_states.sql")).fetchall():
        periods = periods if period in periods else [*periods, period]
        counts[kind][state][period] = number
    shown = periods[-PERIODS_SHOWN:]
    named = {"period": shown[-1].isoformat() if shown else "", "language": language}
    systems = [
        row | {"title": visible(row["title"])} for row in rows(connection, render("report/work_systems.sql"), named)
    ]
    return {
        "periods": shown,
        "findings": _by_state(counts["finding"], shown),
        "tasks": _by_state(counts["task"], shown) if counts["task"] else {},
        "now": {state: counts["finding"][state].get(shown[-1], 0) if shown else 0 for state in STATES},
        "systems": systems,
        "sums": {name: sum(row[name] for row in systems) for name in SUMS},
    }


def words(_: Callable[[str], str]) -> dict[str, str]:
    """The ledger's words for the reader."""
    return {
        "new": _("New"),
        "open": _("Open since before"),
        "reappeared": _("Reappeared"),
        "reported done": _("Reported done"),
        "accepted": _("Accepted"),
        "not observable": _("Not observable"),
        "resolved": _("Resolved"),
    }


def bars(work: dict) -> list[tuple[str, str, list[int]]]:
    """(bar, colour, a count per period) of the picture."""
    columns = range(len(work["periods"]))
    return [
        (bar, COLOURS[bar], [sum(work["findings"][s][c] for s in states) for c in columns])
        for bar, states in BARS.items()
    ]


def _by_state(counts: dict[str, dict], periods: list[dt.date]) -> dict[str, list[int]]:
    return {state: [counts[state].get(period, 0) for period in periods] for state in STATES}
