"""`vahti rules`: the rules there are, and whether one is fit to run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import EXPECTATIONS, Expectations
from pipelines.commands.spoken import Typer, _


def register(app: typer.Typer) -> None:
    """Adds `vahti rules` and `vahti rules check`."""
    group = Typer(help="List the rules, or check one.", invoke_without_command=True)
    group.callback()(rules)
    group.command()(check)
    app.add_typer(group, name="rules")


def rules(
    context: typer.Context,
    expectations: Expectations = EXPECTATIONS,
    markdown: Annotated[bool, typer.Option("--markdown", help="As a page, with reasons and mandates.")] = False,
) -> None:
    """List the rules, or check one."""
    if context.invoked_subcommand is None:
        from pipelines.commands import shown
        from pipelines.expectations.load import load

        loaded = load(expectations)
        print(shown.rules_as_markdown(loaded.rules), end="") if markdown else shown.print_rules(loaded)


def check(
    file: Annotated[Path, typer.Argument(help="A rule, *.sql.")], expectations: Expectations = EXPECTATIONS
) -> None:
    """Say what is wrong with a rule, with line and remedy; exit 0 where nothing is."""
    from pipelines.expectations.load import load
    from pipelines.rules.rulecheck import check_file

    rule = check_file(load(expectations), file)
    print(_("%(rule)s: fit to run") % {"rule": rule.id} + f" ({rule.category}, {rule.severity})")
