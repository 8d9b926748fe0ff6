"""Options that several commands share, and how what is written after an option is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, cast

import typer

from pipelines.text import written_day

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
    """A parser of a day, as ISO has it or with the day first."""
    found = written_day(text)
    if found is None:
        raise typer.BadParameter("write YYYY-MM-DD, or the day first, as in 30.6.2026")
    return found


def period(text: str) -> str:
    """A parser of a period's name, which is a day; what is no day stays, to be told as no period."""
    found = written_day(text)
    return found.isoformat() if found else text


def is_given(context: typer.Context, name: str) -> bool:
    """Whether somebody named the parameter, on the command line or in the environment."""
    source = context.get_parameter_source(name)
    return source is not None and source.name != "DEFAULT"


def the_home(context: typer.Context, parameter: typer.CallbackParam, value: Path) -> Path:
    """The home that is named, or the one remembered."""
    from pipelines.job import remembered

    return value if is_given(context, parameter.name or "") else remembered.home()[0]


def of_the_home(context: typer.Context, parameter: typer.CallbackParam, value: Path) -> Path:
    """The exports or expectations that are named, where they are those of the home; or those that it was made with."""
    from pipelines.job import remembered

    home, name = context.params.get("home") or remembered.home()[0], str(parameter.name)
    given = is_given(context, name)
    group = cast(
        "typer.Context | None", context.parent
    )  # `vahti rules --expectations DIR check FILE` names it before the command
    if not given and group and name in group.params and is_given(group, name):
        given, value = True, group.params[name]
    value = value if given else remembered.folder(name, home)
    opens_a_home = any(each.name == "home" for each in context.command.params)
    if (
        not opens_a_home or context.params.get("adopt") or context.command.name == "doctor"
    ):  # the doctor says it in its own way
        return value
    if name == "exports" and given:
        remembered.check_exports(home, value)
    elif name == "exports":
        remembered.check_exports_known(home)
    elif name == "expectations":
        if not given:
            remembered.check_known(home)
        remembered.check_expectations(home, value)
    return value


Exports = Annotated[
    Path,
    typer.Option(
        help="Folder with a folder per period, named by its date; the home's own if not given.",
        envvar="VAHTI_EXPORTS",
        callback=of_the_home,
    ),
]
Expectations = Annotated[
    Path,
    typer.Option(
        "--expectations",
        help="Contracts, rules, disposal schedule, controller; the home's own if not given.",
        envvar="VAHTI_EXPECTATIONS",
        callback=of_the_home,
    ),
]
HomeFolder = Annotated[
    Path,
    typer.Option(
        "--home",
        help="Workbench home; the one of `vahti use`, or else the repository's own, if not given.",
        envvar="VAHTI_HOME",
        callback=the_home,
        is_eager=True,
    ),
]
Adopt = Annotated[
    bool,
    typer.Option("--adopt", help="Take these exports and expectations as the home's own from now on.", is_eager=True),
]
EXPORTS, EXPECTATIONS, HOME = Path("data_samples/exports"), Path("expectations"), Path(".vahti")
Period = Annotated[
    str | None,
    typer.Option("--period", help="Period taken in; the newest one if not given.", parser=period, metavar="DATE"),
]
Reason = Annotated[str, typer.Option("--reason", help="Why; goes to the log, so name the request, not the person.")]
