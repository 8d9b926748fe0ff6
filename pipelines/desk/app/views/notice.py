"""The privacy notice statement by statement, and one statement's page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pipelines.desk.app.session import Session
from pipelines.desk.app.views import decided
from pipelines.errors import UnknownError
from pipelines.language.languages import N_
from pipelines.notice import conformity


@dataclass(frozen=True)
class Notice:
    """The notice: its statements, how many of each status, and what it leaves out."""

    statements: list[dict]
    counts: dict[str, int]
    amendments: list[str]


def notice(session: Session) -> Notice:
    """The notice's page; without a notice, one without statements."""
    page = session.once("notice", lambda: _page(session))
    return Notice(page["statements"], page["counts"], page["amendments"]) if page else Notice([], {}, [])


def _page(session: Session) -> dict | None:
    with session.reading() as connection:
        return conformity.page_of(connection, session.opened, session.code)


@dataclass(frozen=True)
class Statement:
    """One statement: its row of the notice's page; what breaks it, (rule, title, findings); whether somebody may vouch for it,
    and for what."""

    row: dict
    evidence: list[tuple[str, str, int]]
    attest: str


def statement(session: Session, name: str) -> Statement:
    """One statement's page; UnknownError for one that the notice does not have."""
    row = next((row for row in notice(session).statements if row["id"] == name), None)
    if row is None or session.loaded.notice is None:
        raise UnknownError(N_("there is no such statement"), remedy=N_("choose it from the notice"))
    counts: Counter[str] = Counter()
    for item in row["evidence"]:
        counts[item["rule"]] += item["findings"]
    titles = decided.rule_titles(session)
    found = [(rule, titles.get(rule, ""), number) for rule, number in counts.most_common()]
    known = session.loaded.notice.statement(name)
    return Statement(row, found, known.attest if known else "")
