"""Options that several commands share, and how what is written after an option is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated

import typer

LANGUAGES = ("en", "fi", "sv")


def one_of(values: Iterable[str]) -> Callable[[str], str]:
    """A parser of an option that takes one of a few words; the nearest is proposed for any other."""
    words = tuple(values)

    def parse(text: str) -> str:
        if text not in words:
            from pipelines.known import nearest

            near = nearest(text, words)
            meant = f"; did you mean {' or '.join(near)}?" if near else ""
            raise typer.BadParameter(f"use one of: {', '.join(words)}{meant}")
        return text

    return parse


def day(text: str) -> dt.date:
    """A parser of a day."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("write YYYY-MM-DD") from None


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
