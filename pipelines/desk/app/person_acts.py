"""What the officer does about one person: looks with a reason, says whose records are, what goes out, and makes the answer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipelines import person
from pipelines.desk.app.done import Done, name
from pipelines.desk.app.session import Session
from pipelines.desk.app.views import people
from pipelines.errors import VahtiError
from pipelines.language.languages import N_


def search(session: Session, values: Mapping[str, str]) -> Done:
    """Looks for a person; the reason comes first, and goes to the log."""
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
    """Keeps the answer on a record that may be a person's: theirs, not theirs, or taken back."""
    number, member = values.get("number", ""), values.get("member", "")
    by, why = name(session, values), session.reasons.get(number, "")
    if not why:
        raise VahtiError(N_("say first why you look"), remedy=N_("name the request or the task, not the person"))
    with person.at(session.home, session.loaded, session.period) as place:
        person.decide(place, f"{place.subject[0]}/{number}", member, values.get("answer", ""), by=by or None, why=why)
    session.forget()
    return Done(session.speech.gettext("The answer is kept."), f"/person/{number}")


def redact(session: Session, values: Mapping[str, str]) -> Done:
    """Keeps what may go out of each field of a person's records that was decided in the form; those left open stay open."""
    number, by, reason = values.get("number", ""), name(session, values), str(values.get("reason", ""))
    rows = {row["id"]: row for row in people.redactions(session, number).rows}
    said = {key.removeprefix("spot "): value for key, value in values.items() if key.startswith("spot ") and value}
    changed = {key: value for key, value in said.items() if key in rows and value != rows[key]["answer"]}
    if not changed:
        raise VahtiError(N_("nothing is decided anew"), remedy=N_("say of at least one field what goes out"))
    with person.at(session.home, session.loaded, session.period) as place:
        for key, value in changed.items():
            person.redact_field(
                place, number, rows[key]["record"], rows[key]["field"], value, why=reason, by=by or None
            )
    session.forget()
    kept = session.speech.ngettext("%(n)s decision is kept.", "%(n)s decisions are kept.", len(changed))
    return Done(kept % {"n": session.speech.number(len(changed))}, f"/redactions/{number}")


def answer(session: Session, values: Mapping[str, str]) -> Done:
    """Makes the answer to an access request in a new folder: letter, records, certificate."""
    number = values.get("number", "")
    folder = Path(values.get("folder", "")).expanduser()
    if not values.get("folder", "").strip() or not folder.is_absolute():
        raise VahtiError(
            N_("the folder is not named in full"), remedy=N_("name a new folder, outside the workbench home")
        )
    with person.at(session.home, session.loaded, session.period) as place:
        made = person.package(
            place,
            number,
            folder,
            request=values.get("request", ""),
            language=values.get("language", "") or session.code,
            by=name(session, values) or None,
            why=session.reasons.get(number, ""),
            confirm_protected=bool(values.get("confirm")),
            leave_offers_open=bool(values.get("open")),
        )
    said = session.speech.gettext("The answer lies in %(folder)s: letter, records and certificate.")
    return Done(said % {"folder": str(made.folder)}, f"/person/{number}")
