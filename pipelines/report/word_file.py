"""The report's page as a document of a word processor (DOCX), to be edited: the same text and tables as the page. A picture is told in
words, and its numbers stand in a table. Knows the page's own vocabulary of HTML and no more; record keys stay in the page.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipelines import word
from pipelines.word import plain

if TYPE_CHECKING:
    from bs4 import Tag
    from docx.document import Document

LEFT_OUT = {"footer", "nav", "script", "source", "style"}
HIDDEN = {"skip", "slender", "count"}
HEADING = re.compile("^h[1-6]$")
BEFORE = re.compile(r"\s+([,.;:)])")
# The width between the margins (17 cm) and the size of letters in tables (7.5 points), in a document's own unit.
PAGE, SMALL = 17 * 360_000, 95_250
# A column asks for no more width than this many letters take.
MOST_LETTERS = 60


def docx_of(page: str, day: dt.date) -> bytes:
    """The document of a report's page; the same page gives the same bytes. `day`: the period's, which the document is dated by."""
    from bs4 import BeautifulSoup

    soup, document = BeautifulSoup(page, "html.parser"), word.begun()
    word.describe(document, soup.title.get_text(), "Rekisterivahti", soup.html["lang"], day)
    _children(soup.body, document)
    return word.saved(document)


def _children(tag: Tag, document: Document) -> None:
    from bs4 import Tag

    for child in tag.children:
        if isinstance(child, Tag) and child.name not in LEFT_OUT and not HIDDEN & set(child.get("class", [])):
            _one(child, document)


def _one(tag: Tag, document: Document) -> None:
    """One block; what is none is looked into."""
    kinds = set(tag.get("class", []))
    if tag.name == "section" and tag.find_previous_sibling("section") and tag.get("id") == "notice":
        document.add_page_break()  # type: ignore[no-untyped-call]  # what follows the director's pages is an appendix
    if HEADING.match(tag.name):
        document.add_heading(_text(tag), int(tag.name[1]) - 1)
    elif tag.name == "table":
        _table(tag, document)
    elif "sign" in kinds:
        for line in tag.find_all("span"):
            document.add_paragraph(f"\n{'_' * 40}\n{_text(line)}")
    elif tag.name in ("p", "figcaption", "blockquote"):
        _paragraph(_text(tag), document, bold=bool({"warn"} & kinds) or tag.name == "figcaption")
    elif "tiles" in kinds:
        for tile in tag.find_all("li"):
            label, value, *more = (_text(span) for span in tile.find_all("span", recursive=False))
            _paragraph(f"{label}: {value}" + "".join(f" ({text})" for text in more if text), document, bold=True)
    elif tag.name in ("ul", "ol"):
        for item in tag.find_all("li", recursive=False):
            document.add_paragraph(_text(item), style="List Number" if tag.name == "ol" else "List Bullet")
    elif tag.name == "dl":
        for term in tag.find_all("dt"):
            document.add_paragraph(f"{_text(term)}: {_text(term.find_next('dd'))}")
    elif tag.name == "img":
        _paragraph(plain(tag.get("alt", "")), document, italic=True)
    elif tag.name == "summary" and tag.find(HEADING) is None:
        _paragraph(_text(tag), document, bold=True)
    elif tag.name != "details" or {"fold", "numbers"} & kinds:
        _children(tag, document)


def _paragraph(text: str, document: Document, bold: bool = False, italic: bool = False) -> None:
    if text:
        run = document.add_paragraph().add_run(text)
        run.bold, run.italic = bold or None, italic or None


def _table(tag: Tag, document: Document) -> None:
    """A table whose head is repeated on every page, and whose rows stay whole."""
    if tag.caption:
        _paragraph(_text(tag.caption), document, bold=True)
    rows = [list(_cells(row)) for row in tag.find_all("tr")]
    width = max(len(row) for row in rows)
    table = document.add_table(rows=len(rows), cols=width, style="Table Grid")
    table.autofit = False
    shares = _shares(rows, width)
    for column, share in zip(table.columns, shares, strict=True):
        column.width = round(share * PAGE)
    for made, row in zip(table.rows, rows, strict=True):
        _marked(made, "w:cantSplit")
        for cell, text, share in zip(made.cells, row, shares, strict=False):
            cell.text, cell.width = text, round(share * PAGE)
            for run in cell.paragraphs[0].runs:
                run.font.size = SMALL
    for number, row in enumerate(tag.find_all("tr")):
        if row.find_parent("thead"):
            _marked(table.rows[number], "w:tblHeader")
    document.add_paragraph()


def _shares(rows: list[list[str]], width: int) -> list[float]:
    """How wide each column is: room for its longest word, and more for what is much to read."""
    columns = [[row[place] for row in rows if len(row) == width] or [""] for place in range(width)]
    words = [max((len(each) for text in column for each in text.split()), default=1) for column in columns]
    means = [sum(map(len, column)) / len(column) for column in columns]
    wanted = [max(1.3 * word + 3, min(mean, MOST_LETTERS)) for word, mean in zip(words, means, strict=True)]
    return [each / sum(wanted) for each in wanted]


def _cells(row: Tag) -> Iterator[str]:
    """A row's texts; a cell that spans columns leaves the others empty."""
    for cell in row.find_all(["th", "td"]):
        yield _text(cell)
        yield from [""] * (int(cell.get("colspan", 1)) - 1)


def _marked(row: object, name: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(name))  # type: ignore[attr-defined]  # python-docx has no name for it


def _text(tag: Tag) -> str:
    """What a tag says on one line; record keys that unfold, and what only programs read, left out."""
    from bs4 import BeautifulSoup

    inner = BeautifulSoup(str(tag), "html.parser")
    for hidden in inner.find_all(["details", "script", "style"]) if tag.name != "summary" else []:
        hidden.decompose()
    return BEFORE.sub(r"\1", plain(" ".join(inner.get_text(" ").split())))
