"""The letter as an editable document of a word processor (DOCX): the same text and tables as the PDF."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from pipelines import word
from pipelines.person.letter import Letter, Section
from pipelines.person.pdf import MOST_RECORDS
from pipelines.word import plain

if TYPE_CHECKING:
    from docx.document import Document


def docx(letter: Letter, made_on: dt.date) -> bytes:
    """The document; the same letter on the same day gives the same bytes."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    page = word.begun()
    word.describe(page, letter.title, letter.head.sender[0], letter.language, made_on)
    if letter.draft:
        page.add_paragraph().add_run(plain(letter.draft)).bold = True
        _items(page, letter.head.lacks)
    facts = "\n".join(f"{label}: {text}" for label, text in letter.head.facts)
    page.add_paragraph(plain(facts)).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for lines in (letter.head.sender, letter.head.addressee):
        page.add_paragraph(plain("\n".join(lines)))
    page.add_heading(plain(letter.title), 1)
    for text in letter.opening:
        page.add_paragraph(plain(text))
    for part in letter.sections[:-1]:
        _section(page, part)
    page.add_paragraph(plain("\n".join(letter.head.closing)))
    page.add_page_break()  # type: ignore[no-untyped-call]  # python-docx does not type it
    _section(page, letter.sections[-1], always=True)
    _copy(page, letter)
    return word.saved(page)


def _section(page: Document, section: Section, always: bool = False) -> None:
    if not (section.paragraphs or section.items or always):
        return
    page.add_heading(plain(section.title), 2)
    for text in section.paragraphs:
        page.add_paragraph(plain(text))
    _items(page, section.items)


def _items(page: Document, items: tuple[str, ...]) -> None:
    for item in items:
        page.add_paragraph(plain(item), style="List Bullet")


def _copy(page: Document, letter: Letter) -> None:
    left = MOST_RECORDS
    for heading, entries in letter.copy:
        page.add_heading(plain(heading), 3)
        for entry in entries[: max(left, 0)]:
            page.add_paragraph().add_run(plain(entry.title)).bold = True
            page.add_paragraph(plain("\n".join(entry.notes)))
            table = page.add_table(rows=0, cols=2, style="Table Grid")
            for label, value in entry.values:
                cells = table.add_row().cells
                cells[0].text, cells[1].text = plain(label), plain(value)
            page.add_paragraph()
        if len(entries) > left:
            page.add_paragraph(f"… + {len(entries) - max(left, 0)} → records.json, records.csv")
        left -= len(entries)
