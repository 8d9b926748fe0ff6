"""The report as a document of a word processor (DOCX): the page's text and tables, to be edited."""

from __future__ import annotations

import datetime as dt
import io

import desks
from bs4 import BeautifulSoup
from docx import Document

from pipelines.report.word_file import docx_of


def test_the_report_is_a_document_of_a_word_processor_as_well(tmp_path_factory):
    page = desks.page(tmp_path_factory, "fi").read_text("utf-8")
    made = docx_of(page, dt.date(2026, 6, 30))
    assert made == docx_of(page, dt.date(2026, 6, 30))
    document = Document(io.BytesIO(made))
    headings = [each.text for each in document.paragraphs if each.style.name.startswith(("Heading", "Title"))]
    assert "Vakavimmat ensin" in headings and "Pitääkö tietosuojaseloste paikkansa?" in headings
    soup = BeautifulSoup(page, "html.parser")
    assert len(document.tables) == len(soup.select("main table"))
    gravest = [cell.text for cell in document.tables[0].rows[1].cells]
    assert gravest[0] and gravest[1].isdigit() and document.core_properties.language == "fi"
    shown = " ".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert not any(key.get_text() in shown.split() for key in soup.select(".keys li bdi")[:50]), "keys stay in the page"
