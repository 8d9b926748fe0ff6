"""The list of rules, and one rule's page: its reason, its legal basis, and how much it found where."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.desk.app.session import Session
from pipelines.desk.app.views import findings
from pipelines.ledger import looking
from pipelines.report import standing
from pipelines.sql import render
from pipelines.text import visible


@dataclass(frozen=True)
class Rule:
    """One rule: its words, and its sums in `ledger.standing`, in total and by owner and system."""

    words: dict
    totals: dict
    places: list[dict]


def every(session: Session) -> list[dict]:
    """Every rule with its sums, those with the most work first."""
    speech, sums = session.speech, _sums(session)
    with session.reading() as connection:
        found = looking.rows(connection, render("report/rules.sql"))
    rows = [
        row | {"title": visible(speech.said(row["title"]))} | {"totals": standing.totals(sums.get(row["rule"], []))}
        for row in found
    ]
    return sorted(rows, key=lambda row: (-row["totals"]["urgent"], -row["totals"]["open"], row["title"]))


def rule(session: Session, name: str) -> Rule:
    """One rule's page; UnknownError if the period does not have it."""
    words, found = findings.words_of_rule(session, name), _sums(session).get(name, [])
    names = {row["system"]: row["system_name"] for row in findings.every(session)}
    places = [
        {
            "system": system,
            "who": who,
            "system_name": names.get(system, system),
            "owner": visible(session.speech.said(who)),
            "totals": standing.totals([row for row in found if (row["system"], row["who"]) == (system, who)]),
        }
        for system, who in sorted({(row["system"], row["who"]) for row in found if row["items"]})
    ]
    return Rule(words, standing.totals(found), places)


def _sums(session: Session) -> dict[str, list[dict]]:
    """Rows of `ledger.standing` of the period, by rule."""
    sums: dict[str, list[dict]] = {}
    for row in now(session):
        sums.setdefault(row["rule"], []).append(row)
    return sums


def now(session: Session) -> list[dict]:
    """Rows of `ledger.standing` of the period."""
    return session.once("standing", lambda: _now(session))


def _now(session: Session) -> list[dict]:
    with session.reading() as connection:
        return looking.rows(connection, "select * from ledger.standing where period = $1", [session.period])
