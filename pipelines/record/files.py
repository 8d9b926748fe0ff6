"""The record of processing activities as files: sections first, then HTML, PDF and XLSX of them, and JSON-LD in DPV terms.

Same record, same bytes: dates come from the record, never from the clock.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import outputs
from pipelines.expectations.notice import LANGUAGES
from pipelines.language.languages import N_
from pipelines.language.languages import language as language_of
from pipelines.record.jsonld import jsonld
from pipelines.record.sections import Section, sections

if TYPE_CHECKING:
    from jinja2 import Template


def write(record: dict, changes: list | None, folder: Path, expectations: Path | None = None) -> list[Path]:
    """Writes ropa.<language>.html and .pdf, ropa.xlsx and ropa.jsonld; returns the paths. `expectations`: the folder with the
    controller's words for datasets, columns and laws."""
    documents = {language: sections(record, changes, language, expectations) for language in LANGUAGES}
    paths = []
    for language, document in documents.items():
        paths.append(outputs.write_text(folder, f"ropa.{language}.html", html(record, document, language)))
        paths.append(outputs.write_bytes(folder, f"ropa.{language}.pdf", pdf(record, document, language)))
    paths.append(outputs.write_bytes(folder, "ropa.xlsx", xlsx(record, documents)))
    text = json.dumps(jsonld(record), ensure_ascii=False, indent=1) + "\n"
    paths.append(outputs.write_text(folder, "ropa.jsonld", text))
    return paths


TITLE, ARTICLE = N_("Record of processing activities"), N_("GDPR art. 30(1)")


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=True)
    return environment.from_string(files("pipelines").joinpath("record/templates/ropa.html.jinja").read_text("utf-8"))


def html(record: dict, document: list[Section], language: str) -> str:
    """One self-contained page."""
    _ = language_of(language).gettext
    titles = {"title": _(TITLE), "article": _(ARTICLE)}
    titles["day"] = language_of(language).day(dt.date.fromisoformat(record["period"]))
    return _template().render(language=language, sections=document, **titles) + "\n"


def pdf(record: dict, document: list[Section], language: str) -> bytes:
    """The same as a PDF, with embedded fonts."""
    import matplotlib
    from fpdf import FPDF, FontFace

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    _ = language_of(language).gettext
    title = f"{_(TITLE)} ({_(ARTICLE)})"
    page = FPDF(orientation="landscape", format="A4")
    page.set_creation_date(dt.datetime.fromisoformat(record["as_of"]).replace(tzinfo=dt.UTC))
    page.set_producer("rekisterivahti")
    page.set_title(title)
    page.set_lang(language)
    page.add_font("sans", "", fonts / "DejaVuSans.ttf")
    page.add_font("sans", "B", fonts / "DejaVuSans-Bold.ttf")
    page.set_margin(12)
    page.set_auto_page_break(True, 12)
    page.add_page()
    page.set_font("sans", "B", 15)
    page.multi_cell(0, 8, title, new_x="LMARGIN", new_y="NEXT")
    for section in document:
        page.set_font("sans", "B", 11)
        page.ln(3)
        page.multi_cell(0, 6, section.title, new_x="LMARGIN", new_y="NEXT")
        page.set_font("sans", "", 8)
        for line in section.lines:
            page.multi_cell(0, 4.5, line, new_x="LMARGIN", new_y="NEXT")
        if section.rows:
            with page.table(
                line_height=4, headings_style=FontFace(emphasis="BOLD"), text_align="LEFT", padding=0.8
            ) as table:
                for cells in (section.head, *section.rows):
                    row = table.row()
                    for cell in cells:
                        row.cell(cell)
    return bytes(page.output())


def xlsx(record: dict, documents: dict[str, list[Section]]) -> bytes:
    """A workbook with a sheet per language; every cell is text, so that none is read as a formula."""
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"created": dt.datetime.fromisoformat(record["as_of"]), "title": "Record of processing activities"}
    )
    bold, wrap = book.add_format({"bold": True, "font_size": 12}), book.add_format({"text_wrap": True, "valign": "top"})
    head = book.add_format({"bold": True, "bottom": 1})
    for language, document in documents.items():
        sheet = book.add_worksheet(language)
        sheet.set_column(0, 6, 32)
        row = 0
        for section in document:
            sheet.write_string(row, 0, section.title, bold)
            for line in section.lines:
                row += 1
                sheet.write_string(row, 0, line)
            for number, cells in enumerate((section.head, *section.rows) if section.rows else ()):
                row += 1
                for column, cell in enumerate(cells):
                    sheet.write_string(row, column, cell, wrap if number else head)
            row += 2
    book.close()
    return target.getvalue()
