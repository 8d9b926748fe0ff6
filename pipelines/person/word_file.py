"""The letter as an editable document of a word processor (DOCX): the same text and tables as the PDF."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING

from pipelines.person.letter import Letter, Section
from pipelines.person.pdf import MOST_RECORDS
from pipelines.text import visible

if TYPE_CHECKING:
    from docx.document import Document

EPOCH = (1980, 1, 1, 0, 0, 0)


def docx(letter: Letter, made_on: dt.date) -> bytes:
    """The document; the same letter on the same day gives the same bytes."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm

    page = Document()
    for section in page.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    _describe(page, letter, made_on)
    if letter.draft:
        page.add_paragraph().add_run(_text(letter.draft)).bold = True
        _items(page, letter.head.lacks)
    facts = "\n".join(f"{label}: {text}" for label, text in letter.head.facts)
    page.add_paragraph(_text(facts)).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for lines in (letter.head.sender, letter.head.addressee):
        page.add_paragraph(_text("\n".join(lines)))
    page.add_heading(_text(letter.title), 1)
    for text in letter.opening:
        page.add_paragraph(_text(text))
    for part in letter.sections[:-1]:
        _section(page, part)
    page.add_paragraph(_text("\n".join(letter.head.closing)))
    page.add_page_break()  # type: ignore[no-untyped-call]  # python-docx does not type it
    _section(page, letter.sections[-1], always=True)
    _copy(page, letter)
    stream = io.BytesIO()
    page.save(stream)
    return _without_times(stream.getvalue())


def _describe(page: Document, letter: Letter, made_on: dt.date) -> None:
    from docx.oxml.ns import qn

    day = dt.datetime(made_on.year, made_on.month, made_on.day)
    about = page.core_properties
    about.title, about.author, about.comments = _text(letter.title), _text(letter.head.sender[0]), ""
    about.language, about.created, about.modified = letter.language, day, day
    for marks in page.styles.element.iter(qn("w:lang")):
        marks.set(qn("w:val"), {"fi": "fi-FI", "sv": "sv-FI"}.get(letter.language, "en-GB"))


def _section(page: Document, section: Section, always: bool = False) -> None:
    if not (section.paragraphs or section.items or always):
        return
    page.add_heading(_text(section.title), 2)
    for text in section.paragraphs:
        page.add_paragraph(_text(text))
    _items(page, section.items)


def _items(page: Document, items: tuple[str, ...]) -> None:
    for item in items:
        page.add_paragraph(_text(item), style="List Bullet")


def _copy(page: Document, letter: Letter) -> None:
    left = MOST_RECORDS
    for heading, entries in letter.copy:
        page.add_heading(_text(heading), 3)
        for entry in entries[: max(left, 0)]:
            page.add_paragraph().add_run(_text(entry.title)).bold = True
            page.add_paragraph(_text("\n".join(entry.notes)))
            table = page.add_table(rows=0, cols=2, style="Table Grid")
            for label, value in entry.values:
                cells = table.add_row().cells
                cells[0].text, cells[1].text = _text(label), _text(value)
            page.add_paragraph()
        if len(entries) > left:
            page.add_paragraph(f"… + {len(entries) - max(left, 0)} → records.json, records.csv")
        left -= len(entries)


def _text(text: str) -> str:
    """The text as a document can hold it: what XML refuses, or what hides other characters, is shown by its code. Either line end is
    one break."""
    return "\n".join(map(visible, text.replace("\r\n", "\n").split("\n")))


def _without_times(document: bytes) -> bytes:
    """The same archive, without any trace of when it was written."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, EPOCH)
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(part, old.read(name))
    return stream.getvalue()
