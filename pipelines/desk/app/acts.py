"""The officer's actions at the desk: each form's name is a function here, which calls the same function as the command of that name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from pipelines.desk import report as periodic
from pipelines.desk.app import person_acts, sending_acts
from pipelines.desk.app.done import Done, Files, day, name
from pipelines.desk.app.session import Session
from pipelines.desk.app.views import findings
from pipelines.desk.queries import Queries
from pipelines.expectations.notice import Attestation
from pipelines.known import checked
from pipelines.ledger import acceptances, assignments, disposals
from pipelines.notice import attestations
from pipelines.person import log


def choose(session: Session, values: Mapping[str, Any]) -> Done:
    """Stores which findings the next decision is about: those selected, or all that match the list's filters."""
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
        session.home,
        session.chosen,
        reason=values.get("reason", ""),
        until=until,
        by=name(session, values),
        second=values.get("second", ""),
        terms=session.loaded.controller.acceptance,
        on=log.today(),
    )
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
    """Withdraws an acceptance, which reopens its findings."""
    count = acceptances.withdraw(
        session.home,
        [values.get("acceptance", "")],
        reason=values.get("reason", ""),
        by=name(session, values),
        on=log.today(),
    )
    said = session.speech.ngettext(
        "%(number)s is withdrawn: %(n)s finding is open again.",
        "%(number)s is withdrawn: %(n)s findings are open again.",
        count,
    )
    return Done(said % {"number": values.get("acceptance", ""), "n": session.speech.number(count)}, "/acceptances")


def extend(session: Session, values: Mapping[str, str]) -> Done:
    """Extends an acceptance to a later day."""
    until = day(values, "until")
    number, count = acceptances.extend(
        session.home,
        values.get("acceptance", ""),
        reason=values.get("reason", ""),
        until=until,
        by=name(session, values),
        second=values.get("second", ""),
        terms=session.loaded.controller.acceptance,
        on=log.today(),
    )
    said = session.speech.ngettext(
        "%(number)s: %(n)s finding is accepted until %(day)s.",
        "%(number)s: %(n)s findings are accepted until %(day)s.",
        count,
    )
    facts = {"number": number, "n": session.speech.number(count), "day": session.speech.day(until)}
    return Done(said % facts, "/acceptances")


def assign(session: Session, values: Mapping[str, str]) -> Done:
    """Hands the chosen findings to somebody else, or back."""
    who = values.get("who", "")
    count = assignments.assign(
        session.home,
        session.chosen,
        who=who,
        reason=values.get("reason", ""),
        by=name(session, values),
        others=[system["keeper"] for system in session.loaded.controller.systems.values()],
        on=log.today(),
    )
    session.chosen = []
    said = session.speech.ngettext(
        "%(n)s finding is now with: %(who)s.", "%(n)s findings are now with: %(who)s.", count
    )
    whose = session.speech.said(who) if who else session.speech.gettext("whom the rule names")
    return Done(said % {"n": session.speech.number(count), "who": whose}, f"/findings?{urlencode({'who': who})}")


def remark(session: Session, values: Mapping[str, str]) -> Done:
    """Stores a remark on the chosen findings."""
    count = assignments.remark(
        session.home, session.chosen, text=values.get("text", ""), by=name(session, values), on=log.today()
    )
    session.chosen = []
    said = session.speech.ngettext(
        "The remark is kept on %(n)s finding.", "The remark is kept on %(n)s findings.", count
    )
    return Done(said % {"n": session.speech.number(count)}, "/findings")


def attest(session: Session, values: Mapping[str, str]) -> Done:
    """Attests a statement in somebody's name until a day."""
    word = Attestation(
        values.get("statement", ""), name(session, values), session.as_of, day(values, "until"), values.get("note", "")
    )
    attestations.give(session.home, session.opened.notice, word)
    said = session.speech.gettext("%(id)s: attested until %(day)s.")
    return Done(said % {"id": word.statement, "day": session.speech.day(word.until)}, f"/statement/{word.statement}")


def dispose(session: Session, values: Mapping[str, str]) -> Done:
    """Approves the erasure of a class's list, or withdraws that."""
    what = values.get("what", "")
    count = disposals.answer(
        session.home,
        values.get("class", ""),
        disposals.WITHDRAWN if what == "withdraw" else disposals.APPROVED,
        reason=values.get("reason", ""),
        by=name(session, values),
        second=values.get("second", ""),
        terms=session.loaded.controller.acceptance,
        on=log.today(),
    )
    if what == "withdraw":
        said = session.speech.ngettext(
            "The approval for %(n)s record is withdrawn.", "The approval for %(n)s records is withdrawn.", count
        )
    else:
        said = session.speech.ngettext(
            "The erasure of %(n)s record is approved.", "The erasure of %(n)s records is approved.", count
        )
    return Done(said % {"n": session.speech.number(count)}, "/disposals")


def report(session: Session, values: Mapping[str, str]) -> Done:
    """The director's page of the period, in her language, with its PDF where wanted."""
    paths = periodic.write(Queries(session.opened, session.code), bool(values.get("pdf")), bool(values.get("docx")))
    said = session.speech.gettext("The report is made: %(files)s")
    shown = paths[-1]
    return Done(
        said % {"files": ", ".join(path.name for path in paths)},
        "/report",
        changed=False,
        download=(shown.name, shown.read_bytes()),
    )


ACTS: dict[str, Callable[[Session, Mapping[str, str]], Done]] = {
    "choose": choose, "accept": accept, "extend": extend, "withdraw": withdraw, "assign": assign, "remark": remark,
    "attest": attest, "dispose": dispose, "report": report,
    "search": person_acts.search, "look": person_acts.look, "offer": person_acts.offer, "redact": person_acts.redact,
    "answer": person_acts.answer,
    "hand out": sending_acts.hand_out, "send": sending_acts.send, "take in": sending_acts.take_in,
    "calendar": sending_acts.take_calendar,
}  # fmt: skip
WITH_FILES: dict[str, Callable[[Session, Mapping[str, str], Files], Done]] = {"take back": sending_acts.take_back}


def do(session: Session, act: str, values: Mapping[str, str], files: Files) -> Done:
    """The outcome of a form; UnknownError for an unknown form."""
    if act in WITH_FILES:
        return WITH_FILES[act](session, values, files)
    return ACTS[checked("form", act, [*ACTS, *WITH_FILES])](session, values)
