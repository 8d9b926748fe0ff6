"""The overview of a worklist that no one sheet can hold: a row per sheet, with what it is about, how long it is, and by when."""

from __future__ import annotations

from typing import Any

from pipelines.language.languages import N_
from pipelines.ledger.worklist_book import Book
from pipelines.ledger.worklist_files import HEADERS
from pipelines.ledger.worklist_sheets import Handing, return_lines, title, where

FILE, ROWS = N_("File"), N_("Rows")
# Width of each column in characters. What the sheets have too is called as there.
WIDTHS = {FILE: 34, "Where": 34, "What is wrong": 44, ROWS: 9, "Mend by": 12}


def workbook(to: Handing, parts: list[tuple[str, dict[str, Any]]]) -> bytes:
    """The overview of (file, part); every cell is text."""
    speech, _ = to.speech, to.speech.gettext
    count = sum(part["rows"] for _file, part in parts)
    counted = speech.ngettext("This list has %(n)s row.", "This list has %(n)s rows.", count)
    counted %= {"n": speech.number(count)}
    any_csv = any(file.endswith(".csv") for file, _part in parts)
    lines = [
        f"{counted} "
        + _("They are in the files named here, the most urgent first; mark them there, and send the files back."),
        *(
            [_("Those that end in .csv are for mending many at once; a spreadsheet opens them, too.")]
            if any_csv
            else []
        ),
        *return_lines(to),
    ]
    cells = [
        (file, where(part, speech), speech.said(part["title"]), speech.number(part["rows"]), speech.day(part["act_by"]))
        for file, part in parts
    ]
    called = [HEADERS[name][speech.code] if name in HEADERS else _(name) for name in WIDTHS]
    columns = dict(zip(called, WIDTHS.values(), strict=True))
    book = Book(title(to), speech, columns)
    book.head(to.controller, lines)
    book.body(cells)
    return book.bytes()
