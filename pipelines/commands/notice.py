"""`vahti notice`, `vahti attest`, `vahti ropa` and `vahti bundle`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands import options, spoken
from pipelines.commands.listing import shown_day
from pipelines.commands.options import EXPECTATIONS, HOME, LANGUAGES, Expectations, HomeFolder, Period, day, one_of
from pipelines.commands.spoken import _

if TYPE_CHECKING:
    from pipelines.language.languages import Language
    from pipelines.notice.verdicts import Verdict

FORMATS = ("table", "json")

Format = Annotated[str, typer.Option("--format", help="table or json.", parser=one_of(FORMATS), metavar="FORMAT")]
Lang = Annotated[str | None, typer.Option("--lang", help=spoken.HELP, parser=one_of(LANGUAGES), metavar="LANGUAGE")]


def notice(
    format: Format = "table",
    period: Period = None,
    lang: Lang = None,
    amendments: Annotated[bool, typer.Option("--amendments", help="Only what the notice does not say.")] = False,
    expectations: Expectations = EXPECTATIONS,
    home: HomeFolder = HOME,
) -> None:
    """Say of every statement of the privacy notice whether it still holds, and what the notice does not say."""
    import json

    from pipelines.expectations.notice import disagreements
    from pipelines.expectations.opened import open_period
    from pipelines.language.languages import language
    from pipelines.notice import amendments as proposed
    from pipelines.notice import conformity
    from pipelines.notice.verdicts import as_data

    opened = open_period(home, expectations, period)
    with opened.reading() as connection:
        verdicts = conformity.judge(connection, opened)
        proposals = proposed.proposals(connection, opened.context, opened.notice)
    code = lang or opened.controller.language
    systems, speech = opened.controller.systems, language(code, opened.expectations.folder)
    if format == "json":
        data = (
            [proposed.as_data(one, speech, systems, outside=False) for one in proposals]
            if amendments
            else [as_data(one, code) for one in verdicts]
        )
        print(json.dumps(data, ensure_ascii=False, indent=1))
        return
    if not amendments:
        _print_verdicts(verdicts, speech, {rule.id: rule.title for rule in opened.expectations.rules})
    differing = disagreements(opened.notice, opened.expectations.rules, speech.gettext)
    _print_sentences([one.text(speech, systems, outside=False) for one in proposals], differing, speech)


def _print_verdicts(verdicts: Iterable[Verdict], speech: Language, titles: dict[str, str]) -> None:
    import sys

    from rich import box
    from rich.console import Console
    from rich.table import Table

    from pipelines.notice import spoken
    from pipelines.notice.conformity import PAGE_WORDS

    _ = speech.gettext
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for key in ("statement", "says", "status", "findings", "first seen", "trend"):
        table.add_column(_(PAGE_WORDS[key]), justify="right" if key == "findings" else "left", no_wrap=key != "says")
    for one in verdicts:
        since = speech.day(dt.date.fromisoformat(one.first_seen)) if one.first_seen else ""
        hidden = f" [{'; '.join(spoken.unseen(one, speech, titles))}]" if one.status == "cannot tell" else ""
        until = f" ({speech.day(one.attestation.until)})" if one.attestation else ""
        table.add_row(
            one.id,
            one.statement.say(speech.code) + hidden,
            _(one.status) + until,
            str(one.findings or ""),
            since,
            _(one.trend) if one.trend else "",
        )
    Console(width=None if sys.stdout.isatty() else 150, highlight=False, markup=False).print(table)


def _print_sentences(proposals: list[str], faults: list[str], speech: Language) -> None:
    if proposals:
        print(speech.gettext("What the notice does not say"))
        for sentence in proposals:
            print(f"- {sentence}")
    for sentence in faults:
        print(speech.gettext("Note:") + f" {sentence}")


def attest(
    statement: Annotated[str, typer.Argument(help="Such as N25.")],
    by: Annotated[str, typer.Option("--by", help="Who says so: a role rather than a name.")],
    until: Annotated[
        dt.date, typer.Option("--until", help="Last day the word is good for.", parser=day, metavar="DATE")
    ],
    on: Annotated[
        dt.date | None,
        typer.Option("--on", help="Day it is given; the newest period's by default.", parser=day, metavar="DATE"),
    ] = None,
    note: Annotated[str, typer.Option("--note", help="What it rests on.")] = "",
    expectations: Expectations = EXPECTATIONS,
    home: HomeFolder = HOME,
) -> None:
    """Give somebody's word on a statement that no export can tell; it is kept, and never changed."""
    from pipelines.commands.shown import refresh
    from pipelines.expectations.notice import Attestation
    from pipelines.expectations.opened import open_period
    from pipelines.notice import attestations

    opened = open_period(home, expectations)
    # the newest period's day: nothing here reads the clock
    word = Attestation(statement.upper(), by, on or opened.as_of, until, note)
    attestations.give(opened.home, opened.notice, word)
    said = _("%(statement)s: attested by %(who)s on %(day)s, good until %(until)s")
    days = {"day": shown_day(word.on), "until": shown_day(word.until)}
    print(said % ({"statement": word.statement, "who": word.by.strip()} | days))
    refresh(opened.home)


def ropa(period: Period = None, expectations: Expectations = EXPECTATIONS, home: HomeFolder = HOME) -> None:
    """Write the record of processing activities (GDPR art. 30): HTML and PDF in three languages, XLSX, JSON-LD."""
    from pipelines.expectations.opened import open_period
    from pipelines.record import collect as record

    for path in record.of_period(open_period(home, expectations, period)):
        print(path)


def bundle(
    period: Annotated[str, typer.Option("--period", help="Period taken in.", parser=options.period, metavar="DATE")],
    expectations: Expectations = EXPECTATIONS,
    home: HomeFolder = HOME,
) -> None:
    """Write one zip from which an inspector can see what was known when: report, findings, notice, record, rules, sums."""
    from pipelines.expectations.opened import open_period
    from pipelines.job import bundle as bundles

    print(bundles.of_period(open_period(home, expectations, period)))


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    for command in (notice, attest, ropa, bundle):
        app.command()(command)
