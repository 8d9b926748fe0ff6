"""Commands on the findings ledger: list findings, accept some."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands import spoken
from pipelines.commands.listing import Format, lines, show, shown_day
from pipelines.commands.options import EXPECTATIONS, HOME, Expectations, HomeFolder, Period, day, one_of
from pipelines.commands.spoken import _, ngettext

if TYPE_CHECKING:
    from pipelines.home.store import Home

# Columns of the table; csv and json have all of them.
SHOWN = (
    "fingerprint",
    "severity",
    "rule",
    "dataset",
    "record_key",
    "field",
    "state",
    "first_seen",
    "age_days",
    "act_by",
)


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command()(findings)
    app.command()(accept)


def state(text: str) -> str:
    """An option's state of a finding."""
    from pipelines.expectations.rule import STATES

    return one_of(STATES)(text)


def findings(
    states: Annotated[
        list[str] | None,
        typer.Option("--state", help="Only this state; may be repeated.", parser=state, metavar="STATE"),
    ] = None,
    rule: Annotated[str, typer.Option(help="Only this rule.")] = "",
    dataset: Annotated[str, typer.Option(help="Only this dataset.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Also those that are not there any more.")] = False,
    headers: Annotated[
        bool, typer.Option("--headers", help="What the headers of undeclared columns say; goes to the log of look-ups.")
    ] = False,
    form: Annotated[Format, typer.Option("--format", help="table, csv or json.")] = Format.table,
    reference: Annotated[
        str | None,
        typer.Option("--show", help="One finding by its reference, with the customer's number; logged.", metavar="REF"),
    ] = None,
    reason: Annotated[
        str, typer.Option(help="Why, for --show and --headers; goes to the log, so name the task, not the person.")
    ] = "",
    by: Annotated[str | None, typer.Option(help="Who looks; the account, if not given.")] = None,
    home: HomeFolder = HOME,
    period: Period = None,
) -> None:
    """List findings and tasks with their states; with --headers, what undeclared columns are called in their files; with
    --show, one finding by its reference."""
    from pipelines.home import store
    from pipelines.ledger import looking

    if reference is not None:
        return show_one(store.open_existing(home), reference, period, reason, by, form)
    if headers:
        from pipelines.person.headers import undeclared

        if rule or states:
            raise typer.BadParameter("takes --dataset and --period alone", param_hint="--headers")
        opened = store.open_existing(home)
        rows = undeclared(opened, period, dataset or None, why=reason, by=by)
        name = store.choose(opened, period)[0]
        said = ngettext(
            "%(n)s undeclared column in the exports of %(period)s",
            "%(n)s undeclared columns in the exports of %(period)s",
            len(rows),
        ) % {"period": shown_day(name)}
        said += f" ({dataset})" if dataset else ""
        return show(rows, ("system", "dataset", "file", "position", "header"), form, said)
    found = looking.listed(
        store.open_existing(home),
        period,
        rule=rule,
        dataset=dataset,
        states=states or (),
        every=every,
        speech=spoken.speech(),
    )
    show(found.rows, SHOWN if form is Format.table else looking.FINDING_COLUMNS, form, found.searched)
    if form is Format.table:
        print(summed(found.rows))


def summed(rows: list[dict[str, object]]) -> str:
    """How many of the rows are open, urgent and late, and what became of the others."""
    opened, urgent, late = (sum(bool(row[name]) for row in rows) for name in ("is_open", "is_urgent", "is_late"))
    said = _("%(open)s open (%(urgent)s urgent, %(late)s past the day to act by)")
    parts = [said % {"open": opened, "urgent": urgent, "late": late}]
    for state_, text in (("reported done", _("%(n)s reported done")), ("accepted", _("%(n)s accepted"))):
        if count := sum(row["state"] == state_ for row in rows):
            parts.append(text % {"n": count})
    return ", ".join(parts)


def show_one(home: Home, reference: str, period: str | None, reason: str, by: str | None, form: Format) -> None:
    """The whole of one finding, once the log has who looked and why."""
    from pipelines.ledger import looking
    from pipelines.person import log

    if not reason.strip():
        raise typer.BadParameter("say why: --reason …; it shows whose record a finding is about", param_hint="--show")
    row = looking.one(home, reference, period)
    log.append(
        home, "finding", by=by, why=reason, period=row["period"], finding=reference, customer=row["customer_number"]
    )
    show([row], tuple(row), form)


def accept(
    fingerprints: Annotated[
        list[str] | None, typer.Argument(help="Fingerprints of findings, or numbers of acceptances to withdraw.")
    ] = None,
    rule: Annotated[str, typer.Option(help="Findings of this rule.")] = "",
    dataset: Annotated[str, typer.Option(help="Findings on this dataset.")] = "",
    keys: Annotated[Path | None, typer.Option(help="File of record keys, one a line.")] = None,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    until: Annotated[
        dt.date | None, typer.Option(help="Last day of the acceptance.", parser=day, metavar="DATE")
    ] = None,
    by: Annotated[str, typer.Option(help="Who decided.")] = "",
    second: Annotated[str, typer.Option(help="Who else decided, where controller.yaml wants two names.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be accepted.")] = False,
    listing: Annotated[bool, typer.Option("--list", help="List acceptances.")] = False,
    ending: Annotated[
        int | None, typer.Option(help="List acceptances that end within so many days.", min=0, metavar="DAYS")
    ] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Withdraw acceptances.")] = False,
    extend: Annotated[
        str | None, typer.Option("--extend", help="Go on with this acceptance until a later day.", metavar="NUMBER")
    ] = None,
    as_yaml: Annotated[bool, typer.Option("--yaml", help="List acceptances as YAML, for review.")] = False,
    form: Annotated[
        Format, typer.Option("--format", help="table, csv or json, for --list and --ending.")
    ] = Format.table,
    home: HomeFolder = HOME,
    expectations: Expectations = EXPECTATIONS,
) -> None:
    """Accept findings until a day, list acceptances, extend or withdraw them."""
    from pipelines.commands.shown import refresh
    from pipelines.expectations.controller import load_controller
    from pipelines.home import store
    from pipelines.ledger import acceptances
    from pipelines.person import log

    opened = store.open_existing(home)
    if as_yaml:
        print(acceptances.as_yaml(acceptances.acceptances(opened)), end="")
    elif listing or ending is not None:
        found = acceptances.acceptances(opened, ending)
        if form is Format.table:
            searched = (
                ngettext("%(n)s finding was accepted", "%(n)s findings were accepted", len(found))
                if ending is None
                else ngettext(
                    "%(n)s finding has an acceptance that ends within %(days)s days",
                    "%(n)s findings have an acceptance that ends within %(days)s days",
                    len(found),
                )
                % {"days": ending}
            ) + _("; finding by finding: --format csv")
            show(acceptances.summed(found), acceptances.SUMMED, form, searched)
        else:
            show(found, acceptances.ACCEPTANCE_COLUMNS, form)
    elif withdraw:
        count = acceptances.withdraw(opened, fingerprints or [], reason=reason, by=by, on=log.today())
        print(ngettext("Withdrawn for %(n)s finding", "Withdrawn for %(n)s findings", count))
        refresh(opened)
    elif until is None:
        raise typer.BadParameter("say until when: --until YYYY-MM-DD")
    elif extend:
        terms = load_controller(expectations / "controller.yaml").acceptance
        number, count = acceptances.extend(
            opened, extend, reason=reason, until=until, by=by, second=second, terms=terms, on=log.today()
        )
        print(
            ngettext(
                "%(number)s: goes on from %(before)s for %(n)s finding until %(day)s",
                "%(number)s: goes on from %(before)s for %(n)s findings until %(day)s",
                count,
            )
            % {"number": number, "before": extend, "day": shown_day(until)}
        )
        refresh(opened)
    else:
        number, count = acceptances.accept(
            opened,
            fingerprints or [],
            reason=reason,
            until=until,
            by=by,
            rule=rule,
            dataset=dataset,
            keys=None if keys is None else lines(keys),
            second=second,
            dry_run=dry_run,
            on=log.today(),
            terms=load_controller(expectations / "controller.yaml").acceptance,
        )
        said = (
            ngettext(
                "Would accept %(n)s finding until %(day)s as %(number)s; nothing was kept",
                "Would accept %(n)s findings until %(day)s as %(number)s; nothing was kept",
                count,
            )
            if dry_run
            else ngettext(
                "%(number)s: accepted %(n)s finding until %(day)s",
                "%(number)s: accepted %(n)s findings until %(day)s",
                count,
            )
        )
        print(said % {"number": number, "day": shown_day(until)})
        if not dry_run:
            refresh(opened)
