"""The letter as PDF: fpdf2, DejaVu Sans (it comes with matplotlib) for every letter of Finnish, Swedish and most
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

# Records printed in the PDF; the rest of a long copy is in records.json and records.csv, and the PDF says so.
MOST_RECORDS = 400


@cache
def _font(name: str) -> str:
    return str(files("matplotlib").joinpath(f"mpl-data/fonts/ttf/{name}.ttf"))


def pdf(letter: Letter, made_on: dt.date) -> bytes:
    """The letter; the same one on the same day gives the same bytes."""
    from fpdf import FPDF

    logging.getLogger("fpdf").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    page = FPDF(format="A4")
    page.set_margin(20)
    page.set_auto_page_break(True, margin=20)
    page.add_font("text", "", _font("DejaVuSans"))
    page.add_font("text", "B", _font("DejaVuSans-Bold"))
    page.set_title(letter.title)
    page.set_lang(letter.language)
    page.set_creation_date(dt.datetime(made_on.year, made_on.month, made_on.day, tzinfo=dt.UTC))
    page.add_page()
    _line(page, letter.title, 16, bold=True, after=3)
    for text in letter.head:
        _line(page, text)
    for section in letter.sections:
        if section.paragraphs or section.items or section is letter.sections[-1]:
            _section(page, section)
    _copy(page, letter)
    return bytes(page.output())


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
            _line(page, entry.title, 9, bold=True, before=1)
            for note in entry.notes:
                _line(page, note, 8)
            _line(page, "; ".join(f"{label}: {value}" for label, value in entry.values), 9)
        if len(entries) > left:
            _line(page, f"… + {len(entries) - max(left, 0)} → records.json, records.csv", 9)
        left -= len(entries)


def _line(page: FPDF, text: str, size: int = 10, bold: bool = False, before: float = 0, after: float = 0) -> None:
    if before:
        page.ln(before)
    page.set_font("text", "B" if bold else "", size)
    page.multi_cell(
        0,
        size * 0.5,
        text,
        new_x="LMARGIN",
        new_y="NEXT",
        align="L",
        wrapmode="CHAR" if _longest(text) > 60 else "WORD",  # type: ignore[arg-type]  # takes its names as text
    )
    if after:
        page.ln(after)


def _longest(text: str) -> int:
    return max(map(len, text.split()), default=0)
