"""`vahti subject redactions` and `redact`: what waits for a word before it goes out to a person, and that word."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.commands.options import EXPECTATIONS, HOME, Expectations, HomeFolder, Period, Reason
from pipelines.commands.spoken import _
from pipelines.commands.subject_shown import show, warn

By = Annotated[str | None, typer.Option("--by", help="Who decides; the account of the operating system if not given.")]
Customer = Annotated[str, typer.Option("--customer", help="Whose records, by customer number.", metavar="NUMBER")]


def redactions(
    customer: Customer,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show how it stands and goes out; needs --reason.")] = False,
    reason: Reason = "",
    by: By = None,
    home: HomeFolder = HOME,
    expectations: Expectations = EXPECTATIONS,
    period: Period = None,
) -> None:
    """What may not be a person's to see in their own records, or that nobody has read, and what was decided on it."""
    from pipelines import person as subject

    with subject.at(home, expectations, period) as place:
        found = subject.redactions(place, customer, why=reason, by=by, reveal=reveal)
        warn(place, customer)
        waiting = found.attrs["waiting"]
        show(
            found.drop(columns=["id", "system", "dataset", "record_key"]),
            _(
                "%(n)s of %(all)s wait for a decision: vahti subject redact RECORD FIELD release|redact|withhold"
                " --customer %(customer)s --reason …"
            )
            % {"n": waiting, "all": len(found), "customer": customer},
        )


def redact(
    record: Annotated[str, typer.Argument(metavar="RECORD", help="A record, as the list shows it: messages/V7.")],
    field: Annotated[str, typer.Argument(metavar="FIELD", help="Its field.")],
    answer: Annotated[str, typer.Argument(help="release, redact, withhold or withdrawn.")],
    customer: Customer,
    reason: Reason = "",
    by: By = None,
    home: HomeFolder = HOME,
    expectations: Expectations = EXPECTATIONS,
    period: Period = None,
) -> None:
    """Keep what may go out of a field: all of it, without what was found in it, or nothing; identity codes of others never."""
    from pipelines import person as subject

    with subject.at(home, expectations, period) as place:
        subject.redact_field(place, customer, record, field, answer, why=reason, by=by)
    print(_("Kept: %(record)s %(field)s: %(answer)s") % {"record": record, "field": field, "answer": answer})


def register(app: typer.Typer) -> None:
    """Adds the two to `vahti subject …`."""
    app.command()(redactions)
    app.command()(redact)
