"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Exports = Annotated[
    Path, typer.Option(help="Folder with a folder per period, named by its date.", envvar="VAHTI_EXPORTS")
]
Expectations = Annotated[
    Path,
    typer.Option(
        "--expectations", help="Contracts, rules, disposal schedule, controller.", envvar="VAHTI_EXPECTATIONS"
    ),
]
HomeFolder = Annotated[Path, typer.Option("--home", help="Workbench home.", envvar="VAHTI_HOME")]
EXPORTS, EXPECTATIONS, HOME = Path("data_samples/exports"), Path("expectations"), Path(".vahti")
Period = Annotated[
    str | None, typer.Option("--period", help="Period taken in; the newest one if not given.", metavar="DATE")
]
