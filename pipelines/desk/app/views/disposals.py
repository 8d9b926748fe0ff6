"""What is past its last day by class, and who approved its erasure; the journal of all decisions."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.desk.app.session import Session
from pipelines.ledger import disposals as ledger
from pipelines.ledger import journal
from pipelines.text import visible


@dataclass(frozen=True)
class Disposals:
    """Rows of `ledger.disposals.due` in her language; `wants_second`: the controller requires two names."""

    rows: list[dict]
    wants_second: bool


def disposals(session: Session) -> Disposals:
    """The disposals of the newest period."""
    speech = session.speech
    rows = [
        row
        | {
            "title": visible(speech.said(row["title"] or row["class"])),
            "mandate": visible(speech.said(row["mandate"] or "")),
        }
        for row in ledger.due(session.home)
    ]
    return Disposals(rows, ledger.needs_second(session.loaded.controller.acceptance))


def decisions(session: Session) -> list[dict]:
    """Every decision with its day, name and reason, newest first."""
    names = ("about", "decided_by", "second_name", "reason")
    return [row | {name: visible(row[name] or "") for name in names} for row in journal.entries(session.home)]
