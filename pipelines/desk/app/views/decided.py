"""Decisions made, and the findings that a decision is about."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from pipelines.desk.app.session import Session
from pipelines.desk.app.views import findings
from pipelines.errors import UnknownError
from pipelines.language.languages import N_
from pipelines.ledger import acceptances as ledger_acceptances
from pipelines.ledger import assignments, looking
from pipelines.ledger.tasks import TASKS
from pipelines.sql import one_value, render
from pipelines.text import visible

DECISIONS = ("accept", "assign", "remark")


@dataclass(frozen=True)
class Chosen:
    """The findings that a decision will be about: how many, by rule; `longest`: the last day it may hold, by the
    controller's terms; `wants_second`: another name is wanted; `keepers`: (value, name) of whoever may be handed them."""

    what: str
    count: int
    rules: list[tuple[str, int]]
    longest: dt.date | None
    wants_second: bool
    keepers: list[tuple[str, str]]


def chosen(session: Session, what: str) -> Chosen:
    """The page of a decision on the chosen findings; UnknownError if none are chosen, or for an unknown decision."""
    if what not in DECISIONS:
        raise UnknownError(N_("there is no such page"), remedy=N_("go on from the first page"))
    rows = [row for row in findings.every(session) if row["fingerprint"] in set(session.chosen)]
    if not rows:
        raise UnknownError(
            N_("no finding is chosen"), remedy=N_("choose findings from the list, then what to do with them")
        )
    terms = session.loaded.controller.acceptance
    counted = Counter(row["title"] for row in rows)
    second = any({row["rule"], row["category"]} & set(terms.second_name) for row in rows)
    with session.reading() as connection:
        longest = min(
            one_value(
                connection, "select cast($1 + to_months($2) as date)", [session.as_of, terms.longest.get(severity, 0)]
            )
            for severity in {row["severity"] for row in rows}
        )
    others = [system["keeper"] for system in session.loaded.controller.systems.values()]
    keepers = [(who, visible(session.speech.said(who))) for who in assignments.keepers(session.home, others)]
    return Chosen(what, len(rows), counted.most_common(), longest, second, keepers)


@dataclass(frozen=True)
class Acceptances:
    """Acceptances, newest first: {acceptance, findings, rules, accepted_by, second_name, reason, until_on, in_force …}."""

    rows: list[dict]


def acceptances(session: Session) -> Acceptances:
    """Every acceptance with how many findings it covers and whether it holds."""
    found: dict[str, dict] = {}
    titles = rule_titles(session)
    for row in ledger_acceptances.acceptances(session.home):
        one = found.setdefault(row["acceptance"], row | {"findings": 0, "titles": [], "in_force": False})
        one["findings"] += 1
        one["in_force"] = one["in_force"] or row["in_force"]
        title = titles.get(row["rule"], row["rule"])
        if title not in one["titles"]:
            one["titles"].append(title)
    shown = [
        row | {name: visible(row[name]) for name in ("accepted_by", "second_name", "reason")} for row in found.values()
    ]
    return Acceptances(shown[::-1])


def rule_titles(session: Session) -> dict[str, str]:
    """Titles of rules and kinds of tasks in her language."""
    with session.reading() as connection:
        found = looking.rows(connection, render("report/rules.sql"))
    titles = {row["rule"]: row["title"] for row in found} | {rule: task.title for rule, task in TASKS.items()}
    return {rule: visible(session.speech.said(title)) for rule, title in titles.items()}
