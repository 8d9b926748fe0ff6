"""The officer's actions at the desk: each form's name is a function here, which calls the same function as the command of that name."""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from pipelines import outputs, person
from pipelines.desk import report as periodic
from pipelines.desk.app.session import Session
from pipelines.desk.app.views import disposals as lists
from pipelines.desk.app.views import findings, people
from pipelines.desk.queries import Queries
from pipelines.errors import VahtiError
from pipelines.expectations.notice import Attestation
from pipelines.known import checked
from pipelines.language.languages import N_
from pipelines.ledger import acceptances, assignments, disposals, reported
from pipelines.notice import attestations
from pipelines.person import log

Files = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True)
class Done:
    """The outcome in her language, and the page to go on to. `changed`: something was decided;
    `download`: a file for her, (name, bytes)."""

    text: str
    then: str
    changed: bool = True
    download: tuple[str, bytes] | None = None


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
        session.home, session.chosen, reason=values.get("reason", ""), until=until, by=name(session, values),
        second=values.get("second", ""), terms=session.loaded.controller.acceptance, on=log.today(),
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
        session.home, values.get("acceptance", ""), reason=values.get("reason", ""), until=until,
        by=name(session, values), second=values.get("second", ""), terms=session.loaded.controller.acceptance,
        on=log.today(),
    )  # fmt: skip
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
        session.home, session.chosen, who=who, reason=values.get("reason", ""), by=name(session, values),
        others=[system["keeper"] for system in session.loaded.controller.systems.values()], on=log.today(),
    )  # fmt: skip
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
        session.home, values.get("class", ""), disposals.WITHDRAWN if what == "withdraw" else disposals.APPROVED,
        reason=values.get("reason", ""), by=name(session, values), second=values.get("second", ""),
        terms=session.loaded.controller.acceptance, on=log.today(),
    )  # fmt: skip
    if what == "withdraw":
        said = session.speech.ngettext(
            "The approval for %(n)s record is withdrawn.", "The approval for %(n)s records is withdrawn.", count
        )
    else:
        said = session.speech.ngettext(
            "The erasure of %(n)s record is approved.", "The erasure of %(n)s records is approved.", count
        )
    return Done(said % {"n": session.speech.number(count)}, "/disposals")


def search(session: Session, values: Mapping[str, str]) -> Done:
    """Searches for a person; the reason comes first, and goes to the log."""
    session.why = str(values.get("why", "")).strip()
    if not session.why:
        raise VahtiError(N_("say first why you look"), remedy=N_("name the request or the task, not the person"))
    session.found = None
    session.found = people.searched(session, values)
    return Done("", "/people", changed=False)


def look(session: Session, values: Mapping[str, str]) -> Done:
    """Opens a person, for a stated reason."""
    number, why = str(values.get("number", "")).strip(), str(values.get("why", "")).strip()
    if not why:
        raise VahtiError(N_("say first why you look"), remedy=N_("name the request or the task, not the person"))
    session.reasons[number] = why
    try:
        people.one(session, number)
    except VahtiError:
        del session.reasons[number]
        raise
    return Done("", f"/person/{number}", changed=False)


def offer(session: Session, values: Mapping[str, str]) -> Done:
    """Stores the answer on a record that may be a person's: theirs, not theirs, or withdrawn."""
    number, member = values.get("number", ""), values.get("member", "")
    by, why = name(session, values), session.reasons.get(number, "")
    if not why:
        raise VahtiError(N_("say first why you look"), remedy=N_("name the request or the task, not the person"))
    with person.at(session.home, session.loaded, session.period) as place:
        person.decide(place, f"{place.subject[0]}/{number}", member, values.get("answer", ""), by=by or None, why=why)
    session.forget()
    return Done(session.speech.gettext("The answer is kept."), f"/person/{number}")


def answer(session: Session, values: Mapping[str, str]) -> Done:
    """Writes the answer to an access request to a new folder: letter, records, certificate."""
    number = values.get("number", "")
    folder = Path(values.get("folder", "")).expanduser()
    if not values.get("folder", "").strip() or not folder.is_absolute():
        raise VahtiError(
            N_("the folder is not named in full"), remedy=N_("name a new folder, outside the workbench home")
        )
    with person.at(session.home, session.loaded, session.period) as place:
        made = person.package(
            place, number, folder, request=values.get("request", ""), language=values.get("language", "") or session.code,
            by=name(session, values) or None, why=session.reasons.get(number, ""),
            confirm_protected=bool(values.get("confirm")), leave_offers_open=bool(values.get("open")),
        )  # fmt: skip
    said = session.speech.gettext("The answer lies in %(folder)s: letter, records and certificate.")
    return Done(said % {"folder": str(made.folder)}, f"/person/{number}")


def take_back(session: Session, values: Mapping[str, str], files: Files) -> Done:
    """Reads back a worklist that its keeper has filled in."""
    if not files:
        raise VahtiError(N_("no file is chosen"), remedy=N_("choose the worklist that came back"))
    given, data = files[0]
    with tempfile.TemporaryDirectory(prefix="vahti-") as folder:
        path = outputs.write_bytes(Path(folder), Path(given.replace("\\", "/")).name, data)
        outcome = reported.import_worklist(session.home, path)
    said = session.speech.gettext(
        "%(file)s: %(done)s reported done, %(not_done)s not done, %(remarks)s remarks, %(untouched)s rows untouched."
    )
    facts = {
        "file": path.name, "done": outcome.done, "not_done": outcome.not_done, "remarks": outcome.remarks,
        "untouched": outcome.untouched,
    }  # fmt: skip
    return Done(" ".join([said % facts, *outcome.questions]), "/worklists")


def hand_out(session: Session, values: Mapping[str, str]) -> Done:
    """A worklist of the period as it is handed out."""
    listed = {row["file"] for row in lists.worklists(session)}
    file = checked("worklist", values.get("file", ""), sorted(listed))
    data = (session.opened.reports / "worklists" / file).read_bytes()
    said = session.speech.gettext("%(file)s was saved where your browser keeps what it fetches.")
    return Done(said % {"file": file}, "/worklists", changed=False, download=(file, data))


def report(session: Session, values: Mapping[str, str]) -> Done:
    """The director's page of the period, in her language, with its PDF on request."""
    paths = periodic.write(Queries(session.opened, session.code), bool(values.get("pdf")))
    said = session.speech.gettext("The report is made: %(files)s")
    shown = paths[-1]
    return Done(
        said % {"files": ", ".join(path.name for path in paths)}, "/report", changed=False,
        download=(shown.name, shown.read_bytes()),
    )  # fmt: skip


def name(session: Session, values: Mapping[str, str]) -> str:
    """The decider's name from the form; kept for the next form."""
    session.by = values.get("by", "").strip() or session.by
    return values.get("by", "").strip()


def day(values: Mapping[str, str], field: str) -> dt.date:
    """A day from a form, in the browser's format or as written in Finland or Britain; VahtiError for none."""
    text = str(values.get(field, "")).strip()
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"):
        with contextlib.suppress(ValueError):
            return dt.datetime.strptime(text, pattern).date()
    raise VahtiError(N_("no day is given"), place=field, remedy=N_("choose a day, or write it as day.month.year"))


ACTS: dict[str, Callable[[Session, Mapping[str, str]], Done]] = {
    "choose": choose, "accept": accept, "extend": extend, "withdraw": withdraw, "assign": assign, "remark": remark,
    "attest": attest, "dispose": dispose, "search": search, "look": look, "offer": offer, "answer": answer,
    "hand out": hand_out, "report": report,
}  # fmt: skip
WITH_FILES: dict[str, Callable[[Session, Mapping[str, str], Files], Done]] = {"take back": take_back}


def do(session: Session, act: str, values: Mapping[str, str], files: Files) -> Done:
    """The outcome of a form; UnknownError for an unknown form."""
    if act in WITH_FILES:
        return WITH_FILES[act](session, values, files)
    return ACTS[checked("form", act, [*ACTS, *WITH_FILES])](session, values)
