"""What the officer does at the desk: each form's name is a function here, which calls what the command of that name calls."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipelines.desk.app.session import Session
from pipelines.desk.app.views import findings
from pipelines.errors import VahtiError
from pipelines.ledger import acceptances


@dataclass(frozen=True)
class Done:
    """What came of it, in her language, and the page to go on to. `changed`: something was decided."""

    text: str
    then: str
    changed: bool = True


def choose(session: Session, values: Mapping[str, object]) -> Done:
    """Keeps which findings the next decision is about: those marked, or all that the list's filters leave."""
    given = values.get("chosen", [])
    session.chosen = [given] if isinstance(given, str) else list(given)
    if values.get("all"):
        filters = {name: str(values.get(name, "")) for name in findings.FILTERS}
        session.chosen = [
            row["fingerprint"] for row in findings.every(session) if row["is_there"] and findings.fits(row, filters)
        ]
    return Done("", f"/decide/{values.get('what', 'accept')}", changed=False)


def accept(session: Session, values: Mapping[str, str]) -> Done:
    """Accepts the chosen findings until a day."""
    until = day(values, "until")
    number, count = acceptances.accept(
        session.home, session.chosen, reason=values.get("reason", ""), until=until, by=name(session, values),
        second=values.get("second", ""), terms=session.loaded.controller.acceptance,
    )  # fmt: skip
    session.chosen = []
    said = session.speech.ngettext(
        "%(number)s: %(n)s finding is accepted until %(day)s.",
        "%(number)s: %(n)s findings are accepted until %(day)s.",
        count,
    )
    return Done(
        said % {"number": number, "n": session.speech.number(count), "day": session.speech.day(until)}, "/acceptances"
    )


def withdraw(session: Session, values: Mapping[str, str]) -> Done:
    """Withdraws an acceptance, which reopens what it covers."""
    count = acceptances.withdraw(
        session.home, [values.get("acceptance", "")], reason=values.get("reason", ""), by=name(session, values)
    )
    said = session.speech.ngettext(
        "%(number)s is withdrawn: %(n)s finding is open again.",
        "%(number)s is withdrawn: %(n)s findings are open again.",
        count,
    )
    return Done(said % {"number": values.get("acceptance", ""), "n": session.speech.number(count)}, "/acceptances")


def name(session: Session, values: Mapping[str, str]) -> str:
    """Who decides, as the form says it; kept for the next form."""
    session.by = values.get("by", "").strip() or session.by
    return values.get("by", "").strip()


def day(values: Mapping[str, str], field: str) -> dt.date:
    """A day of a form, as the browser's calendar gives it or as it is written in Finland or Britain; VahtiError for none."""
    text = str(values.get(field, "")).strip()
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"):
        with contextlib.suppress(ValueError):
            return dt.datetime.strptime(text, pattern).date()
    raise VahtiError("no day is given", place=field, remedy="choose a day, or write it as day.month.year")


ACTS: dict[str, Callable[[Session, Mapping[str, str]], Done]] = {
    "choose": choose,
    "accept": accept,
    "withdraw": withdraw,
}
