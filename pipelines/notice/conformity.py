"""The notice's conformity as runs and commands need it: with attestations, earlier periods, and data for a page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import outputs
from pipelines.expectations.notice import LANGUAGES, Attestation, disagreements
from pipelines.expectations.opened import OpenedPeriod
from pipelines.language.languages import N_
from pipelines.language.languages import language as language_of
from pipelines.notice import amendments, attestations, spoken
from pipelines.notice import verdicts as notice
from pipelines.notice.verdicts import Verdict

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def history(opened: OpenedPeriod) -> dict[str, dict]:
    """{earlier period: {statement: [status, findings]}} from the notes of the periods taken in."""
    return {name: opened.known[name]["statements"] for name in opened.earlier if opened.known[name].get("statements")}


def take_in(
    connection: DuckDBPyConnection, opened: OpenedPeriod, words: list[Attestation], reports: Path
) -> tuple[dict, dict | None]:
    """In a run: judges the period in the current database and writes `notice.json` to a folder.

    Returns what the period's note keeps, and the notice page of the report in the controller's language, None without a notice.
    """
    if opened.expectations.notice is None:
        return {}, None
    notice.prepare(connection)
    context = opened.context
    verdicts = notice.conformity(connection, context, opened.notice, words, history(opened), opened.name)
    proposed = amendments.proposals(connection, context, opened.notice)
    write(opened, verdicts, reports, proposed)
    return notice.summary(verdicts), page(connection, opened, verdicts, context.controller.language, proposed)


def write(opened: OpenedPeriod, verdicts: list[Verdict], folder: Path, proposed: list) -> Path:
    """`notice.json`: statements and proposed amendments in every language."""
    systems, source = opened.controller.systems, opened.expectations.folder
    data = {
        "as_of": opened.context.as_of.isoformat(),
        "statements": [
            {**notice.as_data(verdict), "text": verdict.statement.text, "remark": verdict.statement.remark or None}
            for verdict in verdicts
        ],
        "amendments": [
            {
                **amendments.as_data(one, language_of("en", source), systems),
                "text": {code: one.text(language_of(code, source), systems) for code in LANGUAGES},
            }
            for one in proposed
        ],
    }
    return outputs.write_text(folder, "notice.json", json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def page(
    connection: DuckDBPyConnection,
    opened: OpenedPeriod,
    verdicts: list[Verdict],
    language: str = "en",
    proposed: list | None = None,
) -> dict:
    """The contents of the report's page on the notice, as plain data; `report/templates/report_notice.jinja` renders it.

    statements: a row per statement; counts: how many of each status; periods and grid: the statuses over time, for
    `statement_grid`; amendments and disagreements: sentences. `proposed`: the amendments if the caller has them.
    """
    past = history(opened)
    if proposed is None:  # proposing none is an answer, too
        proposed = amendments.proposals(connection, opened.context, opened.notice)
    systems = opened.controller.systems
    speech = language_of(language, opened.expectations.folder)
    _, titles = speech.gettext, {rule.id: rule.title for rule in opened.expectations.rules}
    periods = [*past, opened.name]
    grid = [[past[name].get(verdict.id, ["", 0])[0] for name in past] + [verdict.status] for verdict in verdicts]
    return {
        "language": language,
        "statements": [
            notice.as_data(verdict, language)
            | {
                "status_word": _(verdict.status),
                "broken_by": spoken.broken_by(verdict, speech, titles),
                "unseen": spoken.unseen(verdict, speech, titles),
            }
            | ({"attested_by": speech.said(verdict.attestation.by)} if verdict.attestation else {})
            for verdict in verdicts
        ],
        "counts": {status: sum(verdict.status == status for verdict in verdicts) for status in notice.STATUSES},
        "periods": periods,
        "grid": grid,
        "amendments": [one.text(speech, systems) for one in proposed],
        "disagreements": disagreements(opened.notice, opened.expectations.rules, _),
        "words": {key: _(word) for key, word in PAGE_WORDS.items()},
    }


PAGE_WORDS = {
    "conformity": N_("Does the privacy notice still tell the truth?"), "statement": N_("statement"),
    "says": N_("what the notice promises"), "status": N_("status"), "findings": N_("findings"), "first seen": N_("first seen"),
    "trend": N_("trend"), "what the notice does not say": N_("What the notice does not say"),
    **{word: word for word in (*notice.STATUSES, *notice.TRENDS)},
}  # fmt: skip


def page_of(connection: DuckDBPyConnection, opened: OpenedPeriod, language: str) -> dict | None:
    """`page` of a period taken in, with the attestations so far; None without a notice."""
    if opened.expectations.notice is None:
        return None
    return page(connection, opened, judge(connection, opened), language)


def judge(connection: DuckDBPyConnection, opened: OpenedPeriod) -> list[Verdict]:
    """The verdicts of a period taken in, with the attestations so far; ExpectationsError without a notice."""
    words = attestations.read(opened.home)
    return notice.conformity(connection, opened.context, opened.notice, words, history(opened), opened.name)
