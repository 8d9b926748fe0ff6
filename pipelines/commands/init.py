"""`vahti init`: a first draft of a controller's expectations, made from its exports and nine questions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands.options import LANGUAGES, one_of

if TYPE_CHECKING:
    from pipelines.init.start import Drafted
    from pipelines.language.languages import Language


def country_code(text: str) -> str:
    """An option's code of a country."""
    if not re.fullmatch(r"[A-Za-z]{2}", text):
        raise typer.BadParameter("write two letters (ISO 3166-1), such as IE")
    return text.upper()


def init(
    exports: Annotated[
        Path, typer.Option(help="Folder with the exports, or with a folder per period, named by its date.")
    ],
    to: Annotated[Path, typer.Option(help="Folder for the drafts.")],
    country: Annotated[
        str,
        typer.Option(
            help="Whose identifiers, telephone numbers and laws: ISO 3166-1, such as IE.",
            parser=country_code,
            metavar="CODE",
        ),
    ],
    lang: Annotated[
        str,
        typer.Option(
            "--lang", help="Language of the drafts: en, fi or sv.", parser=one_of(LANGUAGES), metavar="LANGUAGE"
        ),
    ] = "en",
    answers: Annotated[
        Path | None, typer.Option(help="Answers to the nine questions; TO/answers.yaml if it is there.", metavar="FILE")
    ] = None,
    ask: Annotated[bool, typer.Option("--ask", help="Ask the nine questions here, in this terminal.")] = False,
) -> None:
    """Look at a controller's exports and draft its expectations: contracts, disposal schedule, notice, and the questions that remain."""
    from pipelines.init import start
    from pipelines.language.languages import language

    speech = language(lang)
    drafted = start.init(exports, to, country, lang, answers)
    if ask:
        drafted = start.init(exports, to, country, lang, answers, said=asked(drafted, lang))
    tell(drafted, to, exports, speech)


def asked(drafted: Drafted, lang: str) -> dict:
    """The answers of somebody at the terminal, block by block; an empty line leaves what is suggested."""
    from pipelines.init import terminal

    return terminal.ask(drafted.survey, drafted.answers, lang, typer.prompt, typer.echo)


def tell(drafted: Drafted, to: Path, exports: Path, speech: Language) -> None:
    """What was drafted, what was left alone, and how to go on."""
    _ = speech.gettext
    found = drafted.survey
    rows = speech.number(sum(table.rows for table in found.tables))
    print(
        _("%(files)s files, %(rows)s rows looked at; %(drafts)s drafts written into %(to)s.")
        % {"files": len(found.tables), "rows": rows, "drafts": len(drafted.written), "to": to}
    )
    for name in drafted.kept:
        print(_("Left as you changed it: %(file)s") % {"file": to / name})
    from pipelines.init.evidence import UNREAD

    for name, why in found.unread:
        print(_("Not looked at: %(file)s %(why)s") % {"file": name, "why": _(UNREAD.get(why, why))})
    print(
        speech.ngettext(
            "%(n)s question remains; %(file)s has it, with the evidence for each guess.",
            "%(n)s questions remain; %(file)s has them, with the evidence for each guess.",
            drafted.questions,
        )
        % {"n": drafted.questions, "file": to / "INIT.md"}
    )
    print(_("Answer them in %(file)s and run vahti init again, or go on:") % {"file": to / "answers.yaml"})
    print(f"  vahti check {to}\n  vahti run --home HOME --exports {exports} --expectations {to}")
    if drafted.fault:
        print(_("The drafts cannot be used yet: %(fault)s") % {"fault": drafted.fault})


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(init)
