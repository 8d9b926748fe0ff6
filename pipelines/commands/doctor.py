"""`vahti doctor` and `vahti use`: whether all is fit, and which home is meant where none is named."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import EXPECTATIONS, EXPORTS, HOME, Expectations, Exports, HomeFolder

SIGNS = {"fine": "", "note": "look", "fault": "MEND"}


def doctor(
    context: typer.Context,
    exports: Exports = EXPORTS,
    expectations: Expectations = EXPECTATIONS,
    home: HomeFolder = HOME,
) -> None:
    """Say whether Python, packages, home, key, disk, expectations and exports are fit, and what to do where not."""
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from pipelines.errors import UnfitError
    from pipelines.job import doctor as doctors
    from pipelines.job import remembered
    from pipelines.text import visible

    source = context.get_parameter_source("home")
    named = {"COMMANDLINE": "--home", "ENVIRONMENT": "VAHTI_HOME"}.get(source.name if source else "")
    checks = doctors.look(home, exports, expectations, named or remembered.home()[1])
    table = Table("", "what", "how it is", "what to do", box=box.SIMPLE_HEAD, pad_edge=False)
    for check in checks:
        table.add_row(SIGNS[check.state], *(escape(visible(each)) for each in (check.what, check.found, check.todo)))
    Console(width=None if sys.stdout.isatty() else 200, highlight=False).print(table)
    faults = [check.what for check in checks if check.state == doctors.FAULT]
    if faults:
        raise UnfitError(f"to be mended: {', '.join(faults)}", remedy="see “what to do” above")
    print("Nothing has to be mended.")


def use(
    home: Annotated[Path | None, typer.Argument(help="The home to use where none is named.", metavar="HOME")] = None,
    forget: Annotated[bool, typer.Option("--forget", help="Use the repository's own again.")] = False,
) -> None:
    """Choose the home that is meant where none is named, from any folder; without one, say which it is."""
    from pipelines.job import remembered

    if home or forget:
        remembered.use(None if forget else home)
    path, whose = remembered.home()
    print(f"Home: {path} ({whose})")


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(doctor)
    app.command()(use)
