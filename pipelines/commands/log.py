"""`vahti log`: the log of look-ups, and whether it is whole."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from pipelines.commands.listing import Format
from pipelines.commands.options import HOME, HomeFolder, day
from pipelines.commands.spoken import Typer, ngettext

log_app = Typer(invoke_without_command=True, help="The log of look-ups: who looked at whom, and why.")


@log_app.callback()
def log(
    context: typer.Context,
    since: Annotated[dt.date | None, typer.Option(help="From this day on.", parser=day, metavar="DATE")] = None,
    until: Annotated[dt.date | None, typer.Option(help="Up to and with this day.", parser=day, metavar="DATE")] = None,
    who: Annotated[str, typer.Option(help="Only look-ups by this name.")] = "",
    customer: Annotated[str, typer.Option(help="Only look-ups of this customer number.", metavar="NUMBER")] = "",
    form: Annotated[Format, typer.Option("--format", help="table, csv or json.")] = Format.table,
    home: HomeFolder = HOME,
) -> None:
    """Who looked at whom, when and why, the oldest first; or, with `verify`, whether the log is whole."""
    if context.invoked_subcommand is not None:
        return
    from pipelines.commands.listing import show
    from pipelines.home import store
    from pipelines.person import looks

    opened = store.open_existing(home)
    found = looks.looked(opened, since=since, until=until, who=who, customer=customer)
    show(found, looks.COLUMNS, form)
    if form is Format.table and not found:
        print(
            ngettext(
                "Nothing in the log, which has %(n)s entry, fits these filters.",
                "Nothing among the %(n)s entries of the log fits these filters.",
                looks.count(opened),
            )
        )


@log_app.command()
def verify(
    anchor: Annotated[
        str | None,
        typer.Option(
            "--anchor", help="A bundle, a report, or NUMBER:SEAL: the log must go on from there.", metavar="ANCHOR"
        ),
    ] = None,
    home: HomeFolder = HOME,
) -> None:
    """Say whether the log is whole, and where it is not; with an anchor that was kept elsewhere, whether it goes on from there."""
    from pipelines.errors import LogError
    from pipelines.home import store
    from pipelines.person import anchor as anchors
    from pipelines.person import verify_log

    kept = anchors.read(anchor) if anchor else None
    opened = store.open_existing(home)
    verdict = verify_log(opened)
    if verdict.line:
        raise LogError(
            f"{verdict.problem}; {verdict.entries} entries before it are whole",
            file=home / "audit.log",
            place=f"line {verdict.line}",
            remedy="compare with a backup, and find out who changed it",
        )
    if kept:
        anchors.compare(opened, *kept)
    said = ngettext(
        "%(n)s entry, the chain is whole. Anchor: %(anchor)s",
        "%(n)s entries, the chain is whole. Anchor: %(anchor)s",
        verdict.entries,
    )
    print(said % {"anchor": anchors.written(verdict.entries, verdict.head)})
    if kept:
        print(
            ngettext(
                "It goes on from the %(n)s entry of the anchor given.",
                "It goes on from the %(n)s entries of the anchor given.",
                kept[0],
            )
        )
    for note in verdict.notes:
        print(note)


def register(app: typer.Typer) -> None:
    """Adds `vahti log …`."""
    app.add_typer(log_app, name="log")
