"""The command line: each command parses, calls the library, prints. Faults are one message on stderr and an exit code."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from pipelines.commands import decide as decide_commands
from pipelines.commands import desk as desk_commands
from pipelines.commands import doctor as doctor_commands
from pipelines.commands import init as init_commands
from pipelines.commands import key as key_commands
from pipelines.commands import ledger as ledger_commands
from pipelines.commands import log as log_commands
from pipelines.commands import notice as notice_commands
from pipelines.commands import options, spoken
from pipelines.commands import rules as rules_commands
from pipelines.commands import subject as subject_commands
from pipelines.commands import worklists as worklist_commands
from pipelines.commands.options import (
    EXPECTATIONS,
    EXPORTS,
    HOME,
    Adopt,
    Expectations,
    Exports,
    HomeFolder,
    Period,
    day,
    one_of,
)
from pipelines.commands.spoken import Typer, _, ngettext, speech
from pipelines.errors import FAULT, FINDINGS, INTERRUPTED, NoMemoryError, VahtiError, line_of
from pipelines.home import keys

app = Typer(
    name="vahti",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Rekisterivahti: checks registry exports against what the privacy notice promises.",
)

SEVERITIES = ("high", "medium", "low")


def amount(text: str) -> str:
    """An option's amount of memory."""
    import re

    if not re.fullmatch(r"[1-9]\d*\s?[KMGT]i?B", text, re.IGNORECASE):
        raise typer.BadParameter("write such as 500MB or 2GB")
    return text


def say_version(wanted: bool) -> None:
    """`vahti --version`."""
    if wanted:
        from importlib.metadata import version

        print(f"vahti {version('rekisterivahti')}")
        raise typer.Exit


@app.callback()
def every(
    version: Annotated[
        bool, typer.Option("--version", help="Say which version this is.", callback=say_version, is_eager=True)
    ] = False,
) -> None:
    """Rekisterivahti: checks registry exports against what the privacy notice promises."""


def seldom_collect() -> None:
    """Python looks for cycles among its objects less often: a run makes many that stay, and few cycles."""
    import gc

    gc.set_threshold(20_000, 50, 100)


@app.command()
def run(
    exports: Exports = EXPORTS,
    expectations: Expectations = EXPECTATIONS,
    home: HomeFolder = HOME,
    as_of: Annotated[
        dt.date | None, typer.Option(help="Reckon as of this day, not the folder's date.", parser=day, metavar="DATE")
    ] = None,
    period: Annotated[
        str | None, typer.Option(help="Only this period folder.", parser=options.period, metavar="DATE")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Take a period in again.")] = False,
    fail: Annotated[
        str,
        typer.Option(
            "--fail-on",
            help="Exit 10 at findings of this severity: high, medium, low or never.",
            parser=one_of((*SEVERITIES, "never")),
            metavar="SEVERITY",
        ),
    ] = "high",
    memory: Annotated[
        str | None,
        typer.Option(
            help="DuckDB's memory limit, such as 1GB; half the machine's if not given.", parser=amount, metavar="SIZE"
        ),
    ] = None,
    threads: Annotated[int | None, typer.Option(help="DuckDB's threads; all processors if not given.", min=1)] = None,
    profile: Annotated[
        bool,
        typer.Option("--profile", help="Print where the time goes; profiles of the slowest rules go to HOME/profiles."),
    ] = False,
    adopt: Adopt = False,
) -> None:
    """Take in every period folder that is new, oldest first: read, check, write what was found."""
    from pipelines.commands import shown as console
    from pipelines.job import remembered
    from pipelines.job.profiling import Profile
    from pipelines.job.run import run as run_periods

    seldom_collect()
    with console.progress() as progress:
        profiled = Profile(progress) if profile else None
        outcomes = run_periods(
            home,
            exports,
            expectations,
            as_of=as_of,
            period=period,
            replace=replace,
            memory=memory,
            threads=threads,
            progress=progress,
            profile=profiled,
        )
    remembered.remember(home, exports, expectations)
    if profiled:
        console.print_profile(profiled.stages)
    console.print_outcomes(outcomes, home)
    console.say_undrawn(outcomes)
    worst = SEVERITIES[: SEVERITIES.index(fail) + 1] if fail != "never" else ()
    if any(outcome.counts[severity] for outcome in outcomes[-1:] for severity in worst):
        raise typer.Exit(FINDINGS)


@app.command()
def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    expectations: Expectations = EXPECTATIONS,
    home: HomeFolder = HOME,
) -> None:
    """Remove raw and registry data of periods older than controller.yaml keeps; findings, counts and reports stay."""
    from pipelines.expectations.controller import load_controller
    from pipelines.home import purge as purging
    from pipelines.home import store

    kept, opened = load_controller(expectations / "controller.yaml").periods_kept, store.open_existing(home)
    if dry_run:
        gone = purging.due(opened, kept)
    else:
        with store.locked(opened):
            gone = purging.purge(opened, kept)
    if not gone:
        print(_("Nothing to purge."))
        return
    said = (
        _("Would be purged: raw and registry data of %(periods)s; findings, counts and reports stay.")
        if dry_run
        else _("Purged: raw and registry data of %(periods)s; findings, counts and reports stay.")
    )
    newest = ngettext("Only the newest period is kept.", "The %(n)s newest periods are kept.", kept)
    print(said % {"periods": ", ".join(map(speech().typed_day, gone))}, newest)


@app.command()
def sample(
    out: Annotated[Path, typer.Option(help="Folder to write exports/ and expected_findings.csv to.")],
    customers: Annotated[int, typer.Option(help="Number of customers.")] = 400,
    seed: Annotated[int, typer.Option(help="Another seed, another world.")] = 1,
    periods: Annotated[int, typer.Option(help="Number of quarters from 2025-12-31 on.")] = 3,
) -> None:
    """Write synthetic exports with planted problems, and the answer key to them."""
    from pipelines.samples import write_samples

    try:
        write_samples(out, customers, seed, periods)
    except ValueError as error:
        raise VahtiError(str(error), remedy="change the numbers") from None
    said = _("Wrote %(periods)s periods of %(customers)s customers to %(folder)s")
    print(said % {"periods": periods, "customers": customers, "folder": out})


@app.command()
def explain(
    dataset: Annotated[str, typer.Argument(help="Such as customers, or vesikanta.customers.")],
    key: Annotated[str, typer.Argument(help="The record's key.")],
    home: HomeFolder = HOME,
    period: Period = None,
) -> None:
    """Say until when a record may be kept, and why."""
    import datetime as dt

    from pipelines.home import store
    from pipelines.rules.explain import explain as explain_record

    opened = store.open_existing(home)
    name, note = store.choose(opened, period)
    with store.reading(opened, name) as connection:
        for explanation in explain_record(connection, dt.date.fromisoformat(note["as_of"]), dataset, key):
            print(explanation)


rules_commands.register(app)
decide_commands.register(app)
desk_commands.register(app)
doctor_commands.register(app)
init_commands.register(app)
key_commands.register(app)
ledger_commands.register(app)
notice_commands.register(app)
subject_commands.register(app)
worklist_commands.register(app)
log_commands.register(app)


def main() -> None:
    """Entry point of `vahti`."""
    keys.on_new_key_file, keys.on_plain_key = key_commands.tell_of_key_file, key_commands.tell_of_plain_key
    try:
        app(prog_name="vahti")
    except VahtiError as error:
        from pipelines.text import visible

        print("vahti: " + "\n".join(map(visible, spoken.fault(error).split("\n"))), file=sys.stderr)
        if isinstance(error, NoMemoryError):
            _leave_at_once(error.exit_code)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        _interrupted()
    except SystemExit as leaving:
        # Typer turns Ctrl-C into exit 130 and says nothing.
        if leaving.code == INTERRUPTED:
            _interrupted()
        raise
    except Exception as error:
        # DuckDB's own word for Ctrl-C in the middle of a query; its module is not imported for a look at its name.
        if type(error).__name__ == "InterruptException" or "interrupted" in str(error).lower():
            _interrupted()
        if os.environ.get("VAHTI_DEBUG"):
            raise
        # The message of an unexpected error may quote a cell: say what and where, not with what.
        print(
            f"vahti: unexpected fault: {type(error).__name__} in {line_of(error)}; the home is as it was before",
            file=sys.stderr,
        )
        print("  Remedy: report it; VAHTI_DEBUG=1 shows more, personal values perhaps among it", file=sys.stderr)
        sys.exit(FAULT)


def _leave_at_once(code: int) -> None:
    """Without taking anything down: DuckDB and its threads do not always survive that where there is no memory."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _interrupted() -> NoReturn:
    print("vahti: interrupted; the period at work was not taken in", file=sys.stderr)
    sys.exit(INTERRUPTED)
