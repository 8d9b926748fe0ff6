"""The list of findings with its filters, and one finding's page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.desk.app.session import Session
from pipelines.errors import UnknownError
from pipelines.language.languages import N_
from pipelines.ledger import findings_files, journal, looking
from pipelines.ledger.tasks import TASKS
from pipelines.sql import render
from pipelines.text import visible

SHOWN = 50
FILTERS = ("rule", "system", "who", "state", "due")
# Of the list: what is to be dealt with, everything still there, what is gone since the period before, or one state.
OPEN, URGENT, THERE, MENDED = "open", "urgent", "there", "mended"
STATES = (OPEN, URGENT, THERE, MENDED, "reported done", "accepted", "resolved", "not observable")
# By the day to act by, counted from the as-of date: (first, last) day of each choice, None where there is no such end.
DUE = {"late": (None, -1), "today": (None, 0), "week": (1, 7), "month": (1, 31)}


@dataclass(frozen=True)
class Listing:
    """Findings that the filters leave, SHOWN of them from `start` on; `choices`: by filter, (value, name) that there are."""

    rows: list[dict]
    total: int
    start: int
    filters: dict[str, str]
    choices: dict[str, list[tuple[str, str]]]

    @property
    def following(self) -> int | None:
        """Where the next page begins, None on the last."""
        return self.start + SHOWN if self.start + SHOWN < self.total else None

    @property
    def preceding(self) -> int | None:
        """Where the page before begins, None on the first."""
        return max(0, self.start - SHOWN) if self.start else None


def listing(session: Session, query: Mapping[str, str]) -> Listing:
    """The findings of the session's period that the query's filters leave, the gravest first."""
    found = every(session)
    filters = {name: query.get(name, "") for name in FILTERS}
    filters["state"] = filters["state"] if filters["state"] in STATES else OPEN
    chosen = [row for row in found if fits(row, filters)]
    start = int(query.get("from", "0")) if query.get("from", "0").isdecimal() else 0
    start = start if start < max(len(chosen), 1) else 0
    return Listing(chosen[start : start + SHOWN], len(chosen), start, filters, _choices(session, found))


def every(session: Session) -> list[dict]:
    """Every finding and task known by the period, as the pages show it."""
    return session.once("findings", lambda: _every(session))


def _every(session: Session) -> list[dict]:
    with session.reading() as connection:
        sql = render(
            "desk/listed.sql",
            telling=findings_files.telling_rules(connection),
            holds_number=findings_files.HOLDS_NUMBER,
        )
        found = looking.rows(connection, sql)
    return [_spoken(session, row) for row in found]


def _spoken(session: Session, row: dict) -> dict:
    """The row with its names in her language; a key that reveals who is protected is left out."""
    speech, task = session.speech, TASKS.get(row["rule"])
    title, todo = (task.title, task.todo) if task else (row["title"] or row["rule"], row["todo"])
    return row | {
        "title": visible(speech.said(title)),
        "todo": visible(speech.said(todo)),
        "owner": visible(speech.said(row["who"])),
        "system_name": visible(speech.said(row["system_name"])),
        "dataset_name": visible(speech.label(row["dataset"])),
        "field_name": visible(speech.label(row["field"])),
        "key": "" if row["hides"] else visible(speech.header(row["record_key"] or "")),
        "remark": visible(row["remark"]),
    }


def fits(row: dict, filters: Mapping[str, str]) -> bool:
    """Whether a row is left by filters."""
    first, last = DUE.get(filters["due"], (None, None))
    days = row["days_left"]
    return (
        filters["rule"] in ("", row["rule"])
        and filters["system"] in ("", row["system"])
        and filters["who"] in ("", row["who"])
        and {OPEN: row["is_open"], URGENT: row["is_urgent"], THERE: row["is_there"], MENDED: row["is_mended"]}.get(
            filters["state"], row["state"] == filters["state"]
        )
        and (first is None or days >= first)
        and (last is None or days <= last)
    )


def _choices(session: Session, found: list[dict]) -> dict[str, list[tuple[str, str]]]:
    names = {"rule": "title", "system": "system_name", "who": "owner"}
    return {
        column: sorted({(row[column], row[name]) for row in found}, key=lambda each: (each[1].casefold(), each[0]))
        for column, name in names.items()
    }


@dataclass(frozen=True)
class Finding:
    """One finding: its row, its rule's words, its state in every period up to this one, and what was said of it."""

    row: dict
    rule: dict
    course: list[dict]
    said: list[dict]


def finding(session: Session, fingerprint: str) -> Finding:
    """One finding's page; UnknownError where the period knows no such."""
    row = next((row for row in every(session) if row["fingerprint"] == fingerprint), None)
    if row is None:
        raise UnknownError(
            N_("there is no such finding in this period"), remedy=N_("choose it from the list of findings")
        )
    return Finding(
        row,
        words_of_rule(session, row["rule"]),
        course(session, fingerprint),
        journal.of_finding(session.home, fingerprint),
    )


def words_of_rule(session: Session, rule: str) -> dict:
    """Why a rule is there, what to do about it, who has to, and on whose word; of a kind of task, what the product says."""
    with session.reading() as connection:
        found = [each for each in looking.rows(connection, render("report/rules.sql")) if each["rule"] == rule]
    speech = session.speech
    if not found:
        task = TASKS.get(rule)
        if task is None:
            raise UnknownError(
                N_("there is no such rule in this period"), remedy=N_("choose it from the list of rules")
            )
        row: dict[str, Any] = {
            "rule": rule,
            "title": task.title,
            "why": "",
            "todo": task.todo,
            "owner": "",
            "mandate": "GDPR art. 17, 19",
        }
        row |= {"severity": task.severity, "category": task.category, "notice": [], "review_overdue": False}
    else:
        row = found[0]
    words = {name: visible(speech.said(row[name] or "")) for name in ("title", "why", "todo", "owner", "mandate")}
    return row | words | {"notice": list(row["notice"] or [])}


def course(session: Session, fingerprint: str) -> list[dict]:
    """One row per period up to this one since the finding was first seen: {period, state, who, act_by}."""
    with looking.deriving(session.home, session.period) as connection:
        found = looking.rows(
            connection,
            "select period, state, who, act_by from drafts.ledger.states where fingerprint = $1 order by period",
            [fingerprint],
        )
    for row in found:
        row |= {"period": dt.date.fromisoformat(row["period"]), "owner": visible(session.speech.said(row["who"]))}
    return found
