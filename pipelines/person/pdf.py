"""The letter as PDF: fpdf2, with DejaVu Sans (shipped with matplotlib), which covers Finnish, Swedish and most
names."""

from __future__ import annotations

import datetime as dt
import logging
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from pipelines.person.letter import Letter, Section

if TYPE_CHECKING:
    from fpdf import FPDF

# Records printed in the PDF; the rest of a long copy is in records.json and records.csv, as the PDF says.
MOST_RECORDS = 400


@cache
def _font(name: str) -> str:
    return str(files("matplotlib").joinpath(f"mpl-data/fonts/ttf/{name}.ttf"))


def pdf(letter: Letter, made_on: dt.date) -> bytes:
    """The letter; the same letter on the same day gives the same bytes."""
    logging.getLogger("fpdf").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    page = _page()
    page.set_title(letter.title)
    page.set_lang(letter.language)
    page.set_creation_date(dt.datetime(made_on.year, made_on.month, made_on.day, tzinfo=dt.UTC))
    page.add_page()
    _head(page, letter)
    _line(page, letter.title, 14, bold=True, before=6, after=3)
    for text in letter.opening:
        _line(page, text)
    for section in letter.sections[:-1]:
        if section.paragraphs or section.items:
            _section(page, section)
    page.ln(6)
    if page.will_page_break(6 * len(letter.head.closing)):  # the signature goes under the greeting
        page.add_page()
    for text in letter.head.closing:
        _line(page, text or " ")
    page.add_page()
    _section(page, letter.sections[-1])
    _copy(page, letter)
    return bytes(page.output())


def _page() -> FPDF:
    """A document of A4 pages, each with its number and the total."""
    from fpdf import FPDF

    class Pages(FPDF):
        def footer(self) -> None:
            self.set_y(-15)
            self.set_font("text", "", 8)
            self.cell(0, 5, f"{self.page_no()} ({{nb}})", align="R")

    page = Pages(format="A4")
    page.set_margin(20)
    page.set_auto_page_break(True, margin=20)
    page.add_font("text", "", _font("DejaVuSans"))
    page.add_font("text", "B", _font("DejaVuSans-Bold"))
    return page


def _head(page: FPDF, letter: Letter) -> None:
    """What it lacks; the sender on the left, and the date and other facts on the right; then the addressee."""
    if letter.draft:
        _line(page, letter.draft, 11, bold=True)
        for text in letter.head.lacks:
            _line(page, f"• {text}", 9)
        page.ln(4)
    top = page.get_y()
    for text in letter.head.sender:
        _line(page, text, width=85)
    page.ln(8)
    for text in letter.head.addressee:
        _line(page, text, width=85)
    bottom = page.get_y()
    page.set_y(top)
    for label, text in letter.head.facts:
        page.set_x(115)
        _line(page, f"{label}: {text}", 9, width=75)
    page.set_y(max(bottom, page.get_y()))


def _section(page: FPDF, section: Section) -> None:
    _line(page, section.title, 12, bold=True, before=4, after=1)
    for text in section.paragraphs:
        _line(page, text)
    for item in section.items:
        _line(page, f"• {item}")


def _copy(page: FPDF, letter: Letter) -> None:
    left = MOST_RECORDS
    for heading, entries in letter.copy:
        _line(page, heading, 11, bold=True, before=3)
        for entry in entries[: max(left, 0)]:
            if page.will_page_break(30):  # its name is not left alone at the foot of a page
                page.add_page()
            _line(page, entry.title, 9, bold=True, before=1)
            for note in entry.notes:
                _line(page, note, 8)
            for label, value in entry.values:
                _row(page, label, value)
        if len(entries) > left:
            _line(page, f"… + {len(entries) - max(left, 0)} → records.json, records.csv", 9)
        left -= len(entries)


def _row(page: FPDF, label: str, value: str) -> None:
    """One row of a record's table: label and value, under a thin line."""
    page.set_font("text", "", 8)
    if page.will_page_break(9):
        page.add_page()
    top, number = page.get_y(), page.page
    _cell(page, 55, 4, label)
    low = page.get_y()
    page.set_xy(77, top)
    _cell(page, 0, 4, value)
    if page.page == number:
        page.set_y(max(low, page.get_y()))
    page.set_draw_color(210)
    page.line(20, page.get_y(), 190, page.get_y())


def _line(
    page: FPDF, text: str, size: int = 10, bold: bool = False, before: float = 0, after: float = 0, width: float = 0
) -> None:
    if before:
        page.ln(before)
    page.set_font("text", "B" if bold else "", size)
    _cell(page, width, size * 0.5, text)
    if after:
        page.ln(after)


def _cell(page: FPDF, width: float, height: float, text: str) -> None:
    wrap = "CHAR" if _longest(text) > 30 * (width or 120) / 60 else "WORD"
    page.multi_cell(width, height, text, new_x="LMARGIN", new_y="NEXT", align="L", wrapmode=wrap)  # type: ignore[arg-type]


def _longest(text: str) -> int:
    return max(map(len, text.split()), default=0)
