"""A worklist as given to its keeper: an XLSX in their own language, with instructions, contact and due date, to fill in on the
screen or to print.

Hidden columns at the end repeat the row's number and have the fingerprint, for reading it back; the rest is protected without
a password, except for the two columns that the keeper fills in.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import textwrap
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipelines.language.languages import Language
from pipelines.ledger.worklist_files import HEADERS
from pipelines.text import visible

# More rows are unworkable in a spreadsheet, and slow to write; the CSV file has them all.
MOST_ROWS = 20_000
# Width of each column in characters, by its content.
WIDTHS = {
    "No.": 5, "Where": 26, "Record": 15, "Field": 15, "What is wrong": 30, "What to do": 42, "Deadline": 11, "Mend by": 11,
    "Done": 7, "Remark": 26, "Line": 6, "Fingerprint": 20,
}  # fmt: skip
ANSWERS, HIDDEN = ("Done", "Remark"), ("Line", "Fingerprint")
# Words for done and not done, by language.
YES_NO = {"en": ("Y", "N"), "fi": ("K", "E"), "sv": ("J", "N")}
# No row may be higher than 409 points.
CHARACTERS_A_LINE, POINTS_A_LINE, MOST_LINES = 170, 15, 27


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
    if to.return_by:
        lines.append(_("Give it back by %(day)s.") % {"day": to.speech.day(to.return_by)})
    if to.ask:
        lines.append(_("If in doubt, ask %(whom)s.") % {"whom": to.ask})
    return lines


def rows_of(rows: list[dict[str, Any]], speech: Language) -> list[tuple[str, ...]]:
    """The cells of the sheet, from the ledger's rows."""
    return [
        (
            str(number), _where(row, speech), speech.header(row["record_key"] or ""), speech.label(row["field"]) if row["field"] else "",
            speech.said(row["title"]), speech.said(row["todo"]), speech.day(row["due_on"]), speech.day(row["act_by"]),
            "", row["remark"], str(number), row["fingerprint"],
        )
        for number, row in enumerate(rows, 1)
    ]  # fmt: skip


def _where(row: dict[str, Any], speech: Language) -> str:
    system, dataset = speech.said(row["system"]), speech.label(row["dataset"]) if row["dataset"] else ""
    return f"{system}: {dataset}" if dataset and dataset.casefold() != system.casefold() else system


def workbook(to: Handing, rows: list[dict[str, Any]]) -> bytes:
    """The sheet. Same rows, same bytes: every cell is text, so that none can be read as a formula or a number."""
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    })  # fmt: skip
    title = to.speech.gettext("Worklist: %(keeper)s") % {"keeper": to.name}
    book.set_properties({"title": title, "created": dt.datetime(2000, 1, 1)})
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", to.speech.gettext("Worklist"))[:31])
    shown, left_out = rows_of(rows[:MOST_ROWS], to.speech), len(rows) - MOST_ROWS
    top = _head(book, sheet, to, title)
    _body(book, sheet, shown, top)
    if left_out > 0:
        text = to.speech.ngettext(
            "%(n)s more, less urgent, is in the CSV file", "%(n)s more, less urgent, are in the CSV file", left_out
        )
        sheet.write_string(top + 1 + len(shown), 4, text % {"n": to.speech.number(left_out)})
    _validated(sheet, to.speech, top + 1, top + len(shown))
    _printed(sheet, to, title, top, top + max(len(shown), 1) + (left_out > 0))
    book.close()
    return target.getvalue()


def _head(book: Any, sheet: Any, to: Handing, title: str) -> int:
    """Writes title, introduction and headers; returns the row of the headers, from 0."""
    big = book.add_format({"bold": True, "font_size": 14})
    lines = introduction(to)
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    last = len(WIDTHS) - len(HIDDEN) - 1
    sheet.merge_range(0, 0, 0, last, "", big)
    sheet.write_string(0, 0, f"{title} · {to.controller}" if to.controller else title, big)
    for place, line in enumerate(lines, 1):
        sheet.merge_range(place, 0, place, last, "", plain)
        sheet.write_string(place, 0, line, plain)
        sheet.set_row(place, POINTS_A_LINE * (1 + len(line) // CHARACTERS_A_LINE))
    top = len(lines) + 2
    head = book.add_format({"bold": True, "bg_color": "#d5dde2", "text_wrap": True, "valign": "top", "border": 1})
    sheet.set_row(top, 2 * POINTS_A_LINE)
    for place, (name, width) in enumerate(WIDTHS.items()):
        sheet.set_column(place, place, width, None, {"hidden": True} if name in HIDDEN else {})
        sheet.write_string(top, place, HEADERS[name].get(to.speech.code, name), head)
    return top


def _body(book: Any, sheet: Any, shown: list[tuple[str, ...]], top: int) -> None:
    base = {"num_format": "@", "valign": "top", "text_wrap": True, "border": 1}
    plain, open_ = book.add_format(base), book.add_format(base | {"bg_color": "#fff7df", "locked": False})
    for line, row in enumerate(shown, top + 1):
        sheet.set_row(line, POINTS_A_LINE * min(MOST_LINES, max(map(lines, row, WIDTHS.values()))))
        for place, (name, cell) in enumerate(zip(WIDTHS, row, strict=True)):
            sheet.write_string(line, place, printable(cell), open_ if name in ANSWERS else plain)
    sheet.ignore_errors({"number_stored_as_text": f"A1:L{top + len(shown) + 2}"})
    sheet.freeze_panes(top + 1, 3)
    sheet.autofilter(top, 0, top + max(len(shown), 1), len(WIDTHS) - len(HIDDEN) - 1)


@lru_cache(10_000)  # the same titles recur
def lines(text: str, width: int) -> int:
    """How many lines a text takes in a column of that width: programs do not fit row heights when they open a file."""
    return sum(len(textwrap.wrap(part, width - 1)) or 1 for part in text.split("\n"))


def _validated(sheet: Any, speech: Language, first: int, last: int) -> None:
    """A list to choose from in the Done column, and the rest of the sheet protected."""
    place, words = list(WIDTHS).index("Done"), list(YES_NO[speech.code])
    yes, no = words
    if last >= first:
        sheet.data_validation(first, place, last, place, {
            "validate": "list", "source": words, "error_type": "information", "ignore_blank": True,
            "input_title": HEADERS["Done"][speech.code],
            "input_message": speech.gettext("%(yes)s = done, %(no)s = not done") % {"yes": yes, "no": no},
            "error_message": speech.gettext("Anything but %(yes)s and %(no)s is read as a remark.") % {"yes": yes, "no": no},
        })  # fmt: skip
    sheet.protect("", {"autofilter": True, "format_columns": True, "format_rows": True, "sort": True})


def _printed(sheet: Any, to: Handing, title: str, top: int, last: int) -> None:
    """Landscape A4, as wide as the paper, headers on every page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    sheet.print_area(0, 0, last, len(WIDTHS) - len(HIDDEN) - 1)
    page = to.speech.gettext("Page %(page)s of %(pages)s") % {"page": "&P", "pages": "&N"}
    sheet.set_footer(f"&L{title.replace('&', '&&')[:100]}&R{page}")


def printable(cell: str) -> str:
    """With every letter by its code that no XLSX can hold, or that hides or turns others; no cell holds more."""
    return "\n".join(map(visible, cell.split("\n")))[:32_000]
