"""What every document of a word processor (DOCX) has: its language, and no time of its making."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING

from pipelines.text import visible

if TYPE_CHECKING:
    from docx.document import Document

EPOCH = (1980, 1, 1, 0, 0, 0)
SPELLED = {"fi": "fi-FI", "sv": "sv-FI"}


def begun() -> Document:
    """An empty document of A4 pages."""
    from docx import Document
    from docx.shared import Cm

    page = Document()
    for section in page.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    return page


def describe(page: Document, title: str, author: str, language: str, day: dt.date) -> None:
    """What a document says of itself, and the language that it is spelled in."""
    from docx.oxml.ns import qn

    moment = dt.datetime(day.year, day.month, day.day)
    about = page.core_properties
    about.title, about.author, about.comments = plain(title), plain(author), ""
    about.language, about.created, about.modified = language, moment, moment
    for marks in page.styles.element.iter(qn("w:lang")):
        marks.set(qn("w:val"), SPELLED.get(language, "en-GB"))


def saved(page: Document) -> bytes:
    """The document, of which no part says when it was written: the same document, the same bytes."""
    first, stream = io.BytesIO(), io.BytesIO()
    page.save(first)
    with zipfile.ZipFile(first) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, EPOCH)
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(part, old.read(name))
    return stream.getvalue()


def plain(text: str) -> str:
    """The text as a document can hold it: what XML refuses, or what hides other characters, is shown by its code. Either line end is
    one break."""
    return "\n".join(map(visible, text.replace("\r\n", "\n").split("\n")))
