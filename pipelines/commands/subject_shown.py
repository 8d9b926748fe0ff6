"""What `vahti subject` shows and asks on a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from pipelines.commands.headings import heading
from pipelines.commands.spoken import _, ngettext

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.person import Package, Place


def how_many(found: pd.DataFrame) -> str:
    """What stands under the candidates; where there are more than are shown, how to come to them."""
    if more := found.attrs["more"]:
        said = _("The first %(n)s of %(all)s candidates: say more of the person, such as the given name or the street.")
        return said % {"n": len(found), "all": len(found) + more}
    return ngettext("%(n)s candidate", "%(n)s candidates", len(found)) + _("; choose one with --customer NUMBER")


def choose(found: pd.DataFrame) -> str:
    """The customer number that is meant, asked for; VahtiError where no candidate has one."""
    numbers = [number for number in found["customer_number"] if number]
    if not numbers:
        from pipelines.errors import VahtiError

        raise VahtiError(
            "nobody found who has a customer number",
            place="QUERY",
            remedy="try another spelling, or another of their details",
        )
    said = typer.prompt(_("Customer number"))
    if said not in numbers:
        raise typer.BadParameter(f"choose one of {', '.join(numbers)}", param_hint="--customer")
    return said


def warn(place: Place, customer: str) -> None:
    """Before anything is shown, and after it is known that there is such a customer."""
    from pipelines.person.holding import protected

    if protected(place, [customer]):
        typer.echo(
            _(
                "PROTECTED CUSTOMER (safety non-disclosure), or the register cannot say: make sure who asks; say and send"
                " nothing to others."
            ),
            err=True,
        )


def say_package(made: Package) -> None:
    """What an access package came to, and what is still to be done before it is sent."""
    holding, certificate = made.holding, made.certificate
    datasets = ngettext("%(n)s dataset", "%(n)s datasets", len(certificate["searched"]))
    records = ngettext("%(n)s record of %(datasets)s", "%(n)s records of %(datasets)s", len(holding.records))
    print(records % {"datasets": datasets}, "→", made.folder)
    for key, text in (
        ("could_not_be_searched", _("%(n)s: could not be searched, see certificate.json")),
        ("redacted", _("%(n)s: fields with other people's data, or the reason of a hold, redacted")),
        ("redactions_waiting", _("%(n)s: wait for your word, vahti subject redactions")),
        ("free_text_to_be_read_before_sending", _("%(n)s: records with free text, to be read before sending")),
    ):
        if certificate[key]:
            print("  " + text % {"n": len(certificate[key])})
    if made.lacks:
        print("  " + _("The letter is a draft: %(why)s") % {"why": "; ".join(made.lacks)})
    if holding.offers:
        said = _("%(n)s more may be theirs, were left open and are not included: see certificate.json")
        print("  " + said % {"n": len(holding.offers)})


def show(table: pd.DataFrame, caption: str) -> None:
    """A table on the terminal; letters that would hide or turn others are shown by their code."""
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from pipelines.text import visible

    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in table.columns:
        shown.add_column(heading(str(name)), overflow="fold")
    for row in table.itertuples(index=False):
        shown.add_row(*(escape(visible("" if value is None or value != value else str(value))) for value in row))
    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    console.print(shown)
    console.print(caption, markup=False)
