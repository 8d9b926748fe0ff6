"""A worklist as an e-mail ready to send: an .eml with its sheets attached, which a mail program opens as a draft.

A list with record keys, which may be people's, is encrypted in the format that Excel and LibreOffice open; the password is not in the mail.
Nothing is sent, and no clock is used. Two drafts of an encrypted sheet still differ, because its salts are random.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import outputs
from pipelines.errors import WorklistError
from pipelines.home import store
from pipelines.known import checked, of_period
from pipelines.ledger import answers, worklists
from pipelines.ledger.worklist_sheets import Handing
from pipelines.text import visible

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
LEAST_PASSWORD = 12
BOUNDARY = "=_rekisterivahti_worklist_="


@dataclass(frozen=True)
class Draft:
    """One e-mail: its recipient, how many rows, whether the list has record keys and so was encrypted. `attached`: (file,
    content), one, or the overview and the sheets of a list that is too long for one."""

    keeper: str
    email: str
    subject: str
    body: str
    rows: int
    holds_keys: bool
    attached: tuple[tuple[str, bytes], ...]


def drafts(
    home: store.Home,
    period: str | None = None,
    *,
    keepers: Iterable[str] = (),
    password: str = "",
    remind: bool = False,
) -> list[Draft]:
    """The drafts of a period's worklists, the newest by default; only of these keepers if some are named.

    `remind`: to those with unanswered rows, listing these. UnknownError for a keeper without a list; WorklistError if a
    sheet has record keys and there is no password of at least LEAST_PASSWORD characters.
    """
    name, _ = store.choose(home, period)
    waiting = {each.keeper: each for each in answers.answered(home, name)}
    made = []
    with store.reading(home, name) as connection:
        there = worklists.keepers(connection)
        wanted = [checked("keeper with a worklist", each, there, place=of_period(name)) for each in keepers] or there
        for keeper in wanted:
            answer = waiting.get(keeper)
            if remind and (answer is None or answer.state == answers.ALL):
                continue
            to = worklists.handing(connection, keeper)
            made.append(draft(connection, to, name, password, answer if remind else None))
    return made


def draft(
    connection: DuckDBPyConnection, to: Handing, period: str, password: str, answer: answers.Answer | None = None
) -> Draft:
    """One keeper's draft; a reminder if their `answer` so far is given."""
    parts = worklists.parts(connection, to.keeper)
    rows, holds_keys = sum(part["rows"] for part in parts), any(part["has_keys"] for part in parts)
    attached = tuple(
        (file, _sealed(worklists.workbook(connection, to, part), holds_keys, password, to.keeper))
        for file, part in worklists.files(connection, to, f"{worklists.slug(to.name)}-{period}")
    )
    subject, body = words(to, rows, len(attached), period, holds_keys, answer)
    return Draft(to.keeper, to.email, subject, body, rows, holds_keys, attached)


def words(
    to: Handing, rows: int, files: int, period: str, is_encrypted: bool, answer: answers.Answer | None
) -> tuple[str, str]:
    """(subject, body) in the keeper's language; nobody's key is in them."""
    speech, _ = to.speech, to.speech.gettext
    day = speech.day(dt.date.fromisoformat(period))
    title = _("Reminder: worklist of %(day)s") if answer else _("Worklist of %(day)s")
    counted = speech.ngettext("It has %(n)s row.", "It has %(n)s rows.", rows) % {"n": speech.number(rows)}
    lines = [_("Hello"), ""]
    if answer:
        wait = speech.ngettext(
            "%(n)s row still waits for your answer.", "%(n)s rows still wait for your answer.", answer.waiting
        )
        lines.append(wait % {"n": speech.number(answer.waiting)})
    lines += [
        _("Attached is what has to be mended in the registers that you keep.") + " " + counted,
        _("Mend each row in its system, mark it in the sheet and send the sheet back."),
    ]
    if files > 1:
        said = speech.ngettext(
            "They are in %(n)s file; the overview beside it says what it has.",
            "They are in %(n)s files; the overview beside them says what each has.",
            files - 1,
        )
        lines.append(said % {"n": speech.number(files - 1)})
    if to.return_by:
        lines.append(_("Give it back by %(day)s.") % {"day": speech.day(to.return_by)})
    if is_encrypted:
        lines.append(_("The sheet opens with a password, which you get by another way than mail."))
    if to.ask:
        lines.append(_("If in doubt, ask %(whom)s.") % {"whom": to.ask})
    lines += ["", to.controller]
    return title % {"day": day}, "\n".join(map(visible, lines)).rstrip() + "\n"


def _sealed(sheet: bytes, holds_keys: bool, password: str, keeper: str) -> bytes:
    return encrypted(sheet, password, keeper) if holds_keys else sheet


def encrypted(sheet: bytes, password: str, keeper: str) -> bytes:
    """The workbook encrypted with a password (ECMA-376 agile, AES-256)."""
    if len(password) < LEAST_PASSWORD:
        problem = f"{keeper}: the sheet holds keys of records, and the password is " + (
            f"shorter than {LEAST_PASSWORD} characters" if password else "not given"
        )
        raise WorklistError(problem, remedy="set VAHTI_WORKLIST_PASSWORD, and tell it by phone; no draft was written")
    import msoffcrypto.format.ooxml

    target = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(sheet)).encrypt(password, target)
    return target.getvalue()


def message(one: Draft) -> bytes:
    """The .eml. `X-Unsent` makes mail programs open it as a draft; they add the sender and the date themselves."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = one.subject
    if one.email:
        mail["To"] = one.email
    mail["X-Unsent"] = "1"
    mail.set_content(one.body)
    for file, content in one.attached:
        mail.add_attachment(content, *XLSX, filename=file)
    mail.set_boundary(BOUNDARY)
    return mail.as_bytes()


def outbox(home: store.Home, period: str) -> Path:
    """The folder of a period's drafts."""
    return home.path / "outbox" / period


def write(home: store.Home, period: str, made: list[Draft], remind: bool = False) -> list[Path]:
    """Writes every draft to the outbox, for its owner alone, replacing an earlier one for the same keeper."""
    there = outbox(home, period)
    for folder in (there.parent, there):
        folder.mkdir(mode=0o700, exist_ok=True)
    paths = []
    for one in made:
        name = f"{worklists.slug(one.keeper)}{'-reminder' if remind else ''}.eml"
        (there / name).unlink(missing_ok=True)
        paths.append(outputs.write_private(there, name, message(one)))
    return paths
