"""What the command line shows on a terminal; plain text where there is none."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.commands.spoken import _, ngettext, speech
from pipelines.errors import ReportError
from pipelines.expectations.rule import CATEGORIES
from pipelines.home.store import Home
from pipelines.job.run import Outcome

if TYPE_CHECKING:
    from pipelines.expectations.load import Expectations
    from pipelines.expectations.rule import Rule
    from pipelines.job.profiling import Stage


@contextlib.contextmanager
def progress() -> Iterator[Callable[[str, str], None]]:
    """A function that says which period is at which stage; silent where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda period, stage: None
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        yield lambda period, stage: status.update(f"{period}: {stage}")


def print_outcomes(outcomes: list[Outcome], home: Path) -> None:
    """The summary table of a run, its notes, and where to look next."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else 110, highlight=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, name in enumerate(
        (
            _("period"),
            "",
            _("exports"),
            _("rows read"),
            _("registered"),
            _("rejected"),
            _("high"),
            _("medium"),
            _("low"),
            _("not evaluated"),
        )
    ):
        table.add_column(name, justify="left" if number < 2 else "right")
    for outcome in outcomes:
        counts = outcome.counts
        table.add_row(
            speech().typed_day(outcome.period),
            _("taken in") if outcome.new else _("unchanged"),
            _("%(n)s of %(all)s") % {"n": counts["files"], "all": counts["files_expected"]},
            *(
                f"{counts[key]:,}".replace(",", " ")
                for key in ("rows_read", "rows_registered", "rows_rejected", "high", "medium", "low", "not_evaluated")
            ),
        )
    console.print(table)
    if outcomes:
        console.print(_("High, medium, low: findings that the period's exports show, the lines of its findings.csv."))
    for note in (note for outcome in outcomes for note in outcome.notes):
        console.print(_("Note:") + f" {note}", markup=False)
    if not any(outcome.new for outcome in outcomes):
        console.print(_("Nothing to do."))
    if outcomes:
        console.print(standing_of(home, outcomes[-1].period))
        path = home / "reports" / outcomes[-1].period / "report.html"
        console.print(_("Report:") + f" {path}", markup=False, soft_wrap=True)


def standing_of(home: Path, period: str) -> str:
    """What is open in a period, as its report counts it."""
    from pipelines.home import store
    from pipelines.ledger import looking
    from pipelines.report.standing import totals

    with store.reading(store.open_existing(home), period) as connection:
        total = totals(looking.rows(connection, "select * from ledger.standing where period = $1", [period]))
    return _(
        "Open in %(period)s: %(findings)s and %(tasks)s; %(urgent)s urgent, %(late)s past the day to act by. Accepted: %(accepted)s."
    ) % {
        "period": speech().typed_day(period),
        "findings": ngettext("%(n)s finding", "%(n)s findings", total["findings"]),
        "tasks": ngettext("%(n)s task", "%(n)s tasks", total["tasks"]),
        **{name: speech().number(total[name]) for name in ("urgent", "late", "accepted")},
    }


def say_undrawn(outcomes: list[Outcome]) -> None:
    """ReportError where a period came into force without its report."""
    undrawn = {period: fault for outcome in outcomes for period, fault in outcome.undrawn.items()}
    if undrawn:
        raise ReportError(
            f"taken in, but the report could not be drawn: {_faults(undrawn)}",
            remedy="the findings count; report the fault, and draw the page later with vahti report",
        )


def refresh(home: Home) -> None:
    """What was written of the periods, anew after a decision; ReportError where that is in force and a report could not be drawn."""
    from pipelines.job.refresh import refresh as write_again

    undrawn = write_again(home)
    if undrawn:
        raise ReportError(
            f"what you entered is kept and in force, but the report could not be drawn again: {_faults(undrawn)}",
            remedy="enter nothing twice; report the fault, and draw the page later with vahti report --period",
        )


def _faults(undrawn: dict[str, str]) -> str:
    return ", ".join(f"{period} ({fault})" for period, fault in sorted(undrawn.items()))


def print_profile(stages: Iterable[Stage]) -> None:
    """One row per stage and period: rows of the period, seconds, rows per second, the process's most memory during it."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, name in enumerate((_("period"), _("stage"), _("rows"), _("seconds"), _("rows/s"), _("peak memory"))):
        table.add_column(name, justify="left" if number < 2 else "right")
    for stage in stages:
        memory = _("unknown") if stage.peak_bytes is None else f"{stage.peak_bytes / 2**20:,.0f} MiB".replace(",", " ")
        rows, rate = (f"{number:,.0f}".replace(",", " ") for number in (stage.rows, stage.rows_per_second))
        table.add_row(stage.period, stage.name, rows, f"{stage.seconds:.2f}", rate, memory)
    Console(width=None if sys.stdout.isatty() else 110, highlight=False).print(table)


def print_rules(loaded: Expectations) -> None:
    """One row per rule, by category, with where it comes from: contracts, schedule, the country's pack, or the controller."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from pipelines.rules import countries

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in (_("rule"), _("category"), _("severity"), _("from"), _("title"), _("owner"), _("review by")):
        table.add_column(name)
    order = {category: number for number, category in enumerate(CATEGORIES)}
    for rule in sorted(loaded.rules, key=lambda rule: (order[rule.category], rule.id)):
        origin = countries.origin(rule, loaded.controller.country)
        table.add_row(rule.id, rule.category, rule.severity, origin, rule.title, rule.owner, rule.review_by.isoformat())
    Console(width=None if sys.stdout.isatty() else 150, highlight=False).print(table)


def rules_as_markdown(rules: Iterable[Rule]) -> str:
    """The list of rules as a Markdown page, by category."""
    lines = [
        "# The rules",
        "",
        "Made by `vahti rules --markdown > expectations/RULES.md`; a test says when it is out of date.",
        "",
    ]
    for category in CATEGORIES:
        lines += [
            f"## {category.capitalize()}",
            "",
            "| rule | severity | what it finds | why | statements | mandate | owner |",
            "|---|---|---|---|---|---|---|",
        ]
        for rule in sorted((rule for rule in rules if rule.category == category), key=lambda rule: rule.id):
            cells = (
                f"`{rule.id}`",
                rule.severity,
                rule.title,
                rule.why,
                " ".join(rule.notice or ()),
                rule.mandate,
                rule.owner,
            )
            lines.append("| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |")
        lines.append("")
    return "\n".join(lines)
