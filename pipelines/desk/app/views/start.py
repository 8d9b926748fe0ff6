"""The first page: what is due today and this week, what others have to do, and what needs a decision."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.desk.app.session import Session
from pipelines.ledger import acceptances, disposals, looking
from pipelines.ledger.tasks import TASKS
from pipelines.notice import conformity
from pipelines.report import standing
from pipelines.sql import render
from pipelines.text import visible

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

GRAVEST = standing.GRAVEST_SHOWN
LINES = 8
ENDING_DAYS = 30


@dataclass(frozen=True)
class Start:
    """The first page. `totals`: of `ledger.standing`; `gravest`: the five gravest items; `today`, `week`: rows of open items
    by rule and owner; `waiting`: a row per owner; `decide`: what needs the officer's own decision."""

    totals: dict
    gravest: list[dict]
    today: list[dict]
    week: list[dict]
    waiting: list[dict]
    ending: list[dict]
    words_wanted: list[dict]
    arrived: dict
    disposals: int

    @property
    def counts(self) -> dict[str, int]:
        """How many open items are due today and this week."""
        return {name: sum(row[name] for row in getattr(self, name)) for name in ("today", "week")}


def start(session: Session) -> Start:
    """The first page of the session's period."""
    return session.once("start", lambda: _start(session))


def _start(session: Session) -> Start:
    speech = session.speech
    with session.reading() as connection:
        found = looking.rows(connection, "select * from ledger.standing where period = $1", [session.period])
        gravest = standing.gravest(connection)[:GRAVEST]
        agenda = [_spoken(session, row) for row in looking.rows(connection, render("desk/agenda.sql"))]
        waiting = looking.rows(connection, render("desk/waiting.sql"))
        arrived = looking.rows(
            connection,
            "select count(*) as expected, count(case when status = 'read' then 1 end) as read from ledger.feeds",
        )[0]
        words_wanted = _words_wanted(session, connection)
    for row in waiting:
        row["owner"] = visible(speech.said(row["who"]))
    return Start(
        standing.totals(found),
        [
            row | {name: speech.said(row[name]) for name in ("title", "todo")} | {"owner": speech.said(row["who"])}
            for row in gravest
        ],
        [row for row in agenda if row["today"]],
        [row for row in agenda if row["week"]],
        waiting,
        _ending(session),
        words_wanted,
        arrived,
        sum(not row["approved_by"] for row in disposals.due(session.home)),
    )


def _spoken(session: Session, row: dict) -> dict:
    task = TASKS.get(row["rule"])
    title = task.title if task else row["title"] or row["rule"]
    return row | {"title": visible(session.speech.said(title)), "owner": visible(session.speech.said(row["who"]))}


def _ending(session: Session) -> list[dict]:
    """Acceptances in force that end soon, one row each: {acceptance, until_on, findings, accepted_by}."""
    found: dict[str, dict] = {}
    for row in acceptances.acceptances(session.home, ENDING_DAYS):
        one = found.setdefault(
            row["acceptance"], {name: row[name] for name in ("acceptance", "until_on", "accepted_by")}
        )
        one["findings"] = one.get("findings", 0) + 1
    return list(found.values())


def _words_wanted(session: Session, connection: DuckDBPyConnection) -> list[dict]:
    """Statements that depend on an attestation and have none, or one that has ended or ends within a month."""
    if session.loaded.notice is None:
        return []
    verdicts = conformity.judge(connection, session.opened)
    soon = session.as_of + dt.timedelta(days=ENDING_DAYS)
    return [
        {
            "id": one.id,
            "text": one.statement.say(session.code),
            "until": one.attestation.until if one.attestation else None,
        }
        for one in verdicts
        if one.statement.attest and (one.attestation is None or one.attestation.until <= soon)
    ]
