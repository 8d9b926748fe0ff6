"""`vahti doctor`, `vahti check` and `vahti use`: whether all is fit, whether exports are as their contracts say, and which home
is meant where none is named."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import EXPECTATIONS, EXPORTS, HOME, Expectations, Exports, HomeFolder, is_given
from pipelines.commands.spoken import _
from pipelines.language.languages import N_
from pipelines.sentence import Sentence, joined, said

SIGNS = {"fine": "", "note": N_("look"), "fault": N_("MEND")}


def doctor(
    context: typer.Context,
    exports: Exports = EXPORTS,
    expectations: Expectations = EXPECTATIONS,
    home: HomeFolder = HOME,
) -> None:
    """Say whether Python, packages, home, key, disk, expectations and exports are fit, and what to do where not."""
    from pipelines.job import doctor as doctors
    from pipelines.job import remembered
    from pipelines.job.fit import NOTE

    source = context.get_parameter_source("home")
    named = {"COMMANDLINE": "--home", "ENVIRONMENT": "VAHTI_HOME"}.get(source.name if source else "")
    given = {name for name in ("exports", "expectations") if is_given(context, name)}
    checks = doctors.look(home, exports, expectations, named or remembered.home()[1], given)
    tell(checks)
    noted = any(check.state == NOTE for check in checks)
    print(_("Nothing has to be mended."), *([_("Rows marked look say what could be better.")] if noted else []))


def check(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Expectations to look through: every fault of every file at once.", metavar="FOLDER"),
    ] = None,
    exports: Exports = EXPORTS,
    expectations: Expectations = EXPECTATIONS,
    home: HomeFolder = HOME,
    period: Annotated[
        str | None, typer.Option(help="Period folder to look at; the newest if not given.", metavar="DATE")
    ] = None,
) -> None:
    """Say of each export what it seems to be where its contract says otherwise: encoding, line ends, delimiter, headers,
    columns, days. Nothing is taken in, and the contract decides. With FOLDER, say every fault of every file of these expectations at once,
    with its line, in the order in which to mend them."""
    from pipelines.job import arrived
    from pipelines.job import doctor as doctors

    if folder:
        tell(doctors.of_expectations(folder))
        print(_("Nothing in %(folder)s has to be mended.") % {"folder": folder})
        return
    tell(arrived.seeming(exports, expectations, period))
    print(_("No export that is there differs from its contract."))


def tell(checks: list) -> None:
    """The table of what was looked at; UnfitError where something has to be mended."""
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from pipelines.errors import UnfitError
    from pipelines.text import visible

    table = Table("", _("what"), _("how it is"), _("what to do"), box=box.SIMPLE_HEAD, pad_edge=False)
    for check in checks:
        table.add_row(
            SIGNS[check.state] and _(SIGNS[check.state]),
            *(escape(visible(said(each, _))) for each in (check.what, check.found, check.todo)),
        )
    Console(width=None if sys.stdout.isatty() else 200, highlight=False).print(table)
    faults = [check.what for check in checks if check.state == "fault"]
    if faults:
        what = Sentence("to be mended: %(what)s", what=joined(faults, ", "))
        raise UnfitError(what, remedy=Sentence("see “what to do” above"))


def use(
    home: Annotated[Path | None, typer.Argument(help="The home to use where none is named.", metavar="HOME")] = None,
    forget: Annotated[bool, typer.Option("--forget", help="Use the repository's own again.")] = False,
) -> None:
    """Choose the home that is meant where none is named, from any folder; without one, say which it is."""
    from pipelines.job import remembered

    if home and not forget:
        from pipelines.home import store

        store.open_existing(home)
    if home or forget:
        remembered.use(None if forget else home)
    path, whose = remembered.home()
    print(_("Home: %(path)s (%(whose)s)") % {"path": path, "whose": _(whose)})


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(doctor)
    app.command()(check)
    app.command()(use)
