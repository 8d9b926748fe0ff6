"""`vahti subject`: who asks, what is held of them, the answer."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from pipelines.commands import redactions, spoken
from pipelines.commands.listing import shown_day
from pipelines.commands.options import (
    EXPECTATIONS,
    HOME,
    LANGUAGES,
    Expectations,
    HomeFolder,
    Period,
    Reason,
    day,
    one_of,
)
from pipelines.commands.spoken import Typer, _, ngettext
from pipelines.commands.subject_shown import choose, how_many, say_package, show, warn

By = Annotated[str | None, typer.Option("--by", help="Who looks; the account of the operating system if not given.")]


WORDS = (
    "find",
    "offer",
    "links",
    "decide",
    "redactions",
    "redact",
    "requests",
)  # that may follow `vahti subject`, other than a query


class QueryFirst(TyperGroup):
    """What is no command of the group is a query: `vahti subject Virtanen` is `vahti subject find Virtanen`."""

    def parse_args(self, context: typer.Context, arguments: list[str]) -> list[str]:  # type: ignore[override]
        first = arguments[0] if arguments else "--help"
        is_query = first not in self.commands and first != "--help"
        return super().parse_args(context, ["find", *arguments] if is_query else arguments)


subject_app = Typer(
    cls=QueryFirst, no_args_is_help=True, help="One person: find them, see what is held, make the access package."
)


@subject_app.command()
def find(
    query: Annotated[
        list[str] | None,
        typer.Argument(help="Number, name, identity code, phone, email, address, account, property id."),
    ] = None,
    customer: Annotated[
        str | None, typer.Option("--customer", help="The person, by customer number.", metavar="NUMBER")
    ] = None,
    package: Annotated[
        Path | None, typer.Option("--package", help="Make the access package in this new folder.", metavar="DIR")
    ] = None,
    confirm_protected: Annotated[
        bool, typer.Option("--confirm-protected", help="The customer is protected, and you made sure who asks.")
    ] = False,
    leave_offers_open: Annotated[
        bool,
        typer.Option("--leave-offers-open", help="Make the package although offers are unanswered; it says which."),
    ] = False,
    with_others: Annotated[
        bool, typer.Option("--with-others", help="Leave other people's data in; identity codes never.")
    ] = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show the values; needs --reason.")] = False,
    request: Annotated[str, typer.Option("--request", help="Number of the request that this answers.")] = "",
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang", help="Language of the letter: en, fi or sv.", parser=one_of(LANGUAGES), metavar="LANGUAGE"
        ),
    ] = None,
    dated: Annotated[
        dt.date | None,
        typer.Option(
            "--dated", help="Date of the letter; the period's as-of date if not given.", parser=day, metavar="DATE"
        ),
    ] = None,
    reason: Reason = "",
    by: By = None,
    home: HomeFolder = HOME,
    expectations: Expectations = EXPECTATIONS,
    period: Period = None,
) -> None:
    """Find a person; with --customer, say what is held; with --package, make the answer. The word `find` may be left
    out."""
    from pipelines import person as subject
    from pipelines.known import nearest
    from pipelines.person.unknown import searched

    text = " ".join(query or ())
    if not text and not customer:
        raise typer.BadParameter("say whom to look for, or --customer NUMBER", param_hint="QUERY")
    if package and not (request.strip() or reason.strip()):  # nobody is looked for before that
        raise typer.BadParameter(
            "say whose request it answers, --request NUMBER, or why it is made, --reason …: it holds every value unmasked",
            param_hint="--package",
        )
    who: dict[str, Any] = {"by": by, "why": reason}
    with subject.at(home, expectations, period) as place:
        if not customer:
            found = subject.candidates(place, text, **who)
            if len(found):
                show(found.drop(columns=["is_exact"]), how_many(found))
            else:
                near = "".join(nearest(text, WORDS)[:1])
                print(
                    _("Nobody was found."),
                    searched(place, spoken.speech()),
                    _("Try another spelling, or another of their details."),
                )
                if near:
                    print(_("If a command was meant: vahti subject %(command)s") % {"command": near})
            if not package and not reveal:
                return
            customer = choose(found)
        if package:
            made = subject.package(
                place,
                customer,
                package,
                confirm_protected=confirm_protected,
                leave_offers_open=leave_offers_open,
                request=request,
                language=lang or "",
                dated=dated,
                keep_others=with_others,
                **who,
            )
            say_package(made)
        elif reveal:
            values = subject.reveal(place, customer, **who)
            warn(place, customer)
            show(values, _("Values: not for print or mail."))
        else:
            held = subject.records(place, customer, **who)
            warn(place, customer)
            show(held, _("Values: --reveal --reason …; the answer: --package DIR --request NUMBER"))
            offered = subject.offers(place, customer, **who)
            if len(offered):
                show(
                    offered.drop(columns=["record_key"]),
                    _(
                        "May be the same person, in no package until you say yes: look with vahti subject offer ID --customer"
                        " %(customer)s, answer with vahti subject decide ID %(person)s yes|no"
                    )
                    % {"customer": customer, "person": f"{place.subject[0]}/{customer}"},
                )


@subject_app.command()
def offer(
    member: Annotated[str, typer.Argument(metavar="ID", help="An offer, as the list of offers shows it: messages/V7.")],
    customer: Annotated[str, typer.Option("--customer", help="Compare it with this customer.", metavar="NUMBER")] = "",
    confirm_protected: Annotated[
        bool, typer.Option("--confirm-protected", help="They are protected, or may be, and you made sure who sees it.")
    ] = False,
    reason: Reason = "",
    by: By = None,
    home: HomeFolder = HOME,
    expectations: Expectations = EXPECTATIONS,
    period: Period = None,
) -> None:
    """Look at an offered record or person, values masked, before deciding on it."""
    from pipelines import person as subject

    with subject.at(home, expectations, period) as place:
        found = subject.offer(place, member, customer, confirm_protected=confirm_protected, by=by, why=reason)
        if found.attrs["is_protected"]:
            said = (
                _("PROTECTED (safety non-disclosure), or the register cannot say: make sure who sees this.")
                if confirm_protected
                else _(
                    "PROTECTED (safety non-disclosure), or the register cannot say: no values without --confirm-protected."
                )
            )
            typer.echo(said, err=True)
        show(found, _("What a yes to %(offer)s would add, values masked") % {"offer": member})
        if found.attrs["why"]:
            print(found.attrs["why"])


@subject_app.command()
def links(
    answered: Annotated[bool, typer.Option("--all", help="Those answered too.")] = False,
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask about each: y is one person, n is two, anything else is left open.")
    ] = False,
    duplicates: Annotated[bool, typer.Option("--duplicates", help="Only those very likely one person.")] = False,
    reason: Reason = "",
    by: By = None,
    home: HomeFolder = HOME,
    expectations: Expectations = EXPECTATIONS,
    period: Period = None,
) -> None:
    """Pairs of people and records that may belong together, for a yes or no."""
    from pipelines import person as subject

    with subject.at(home, expectations, period) as place:
        found = (
            subject.duplicates(place, by=by, why=reason)
            if duplicates
            else subject.links(place, answered=answered, by=by, why=reason)
        )
        if not ask:
            said = ngettext("%(n)s pair", "%(n)s pairs", len(found))
            show(found, said + _("; answer with vahti subject decide LEFT RIGHT yes|no, or --ask"))
            return
        for row in found.to_dict("records"):
            likely = row["probability"]
            reckoned = "" if likely is None or likely != likely else f" ({likely:.4f})"
            said = typer.prompt(
                f"{row['left']} and {row['right']}: {row['why']}{reckoned}. One person? [y/n/-]", default="-"
            ).lower()
            if said in ("y", "n"):
                subject.decide(place, row["left"], row["right"], "yes" if said == "y" else "no", by=by, why=reason)


@subject_app.command()
def decide(
    left: Annotated[str, typer.Argument(help="One member, as links shows it: customers/1000123.")],
    right: Annotated[str, typer.Argument(help="The other.")],
    answer: Annotated[str, typer.Argument(help="yes, no or withdrawn.")],
    reason: Reason = "",
    by: By = None,
    home: HomeFolder = HOME,
    expectations: Expectations = EXPECTATIONS,
    period: Period = None,
) -> None:
    """Keep the answer on a pair: one person, or not."""
    from pipelines import person as subject

    with subject.at(home, expectations, period) as place:
        subject.decide(place, left, right, answer, by=by, why=reason)
    print(_("Kept: %(one)s and %(other)s: %(answer)s") % {"one": left, "other": right, "answer": answer})


@subject_app.command()
def requests(
    answered: Annotated[bool, typer.Option("--all", help="Answered ones too.")] = False,
    by: By = None,
    home: HomeFolder = HOME,
    expectations: Expectations = EXPECTATIONS,
    period: Period = None,
) -> None:
    """Requests of data subjects, with their last day and the packages made for them."""
    from pipelines import person as subject

    with subject.at(home, expectations, period) as place:
        found = subject.requests(place, answered, by=by)
        said = ngettext("%(n)s request, as of %(day)s", "%(n)s requests, as of %(day)s", len(found))
        show(found, said % {"day": shown_day(place.as_of)})


def register(app: typer.Typer) -> None:
    """Adds `vahti subject …`."""
    redactions.register(subject_app)
    app.add_typer(subject_app, name="subject")
