"""A worklist as given to its keeper: an XLSX in their own language, with instructions, contact and due date, to fill in on the
screen or to print.

Hidden columns at the end repeat the row's number and have the fingerprint, for reading it back; the rest is protected without
a password, except for the two columns that the keeper fills in.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from pipelines.language.languages import Language
from pipelines.ledger.worklist_book import Book
from pipelines.ledger.worklist_files import HEADERS

# Width of each column in characters, by its content.
WIDTHS = {
    "No.": 5, "Where": 26, "Record": 15, "Field": 15, "What is wrong": 30, "What to do": 42, "Deadline": 11, "Mend by": 11,
    "Done": 7, "Remark": 26, "Line": 6, "Fingerprint": 20,
}  # fmt: skip
ANSWERS, HIDDEN = ("Done", "Remark"), ("Line", "Fingerprint")
# Words for done and not done, by language.
YES_NO = {"en": ("Y", "N"), "fi": ("K", "E"), "sv": ("J", "N")}


@dataclass(frozen=True)
class Handing:
    """Whose worklist it is, from which controller, the due date, whom to ask, and the address for mailing."""

    controller: str
    keeper: str
    speech: Language
    return_by: dt.date | None
    ask: str = ""
    email: str = ""

    @property
    def name(self) -> str:
        """The keeper's name in the keeper's own language."""
        return self.speech.said(self.keeper)


def handing(connection: Any, keeper: str, speech_of: Any) -> Handing:
    """For one keeper in the open period. `speech_of`: the language of a code. Periods taken in by older versions have neither
    language nor day."""
    known = "select count(*) from information_schema.tables where table_schema = 'ledger' and table_name = $1"
    if not all(connection.execute(known, [name]).fetchone()[0] for name in ("keepers", "handing")):
        return Handing("", keeper, speech_of("en"), None)
    language, email, ask = connection.execute(
        "select language, email, ask from ledger.keepers where keeper in ($1, '') order by keeper desc limit 1",
        [keeper],
    ).fetchone()
    controller, day = connection.execute("select controller, return_by from ledger.handing").fetchone()
    return Handing(controller, keeper, speech_of(language), day, ask, email)


def introduction(to: Handing) -> list[str]:
    """The introduction above the rows: what to do, whom to ask, until when; a line each."""
    _, (yes, no) = to.speech.gettext, YES_NO[to.speech.code]
    lines = [
        _(
            "Mend each row in the system it names, then mark it here: %(yes)s = done, %(no)s = cannot be done or is no mistake."
        )
        % {"yes": yes, "no": no},
        _("Under Remark say why not, or what you found. Write nobody's name, number or other personal data there."),
        _("A row that you leave empty counts as not looked at. You may send the sheet back half filled in."),
    ]
    return lines + return_lines(to)


def return_lines(to: Handing) -> list[str]:
    """When it is to come back, and whom to ask, where that is known; a line each."""
    lines, _ = [], to.speech.gettext
    if to.return_by:
        lines.append(_("Give it back by %(day)s.") % {"day": to.speech.day(to.return_by)})
    if to.ask:
        lines.append(_("If in doubt, ask %(whom)s.") % {"whom": to.ask})
    return lines


def rows_of(rows: list[dict[str, Any]], speech: Language) -> list[tuple[str, ...]]:
    """The cells of the sheet, from the ledger's rows."""
    return [
        (
            str(number),
            where(row, speech),
            speech.header(row["record_key"] or ""),
            speech.label(row["field"]) if row["field"] else "",
            speech.said(row["title"]),
            speech.said(row["todo"]),
            speech.day(row["due_on"]),
            speech.day(row["act_by"]),
            "",
            row["remark"],
            str(number),
            row["fingerprint"],
        )
        for number, row in enumerate(rows, 1)
    ]


def where(row: dict[str, Any], speech: Language) -> str:
    """The system and the dataset of a row, in words."""
    system, dataset = speech.said(row["system"]), speech.label(row["dataset"]) if row["dataset"] else ""
    return f"{system}: {dataset}" if dataset and dataset.casefold() != system.casefold() else system


def workbook(to: Handing, rows: list[dict[str, Any]]) -> bytes:
    """The sheet. Same rows, same bytes."""
    columns = {HEADERS[name].get(to.speech.code, name): width for name, width in WIDTHS.items()}
    book = Book(title(to), to.speech, columns, len(HIDDEN))
    book.head(to.controller, introduction(to))
    book.body(rows_of(rows, to.speech), {list(WIDTHS).index(name) for name in ANSWERS})
    _validated(book, book.top + 1, book.top + len(rows))
    return book.bytes()


def title(to: Handing) -> str:
    """What the list is called."""
    return to.speech.gettext("Worklist: %(keeper)s") % {"keeper": to.name}


def _validated(book: Book, first: int, last: int) -> None:
    """A list to choose from in the Done column."""
    speech, place = book.speech, list(WIDTHS).index("Done")
    words = yes, no = YES_NO[speech.code]
    if last >= first:
        told = {"yes": yes, "no": no}
        book.sheet.data_validation(
            first,
            place,
            last,
            place,
            {
                "validate": "list",
                "source": list(words),
                "error_type": "information",
                "ignore_blank": True,
                "input_title": HEADERS["Done"][speech.code],
                "input_message": speech.gettext("%(yes)s = done, %(no)s = not done") % told,
                "error_message": speech.gettext("Anything but %(yes)s and %(no)s is read as a remark.") % told,
            },
        )
