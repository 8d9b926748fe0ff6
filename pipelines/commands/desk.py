"""`vahti report`, `vahti desk`, `vahti lab` and `vahti schedule`: the officer's desk, and what comes off it by itself."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.commands.options import (
    EXPECTATIONS,
    EXPORTS,
    HOME,
    LANGUAGES,
    Expectations,
    Exports,
    HomeFolder,
    Period,
    one_of,
)

EVERY, SYSTEMS = ("month", "quarter"), ("systemd", "cron", "windows")

Lang = Annotated[
    str | None,
    typer.Option(
        "--lang", help="en, fi or sv; the controller's own if not given.", parser=one_of(LANGUAGES), metavar="LANGUAGE"
    ),
]
Pdf = Annotated[bool, typer.Option("--pdf", help="Also as a PDF.")]


def report(
    period: Period = None,
    lang: Lang = None,
    pdf: Pdf = False,
    docx: Annotated[bool, typer.Option("--docx", help="Also as a document of a word processor.")] = False,
    expectations: Expectations = EXPECTATIONS,
    home: HomeFolder = HOME,
) -> None:
    """Write the periodic report: the report notebook, run on a period, as one page that stands by itself."""
    from pipelines import open_workbench
    from pipelines.desk import report as periodic

    for path in periodic.write(open_workbench(home, period, lang, expectations), pdf, docx):
        print(path)


def lab(
    browser: Annotated[bool, typer.Option(" /--no-browser", help="Only say the address.")] = True,
    port: Annotated[int | None, typer.Option(help="Port; a free one from 8888 on if not given.")] = None,
    lang: Lang = None,
    expectations: Expectations = EXPECTATIONS,
    home: HomeFolder = HOME,
) -> None:
    """Open JupyterLab on a home: for this machine only, with a token, without fetches from the net."""
    from pipelines.desk import lab as desk

    raise typer.Exit(desk.start(home, expectations, browser, port, lang))


def desk(
    browser: Annotated[bool, typer.Option(" /--no-browser", help="Only say the address.")] = True,
    port: Annotated[int | None, typer.Option(help="Port; a free one from 8870 on if not given.")] = None,
    lang: Lang = None,
    expectations: Expectations = EXPECTATIONS,
    home: HomeFolder = HOME,
) -> None:
    """Open the officer's desk on a home: what to do, what was found, and forms to decide; for this machine only."""
    from pipelines.desk.app import serving

    raise typer.Exit(serving.start(home, expectations, browser, port, lang))


def schedule(
    every: Annotated[
        str, typer.Option("--every", help="month or quarter.", parser=one_of(EVERY), metavar="EVERY")
    ] = "month",
    system: Annotated[
        str | None,
        typer.Option(
            "--system",
            help="systemd, cron or windows; this machine's own if not given.",
            parser=one_of(SYSTEMS),
            metavar="SYSTEM",
        ),
    ] = None,
    install: Annotated[
        bool, typer.Option("--install", help="Give it to the scheduler, in place of an earlier one.")
    ] = False,
    once: Annotated[bool, typer.Option("--once", help="Run and report now, as the scheduler does.")] = False,
    lang: Lang = None,
    pdf: Pdf = False,
    exports: Exports = EXPORTS,
    expectations: Expectations = EXPECTATIONS,
    home: HomeFolder = HOME,
) -> None:
    """Print, or install, what runs `vahti run` and then `vahti report` every month; the exit code is kept."""
    from pipelines.desk import schedule as schedules

    if once:
        raise typer.Exit(schedules.once(home, exports, expectations, lang, pdf))
    plan = schedules.plan(every, home, exports, expectations, lang, pdf)
    system = system or schedules.system_here()
    print(schedules.install(plan, system) if install else schedules.shown(plan, system), end="\n" if install else "")


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    for command in (report, desk, lab, schedule):
        app.command()(command)
