"""Commands on worklists, `vahti worklist …`, and the calendar of what is to come."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands.listing import Format, show
from pipelines.commands.options import EXPECTATIONS, HOME, LANGUAGES, Expectations, HomeFolder, Period, one_of
from pipelines.commands.spoken import Typer, _, ngettext

if TYPE_CHECKING:
    from pipelines.ledger import reported

PASSWORD = "VAHTI_WORKLIST_PASSWORD"
worklist_app = Typer(help="Hand worklists out, read them back, say who has not answered.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.add_typer(worklist_app, name="worklist")
    app.command()(calendar)


@worklist_app.command("import")
def import_(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="The worklist, XLSX, ODS or CSV, or a folder of them; the home's own folder, answers, if not given."
        ),
    ] = None,
    home: HomeFolder = HOME,
) -> None:
    """Read worklists back: what is reported done waits for the next export to prove it. Of a folder, what was read in is moved
    to its folder read."""
    from pipelines.commands.shown import refresh
    from pipelines.errors import WorklistError
    from pipelines.home import store
    from pipelines.ledger import answers, reported

    opened = store.open_existing(home)
    if file is not None and not file.is_dir():
        say(reported.import_worklist(opened, file))
        refresh(opened)
        return
    place = file or answers.folder(opened)
    if file is None:
        place.mkdir(mode=0o700, exist_ok=True)
    found = list(answers.import_folder(opened, place))
    for each in found:
        print(
            f"{each.name}:"
            + (" " + _("not read in: %(problem)s") % {"problem": each.fault.problem} if each.fault else "")
        )
        if each.outcome:
            say(each.outcome)
    if not found:
        print(
            _("No answers in %(place)s: %(kinds)s files are read.")
            % {"place": place, "kinds": ", ".join(answers.KINDS)}
        )
    refresh(opened)
    faults = [each.fault for each in found if each.fault]
    if faults:
        problem = f"{len(faults)} of {len(found)} files could not be read in, and lie where they were"
        raise WorklistError(problem, file=place, remedy=faults[0].remedy)


def say(outcome: reported.Imported) -> None:
    """What one worklist said."""
    parts = (
        _("%(n)s reported done") % {"n": outcome.done},
        _("%(n)s not done") % {"n": outcome.not_done},
        ngettext("%(n)s remark", "%(n)s remarks", outcome.remarks),
        ngettext("%(n)s row untouched", "%(n)s rows untouched", outcome.untouched),
    )
    print(", ".join(parts))
    for question in outcome.questions:
        print(_("Note:") + f" {question}")


@worklist_app.command()
def status(
    form: Annotated[Format, typer.Option("--format", help="table, csv or json.")] = Format.table,
    home: HomeFolder = HOME,
    period: Period = None,
) -> None:
    """Say who has answered, who has not, and by when each list is to come back."""
    from pipelines.home import store
    from pipelines.ledger import answers

    opened = store.open_existing(home)
    found = answers.answered(opened, period)
    columns = ("keeper", "state", "rows", "done", "not done", "remark", "waiting", "return by", "files")
    waiting = sum(each.state != answers.ALL for each in found)
    said = (
        _("%(n)s of %(all)s keepers have rows that wait for an answer") % {"n": waiting, "all": len(found)}
        if found
        else _("Nobody has a worklist.")
    )
    show(answers.as_rows(found), columns, form, said)


@worklist_app.command()
def send(
    keepers: Annotated[
        list[str] | None, typer.Option("--keeper", help="Only to this keeper; may be repeated.", metavar="KEEPER")
    ] = None,
    remind: Annotated[bool, typer.Option("--remind", help="Only to those whose answers are not all there.")] = False,
    home: HomeFolder = HOME,
    period: Period = None,
) -> None:
    """Write an e-mail draft for each keeper, with the sheet attached; nothing is sent. Sheets that hold keys of records are encrypted
    with the password in VAHTI_WORKLIST_PASSWORD, or one that is asked for."""
    from pipelines.home import store
    from pipelines.ledger import letters

    opened = store.open_existing(home)
    name = store.choose(opened, period)[0]
    made = letters.drafts(opened, name, keepers=keepers or (), password=password(), remind=remind)
    for one, path in zip(made, letters.write(opened, name, made, remind), strict=True):
        rows = ngettext("%(n)s row", "%(n)s rows", one.rows) + (_(", encrypted") if one.holds_keys else "")
        print(f"{path}: {rows}" + ("" if one.email else _("; no address")))
    if not made:
        print(_("Everybody has answered.") if remind else _("Nobody has a worklist."))


def password() -> str:
    """That of the environment, or typed twice at a terminal; '' where nobody can be asked."""
    import os
    import sys

    if given := os.environ.get(PASSWORD):
        return given
    if not sys.stdin.isatty():
        return ""
    return typer.prompt(_("Password of the sheets"), hide_input=True, confirmation_prompt=True)


def calendar(
    out: Annotated[
        Path | None, typer.Option(help="File to write; outbox/calendar.ics of the home if not given.", metavar="FILE")
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang",
            help="en, fi or sv; the controller's own if not given.",
            parser=one_of(LANGUAGES),
            metavar="LANGUAGE",
        ),
    ] = None,
    home: HomeFolder = HOME,
    expectations: Expectations = EXPECTATIONS,
    period: Period = None,
) -> None:
    """Write a calendar (.ics) of last days: requests, words given, acceptances, disposals, agreements, reviews, worklists."""
    import datetime as dt

    from pipelines import outputs
    from pipelines.home import store
    from pipelines.job import calendar as calendars

    opened = store.open_existing(home)
    name, note = store.choose(opened, period)
    found = calendars.events(opened, expectations, name, lang or "")
    ics = calendars.as_ics(found, f"Rekisterivahti {name}", dt.date.fromisoformat(note["as_of"]))
    folder = opened.path / "outbox" if out is None else out.parent
    path = outputs.write_bytes(folder, "calendar.ics" if out is None else out.name, ics)
    print(f"{path}: " + ngettext("%(n)s day", "%(n)s days", len(found)))
