"""What the officer does with worklists and days: hands out, drafts mails and reminders, reads answers, takes a calendar."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines import outputs
from pipelines.desk.app.done import Done, Files
from pipelines.desk.app.session import Session
from pipelines.desk.app.views import sending
from pipelines.errors import VahtiError, WorklistError
from pipelines.job import calendar
from pipelines.known import checked
from pipelines.language.languages import N_
from pipelines.ledger import answers, letters, reported

# The day that every entry of an archive has: the same drafts, the same bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)


def take_back(session: Session, values: Mapping[str, str], files: Files) -> Done:
    """Reads a worklist back that its keeper has filled in."""
    if not files:
        raise VahtiError(N_("no file is chosen"), remedy=N_("choose the worklist that came back"))
    given, data = files[0]
    with tempfile.TemporaryDirectory(prefix="vahti-") as folder:
        path = outputs.write_bytes(Path(folder), Path(given.replace("\\", "/")).name, data)
        outcome = reported.import_worklist(session.home, path)
    return Done(_said(session, path.name, outcome), "/worklists")


def take_in(session: Session, values: Mapping[str, str]) -> Done:
    """Reads the home's folder of answers; what could not be read stays there, and says why."""
    place = answers.folder(session.home)
    place.mkdir(mode=0o700, exist_ok=True)
    found = list(answers.import_folder(session.home, place))
    if not found:
        raise VahtiError(
            N_("there is no answer in the folder"), remedy=N_("put the lists that came back there"), file=place
        )
    told = [_said(session, each.name, each.outcome) for each in found if each.outcome]
    told += [_refused(session, each.name, each.fault) for each in found if each.fault]
    return Done(" ".join(told), "/worklists")


def _said(session: Session, file: str, outcome: reported.Imported) -> str:
    said = session.speech.gettext(
        "%(file)s: %(done)s reported done, %(not_done)s not done, %(remarks)s remarks, %(untouched)s rows untouched."
    )
    facts = {
        "file": file,
        "done": outcome.done,
        "not_done": outcome.not_done,
        "remarks": outcome.remarks,
        "untouched": outcome.untouched,
    }
    return " ".join([said % facts, *outcome.questions])


def _refused(session: Session, file: str, fault: VahtiError) -> str:
    problem, _ = fault.said(session.speech.gettext, str)
    return session.speech.gettext("%(file)s could not be read in: %(why)s.") % {"file": file, "why": problem}


def hand_out(session: Session, values: Mapping[str, str]) -> Done:
    """A worklist of the period as it is handed out."""
    listed = {row["file"] for row in sending.sending(session).files}
    file = checked("worklist", values.get("file", ""), sorted(listed))
    data = (session.opened.reports / "worklists" / file).read_bytes()
    said = session.speech.gettext("%(file)s was saved where your browser keeps what it fetches.")
    return Done(said % {"file": file}, "/worklists", changed=False, download=(file, data))


def send(session: Session, values: Mapping[str, Any]) -> Done:
    """An e-mail draft for each chosen keeper, or a reminder for each whose answers are not all there; nothing is sent."""
    given, remind = values.get("keeper", []), values.get("what") == "remind"
    keepers = [given] if isinstance(given, str) else list(given)
    try:
        made = letters.drafts(
            session.home, session.period, keepers=keepers, password=str(values.get("password", "")), remind=remind
        )
    except WorklistError as error:
        if len(str(values.get("password", ""))) >= letters.LEAST_PASSWORD:
            raise
        raise VahtiError(
            N_("the sheets hold keys of records, and the password is missing or too short"),
            remedy=N_("choose at least twelve characters, and tell it by phone"),
        ) from error
    if not made:
        return Done(
            session.speech.gettext("Nobody is to be reminded: everybody has answered."), "/worklists", changed=False
        )
    paths = letters.write(session.home, session.period, made, remind)
    said = session.speech.ngettext(
        "%(n)s draft is made; your mail program opens and sends it.",
        "%(n)s drafts are made; your mail program opens and sends them.",
        len(paths),
    ) % {"n": session.speech.number(len(paths))}
    no_address = [session.speech.said(one.keeper) for one in made if not one.email]
    if no_address:
        said += " " + session.speech.gettext("No address is known of: %(who)s.") % {"who": ", ".join(no_address)}
    return Done(said, "/worklists", changed=False, download=_fetched(paths))


def _fetched(paths: list[Path]) -> tuple[str, bytes]:
    """One draft as it is, several in an archive."""
    if len(paths) == 1:
        return paths[0].name, paths[0].read_bytes()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            archive.writestr(zipfile.ZipInfo(path.name, EPOCH), path.read_bytes())
    return "drafts.zip", stream.getvalue()


def take_calendar(session: Session, values: Mapping[str, str]) -> Done:
    """The days to come as a file that any calendar takes in."""
    ics = calendar.as_ics(sending.days(session), f"Rekisterivahti {session.period}", session.as_of)
    said = session.speech.gettext("%(file)s was saved where your browser keeps what it fetches.")
    return Done(said % {"file": "calendar.ics"}, "/calendar", changed=False, download=("calendar.ics", ics))
