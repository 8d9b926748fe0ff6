"""Commands for what is decided beside acceptances: findings handed on, remarks, disposals, and the journal of it all."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.commands.listing import Format, show
from pipelines.commands.options import EXPECTATIONS, HOME, Expectations, HomeFolder
from pipelines.commands.spoken import ngettext

Fingerprints = Annotated[list[str], typer.Argument(help="Fingerprints of findings.")]
By = Annotated[str, typer.Option("--by", help="Who decides.")]
Reason = Annotated[str, typer.Option("--reason", help="Why.")]


def assign(
    fingerprints: Fingerprints,
    by: By,
    reason: Reason,
    to: Annotated[str, typer.Option("--to", help="Who is to act; as the rule says, if not given.")] = "",
    home: HomeFolder = HOME,
    expectations: Expectations = EXPECTATIONS,
) -> None:
    """Hand findings to somebody else than their rule names, or give them back."""
    from pipelines.commands.shown import refresh
    from pipelines.expectations.controller import load_controller
    from pipelines.home import store
    from pipelines.ledger import assignments
    from pipelines.person import log

    opened = store.open_existing(home)
    others = [system["keeper"] for system in load_controller(expectations / "controller.yaml").systems.values()]
    count = assignments.assign(opened, fingerprints, who=to, reason=reason, by=by, others=others, on=log.today())
    print(
        ngettext("%(n)s finding: handed to %(who)s", "%(n)s findings: handed to %(who)s", count) % {"who": to}
        if to
        else ngettext(
            "%(n)s finding: back with whom its rule names", "%(n)s findings: back with whom their rule names", count
        )
    )
    refresh(opened)


def remark(
    fingerprints: Fingerprints,
    by: By,
    text: Annotated[str, typer.Option("--text", help="The remark; it names the record or the task, not the person.")],
    home: HomeFolder = HOME,
) -> None:
    """Keep a remark on findings: it stands in the worklists and on the desk."""
    from pipelines.commands.shown import refresh
    from pipelines.home import store
    from pipelines.ledger import assignments
    from pipelines.person import log

    opened = store.open_existing(home)
    count = assignments.remark(opened, fingerprints, text=text, by=by, on=log.today())
    print(ngettext("%(n)s finding: remark kept", "%(n)s findings: remark kept", count))
    refresh(opened)


def disposals(
    approve: Annotated[str | None, typer.Option("--approve", help="Approve the erasure of this class's list.")] = None,
    withdraw: Annotated[str | None, typer.Option("--withdraw", help="Withdraw the approval of this class.")] = None,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    by: Annotated[str, typer.Option(help="Who decides.")] = "",
    second: Annotated[str, typer.Option(help="Who else decided, where controller.yaml wants two names.")] = "",
    form: Annotated[Format, typer.Option("--format", help="table, csv or json.")] = Format.table,
    home: HomeFolder = HOME,
    expectations: Expectations = EXPECTATIONS,
) -> None:
    """List what is past its last day by class and whether its erasure is approved; approve it, or withdraw that."""
    from pipelines.expectations.controller import load_controller
    from pipelines.home import store
    from pipelines.ledger import disposals as ledger
    from pipelines.person import log

    opened = store.open_existing(home)
    cls, what = (approve, ledger.APPROVED) if approve else (withdraw, ledger.WITHDRAWN)
    if not cls:
        columns = ("class", "records", "first_day", "approved_by", "second_name", "since")
        return show(ledger.due(opened), columns, form)
    terms = load_controller(expectations / "controller.yaml").acceptance
    count = ledger.answer(opened, cls, what, reason=reason, by=by, second=second, terms=terms, on=log.today())
    said = (
        ngettext("%(what)s: erasure of %(n)s record approved", "%(what)s: erasure of %(n)s records approved", count)
        if approve
        else ngettext(
            "%(what)s: erasure of %(n)s record withdrawn", "%(what)s: erasure of %(n)s records withdrawn", count
        )
    )
    print(said % {"what": cls})
    return None


def decisions(
    form: Annotated[Format, typer.Option("--format", help="table, csv or json.")] = Format.table,
    home: HomeFolder = HOME,
) -> None:
    """List every decision with its day, name and reason, the newest first."""
    from pipelines.home import store
    from pipelines.ledger import journal

    columns = ("decided_on", "period", "what", "about", "findings", "decided_by", "second_name", "reason")
    show(journal.entries(store.open_existing(home)), columns, form)


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    for command in (assign, remark, disposals, decisions):
        app.command()(command)
