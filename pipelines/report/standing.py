"""The open work of the opened period: every number of findings and tasks on the page, from `ledger.standing`.

Depends on the period's database alone, so that these parts of the page can be rewritten after a later decision.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

from pipelines.expectations.rule import CATEGORIES, SEVERITIES
from pipelines.ledger.looking import rows
from pipelines.ledger.tasks import TASKS
from pipelines.sql import one_value, render
from pipelines.text import visible

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Sums of `ledger.standing`; the others count items in a state of their own.
SUMS = ("open", "fresh", "back", "urgent", "late", "passed", "mended")
STATES = {"reported": "reported done", "accepted": "accepted", "unseen": "not observable"}
GRAVEST_SHOWN = 5


def facts(connection: DuckDBPyConnection, titles: dict[str, str]) -> dict:
    """By `totals` and the totals of the period `before` (None for the first), `owners`, `systems` and `rules`, the gravest
    items and the acceptances in force. `titles`: every system of the period by name."""
    standing = rows(connection, "select * from ledger.standing order by all")
    period = one_value(connection, "select max(period) from ledger.periods")
    now = [row for row in standing if row["period"] == period]
    earlier = max((row["period"] for row in standing if row["period"] < period), default=None)
    return {
        "period": dt.date.fromisoformat(period),
        "as_of": one_value(connection, "select as_of from ledger.periods"),
        "totals": totals(now),
        "before": totals([row for row in standing if row["period"] == earlier]) if earlier else None,
        "since": dt.date.fromisoformat(earlier) if earlier else None,
        "owners": owners(now),
        "by_category": [sum(row["open"] for row in now if row["category"] == each) for each in CATEGORIES],
        "systems": systems(now, titles),
        "rules": {rule: totals([row for row in now if row["rule"] == rule]) for rule in {row["rule"] for row in now}},
        "gravest": gravest(connection),
        "acceptances": acceptances(connection),
    }


def totals(found: list[dict]) -> dict:
    """Sums over rows of `ledger.standing`."""
    sums = {name: sum(row[name] for row in found) for name in SUMS}
    sums |= {name: sum(row["items"] for row in found if row["state"] == state) for name, state in STATES.items()}
    sums |= {severity: sum(row["open"] for row in found if row["severity"] == severity) for severity in SEVERITIES}
    days = [row["oldest_passed"] for row in found if row["oldest_passed"]]
    tasks = sum(row["open"] for row in found if row["kind"] == "task")
    fresh = sum(row["urgent"] for row in found if row["state"] == "new")
    back = sum(row["urgent"] for row in found if row["state"] == "reappeared")
    return sums | {
        "tasks": tasks,
        "findings": sums["open"] - tasks,
        "since_before": sums["open"] - sums["fresh"] - sums["back"],
        "urgent_fresh": fresh,
        "urgent_back": back,
        "urgent_since_before": sums["urgent"] - fresh - back,
        "oldest_passed": min(days, default=None),
    }


def owners(found: list[dict]) -> list[dict]:
    """Who has to act, the most urgent first."""
    names = {row["who"] for row in found if row["open"]}
    counted = [{"who": visible(who)} | totals([row for row in found if row["who"] == who]) for who in names]
    return sorted(counted, key=lambda row: (-row["urgent"], *(-row[severity] for severity in SEVERITIES), row["who"]))


def systems(found: list[dict], titles: dict[str, str]) -> list[dict]:
    """Open items of every system by category and by severity, most first."""
    cells: dict[tuple[str, str], int] = defaultdict(int)
    bars: dict[tuple[str, str], int] = defaultdict(int)
    for row in found:
        cells[row["system"], row["category"]] += row["open"]
        bars[row["system"], row["severity"]] += row["open"]
    listed = [
        {
            "title": title,
            "total": sum(cells[system, category] for category in CATEGORIES),
            "cells": [cells[system, category] for category in CATEGORIES],
            "severities": [bars[system, severity] for severity in SEVERITIES],
        }
        for system, title in titles.items()
    ]
    return sorted(listed, key=lambda row: (-row["total"], row["title"]))


def gravest(connection: DuckDBPyConnection) -> list[dict]:
    """Open items by rule and who has to act, gravest first: {rule, title, todo, who, open, term_hours, days_left …}."""
    found = rows(connection, render("report/gravest.sql"))
    for row in found:
        task = TASKS.get(row["rule"])
        row |= {"title": task.title, "todo": task.todo} if task else {}
        row |= {name: " ".join(visible(row[name] or row["rule"]).split()) for name in ("title", "todo", "who")}
        row["is_task"] = task is not None
    return found


def acceptances(connection: DuckDBPyConnection) -> list[dict]:
    """What is accepted and still there, by acceptance and rule: how many, who decided, why, since when and until when."""
    found = rows(connection, render("report/acceptances.sql"))
    for row in found:
        task = TASKS.get(row["rule"])
        row["title"] = task.title if task else row["title"] or row["rule"]
        row |= {name: visible(row[name]) for name in ("title", "accepted_by", "second_name", "reason")}
    return found
