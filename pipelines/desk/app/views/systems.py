"""The systems, and one system's page: what was expected, what arrived, and what has to be done there."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.desk.app.session import Session
from pipelines.desk.app.views import decided, rules
from pipelines.errors import UnknownError
from pipelines.language.languages import N_
from pipelines.ledger import looking
from pipelines.report import standing
from pipelines.text import visible


@dataclass(frozen=True)
class System:
    """One system: its name and keeper, its exports, and its sums in `ledger.standing`, in total and by rule."""

    row: dict
    exports: list[dict]
    rules: list[dict]


def every(session: Session) -> list[dict]:
    """Every system with its sums, the most work first."""
    with session.reading() as connection:
        found = looking.rows(connection, "select system, name, keeper from ledger.systems order by system")
    sums = rules.now(session)
    rows = [
        {
            "system": row["system"],
            "name": visible(session.speech.said(row["name"])),
            "keeper": visible(session.speech.said(row["keeper"] or "")),
            "totals": standing.totals([each for each in sums if each["system"] == row["system"]]),
        }
        for row in found
    ]
    return sorted(rows, key=lambda row: (-row["totals"]["open"], row["name"]))


def system(session: Session, name: str) -> System:
    """One system's page; UnknownError for an unknown system."""
    row = next((row for row in every(session) if row["system"] == name), None)
    if row is None:
        raise UnknownError(N_("there is no such system"), remedy=N_("choose it from the list of systems"))
    with session.reading() as connection:
        exports = looking.rows(
            connection,
            "select dataset, status, rows_registered, rows_rejected from ledger.feeds where system = $1 order by dataset",
            [name],
        )
    sums, titles = [each for each in rules.now(session) if each["system"] == name], decided.rule_titles(session)
    found = [
        {
            "rule": rule,
            "title": titles.get(rule, rule),
            "totals": standing.totals([e for e in sums if e["rule"] == rule]),
        }
        for rule in {each["rule"] for each in sums}
    ]
    found = [each for each in found if each["totals"]["open"]]
    return System(row, exports, sorted(found, key=lambda each: (-each["totals"]["open"], each["title"])))
