"""A workbook for a keeper: a title, lines of introduction, headers, and rows of text, to fill in on the screen or to print.

Same rows, same bytes. Every cell is text, so that none can be read as a formula or a number.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import textwrap
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from pipelines.language.languages import Language
from pipelines.text import visible

# No row may be higher than 409 points.
CHARACTERS_A_LINE, POINTS_A_LINE, MOST_LINES = 170, 15, 27


class Book:
    """One sheet of rows in `columns`, {header: width in characters}; the last `hidden` of them are not shown."""

    def __init__(self, title: str, speech: Language, columns: dict[str, int], hidden: int = 0) -> None:
        import xlsxwriter

        self.title, self.speech, self.columns, self.last = title, speech, columns, len(columns) - hidden - 1
        self.target = io.BytesIO()
        texts = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
        self.book: Any = xlsxwriter.Workbook(self.target, {"in_memory": True, **texts})
        self.book.set_properties({"title": title, "created": dt.datetime(2000, 1, 1)})
        self.sheet: Any = self.book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", speech.gettext("Worklist"))[:31])
        self.top = 0

    def head(self, controller: str, lines: Sequence[str]) -> None:
        """Writes title, introduction and headers; `top` is then the row of the headers, from 0."""
        big = self.book.add_format({"bold": True, "font_size": 14})
        plain = self.book.add_format({"text_wrap": True, "valign": "top"})
        self.sheet.merge_range(0, 0, 0, self.last, "", big)
        self.sheet.write_string(0, 0, f"{self.title} · {controller}" if controller else self.title, big)
        for place, line in enumerate(lines, 1):
            self.sheet.merge_range(place, 0, place, self.last, "", plain)
            self.sheet.write_string(place, 0, line, plain)
            self.sheet.set_row(place, POINTS_A_LINE * (1 + len(line) // CHARACTERS_A_LINE))
        self.top = len(lines) + 2
        look = {"bold": True, "bg_color": "#d5dde2", "text_wrap": True, "valign": "top", "border": 1}
        head = self.book.add_format(look)
        self.sheet.set_row(self.top, 2 * POINTS_A_LINE)
        for place, (header, width) in enumerate(self.columns.items()):
            self.sheet.set_column(place, place, width, None, {"hidden": True} if place > self.last else {})
            self.sheet.write_string(self.top, place, header, head)

    def body(self, rows: Sequence[tuple[str, ...]], to_fill_in: Collection[int] = ()) -> None:
        """Writes the rows; the columns to fill in are open, all else is protected without a password."""
        base = {"num_format": "@", "valign": "top", "text_wrap": True, "border": 1}
        plain = self.book.add_format(base)
        open_ = self.book.add_format(base | {"bg_color": "#fff7df", "locked": False})
        for line, row in enumerate(rows, self.top + 1):
            self.sheet.set_row(line, POINTS_A_LINE * min(MOST_LINES, max(map(height, row, self.columns.values()))))
            for place, cell in enumerate(row):
                self.sheet.write_string(line, place, printable(cell), open_ if place in to_fill_in else plain)
        self.sheet.ignore_errors({"number_stored_as_text": f"A1:L{self.top + len(rows) + 2}"})
        self.sheet.freeze_panes(self.top + 1, 3)
        self.sheet.autofilter(self.top, 0, self.top + max(len(rows), 1), self.last)
        self.sheet.protect("", {"autofilter": True, "format_columns": True, "format_rows": True, "sort": True})
        self._printed(self.top + max(len(rows), 1))

    def _printed(self, last: int) -> None:
        """Landscape A4, as wide as the paper, headers on every page."""
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(self.top)
        self.sheet.print_area(0, 0, last, self.last)
        page = self.speech.gettext("Page %(page)s of %(pages)s") % {"page": "&P", "pages": "&N"}
        self.sheet.set_footer(f"&L{self.title.replace('&', '&&')[:100]}&R{page}")

    def bytes(self) -> bytes:
        """The file."""
        self.book.close()
        return self.target.getvalue()


@lru_cache(10_000)  # the same titles recur
def height(text: str, width: int) -> int:
    """How many lines a text takes in a column of that width: programs do not fit row heights when they open a file."""
    return sum(len(textwrap.wrap(part, width - 1)) or 1 for part in text.split("\n"))


def printable(cell: str) -> str:
    """With every letter by its code that no XLSX can hold, or that hides or turns others; no cell holds more."""
    return "\n".join(map(visible, cell.split("\n")))[:32_000]
