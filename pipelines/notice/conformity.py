"""The notice's conformity as runs and commands need it: with words given, earlier periods, and data for a page."""

from __future__ import annotations

import json
from pathlib import Path

from pipelines import outputs
from pipelines.errors import ExpectationsError
from pipelines.expectations.notice import LANGUAGES, Notice, disagreements
from pipelines.home import store
from pipelines.language.languages import N_
from pipelines.language.languages import language as language_of
from pipelines.notice import amendments, attestations
from pipelines.notice import verdicts as notice
from pipelines.notice.verdicts import Verdict


def history(known: dict[str, dict], period: str) -> dict[str, dict]:
    """{earlier period: {statement: [status, findings]}} from the notes of the periods taken in."""
    return {name: note["statements"] for name, note in known.items() if name < period and note.get("statements")}


def take_in(
    connection, context, loaded, words, known: dict[str, dict], period: str, reports: Path
) -> tuple[dict[str, list], dict | None]:
    """At a run: judges the period in the current database and writes `notice.json`.

    Returns what the period's note keeps, and the report's page on it in the controller's language, None without a notice.
    """
    if loaded.notice is None:
        return {}, None
    notice.prepare(connection)
    past = history(known, period)
    verdicts = notice.conformity(connection, context, loaded.notice, words, past, period)
    proposed = amendments.proposals(connection, context, loaded.notice)
    write(connection, context, loaded.notice, verdicts, reports, proposed)
    return notice.summary(verdicts), page(
        connection, context, loaded, verdicts, past, period, context.controller.language, proposed
    )


def write(connection, context, the_notice: Notice, verdicts: list[Verdict], folder: Path, proposed: list) -> Path:
    """`notice.json`: statements and proposed amendments in every language."""
    systems = context.controller.systems
    data = {
        "as_of": context.as_of.isoformat(),
        "statements": [
            {**notice.as_data(verdict), "text": verdict.statement.text, "remark": verdict.statement.remark or None}
            for verdict in verdicts
        ],
        "amendments": [
            {
                **amendments.as_data(one, "en", systems),
                "text": {language: one.text(language, systems) for language in LANGUAGES},
            }
            for one in proposed
        ],
    }
    return outputs.write_text(folder, "notice.json", json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def page(
    connection,
    context,
    loaded,
    verdicts: list[Verdict],
    past: dict[str, dict],
    period: str,
    language: str = "en",
    proposed: list | None = None,
) -> dict:
    """What the report's page on the notice shows, as plain data; `report/templates/report_notice.jinja` draws it.

    statements: a row per statement; counts: how many of each status; periods and grid: the statuses over time, for
    `figures_notice.statement_grid`; amendments and disagreements: sentences. `proposed`: the amendments where the
    caller has them.
    """
    if proposed is None:  # none proposed is an answer, too
        proposed = amendments.proposals(connection, context, loaded.notice)
    systems = context.controller.systems
    _ = language_of(language).gettext
    periods = [*past, period]
    grid = [
        [past[name].get(verdict.id, ["", 0])[0] for name in past] + [verdict.status] for verdict in verdicts
    ]  # fmt: skip
    return {
        "language": language,
        "statements": [notice.as_data(verdict, language) | {"status_word": _(verdict.status)} for verdict in verdicts],
        "counts": {status: sum(verdict.status == status for verdict in verdicts) for status in notice.STATUSES},
        "periods": periods,
        "grid": grid,
        "amendments": [one.text(language, systems) for one in proposed],
        "disagreements": disagreements(loaded.notice, loaded.rules),
        "words": {key: _(word) for key, word in PAGE_WORDS.items()},
    }


PAGE_WORDS = {
    "conformity": N_("Does the privacy notice still tell the truth?"), "statement": N_("statement"),
    "says": N_("what the notice promises"), "status": N_("status"), "findings": N_("findings"), "first seen": N_("first seen"),
    "trend": N_("trend"), "what the notice does not say": N_("What the notice does not say"),
    **{word: word for word in (*notice.STATUSES, *notice.TRENDS)},
}  # fmt: skip


def opened(home_path: Path, expectations: Path, period: str | None):
    """(home, period, its note, expectations, all notes) for a command; ExpectationsError where there is no notice."""
    from pipelines.expectations.load import load

    home = store.open_existing(home_path)
    name, note = store.choose(home, period)
    loaded = load(expectations)
    if loaded.notice is None:
        raise ExpectationsError("no notice.yaml", file=expectations, remedy="write one; see the folder's README")
    return home, name, note, loaded, store.periods(home)


def page_of(connection, context, loaded, home, known: dict[str, dict], period: str, language: str) -> dict | None:
    """`page` of a period taken in, with the words given up to now; None without a notice."""
    if loaded.notice is None:
        return None
    verdicts = judge(connection, context, loaded, home, known, period)
    return page(connection, context, loaded, verdicts, history(known, period), period, language)


def judge(connection, context, loaded, home, known: dict[str, dict], period: str) -> list[Verdict]:
    """The verdicts of a period taken in, with the words given up to now."""
    return notice.conformity(
        connection, context, loaded.notice, attestations.read(home), history(known, period), period
    )
