"""The record of processing activities as files: sections first, then HTML, PDF and XLSX of them, and JSON-LD in DPV terms.

Same record, same bytes: days come from the record, never from the clock.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from pipelines import outputs, small
from pipelines.expectations.notice import LANGUAGES
from pipelines.expectations.schedule import parse_period
from pipelines.language.words import catalogue, say, term
from pipelines.record.jsonld import jsonld


@dataclass(frozen=True)
class Section:
    """One heading, lines below it, and a table or none."""

    title: str
    lines: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def write(record: dict, changes: list | None, folder: Path) -> list[Path]:
    """Writes ropa.<language>.html and .pdf, ropa.xlsx and ropa.jsonld; returns the paths."""
    documents = {language: sections(record, changes, language) for language in LANGUAGES}
    paths = []
    for language, document in documents.items():
        paths.append(outputs.write_text(folder, f"ropa.{language}.html", html(record, document, language)))
        paths.append(outputs.write_bytes(folder, f"ropa.{language}.pdf", pdf(record, document, language)))
    paths.append(outputs.write_bytes(folder, "ropa.xlsx", xlsx(record, documents)))
    text = json.dumps(jsonld(record), ensure_ascii=False, indent=1) + "\n"
    paths.append(outputs.write_text(folder, "ropa.jsonld", text))
    return paths


def sections(record: dict, changes: list | None, language: str) -> list[Section]:
    """The record in words."""

    def word(key: str) -> str:
        return say(key, language)

    def words(terms: Sequence[str]) -> str:
        return ", ".join(term(each, language) for each in terms)

    def named(name: dict[str, str]) -> str:
        return name.get(language) or name["en"]

    def number(value: int | str | None) -> str:
        return word("not exported") if value is None else str(value)

    def title(id: str, otherwise: str) -> str:
        return record["names"].get(id, {}).get(language) or otherwise

    def systems(ids: Sequence[str]) -> str:
        return ", ".join(title(id, record["systems"][id]) for id in ids)

    def head(*keys: str) -> tuple[str, ...]:
        return tuple(word(key) for key in keys)

    period_of = {each["class"]: duration(each["period"], language) for each in record["erasure"]}
    title_of = {each["class"]: title(each["class"], each["title"]) for each in record["erasure"]}
    identity = [f"{word('controller')}: {record['controller']}"]
    identity += [f"{word(key)}: {named(record[key])}" for key in ("contact", "officer") if record[key]]
    identity.append(
        f"{word('period')}: {record['period']}"
        + (f" ({record['as_of']})" if record["as_of"] != record["period"] else "")
    )
    if record["synthetic"]:
        identity.append(word("synthetic"))
    unlisted = record["unlisted_recipients"]
    return [
        Section(word("controller"), tuple(identity)),
        Section(
            word("activities"), (), head("purpose", "legal basis", "subjects", "categories", "systems", "recipients", "storage"),
            tuple(
                (
                    term(each["purpose"], language), words(each["legal_bases"]), words(each["subjects"]), words(each["categories"]),
                    systems(each["systems"]), ", ".join(named(name) for name in each["recipients"]),
                    "; ".join(f"{title_of[id]}: {period_of[id]}" for id in each["erasure"]),
                )
                for each in record["activities"]
            ),
        ),
        Section(
            word("categories"), (word("small numbers").format(small.SMALLEST_SHOWN),), head("system", "dataset", "records", "category", "declared", "observed"),
            tuple(row for each in record["datasets"] for row in _categories(each, systems([each["system"]]), language, number)),
        ),
        Section(
            word("processors"), (), head("processors", "service", "declared", "observed", "agreement"),
            tuple(
                (
                    each["supplier"], each["service"], word("declared" if each["declared"] else "undeclared"),
                    word("not exported") if each["observed"] is None else word("observed") if each["observed"] else "–",
                    {True: word("in force"), False: word("none in force"), None: ""}[each["in_force"]],
                )
                for each in record["processors"]
            ),
        ),
        Section(
            word("recipients"), tuple([f"{word('unnamed recipients')}: {unlisted}"] if unlisted else []), head("purpose", "recipient"),
            tuple((term(each["purpose"], language), named(name)) for each in record["activities"] for name in each["recipients"]),
        ),
        Section(word("transfers"), tuple(str(each) for each in record["transfers"]) or (word("none declared"),)),
        Section(
            word("erasure"), (), head("class", "storage", "mandate", "past its last day"),
            tuple((title_of[each["class"]], period_of[each["class"]], each["mandate"], str(each["past"])) for each in record["erasure"]),
        ),
        Section(
            word("measures"), (), head("measure", "statement", "status"),
            tuple(
                (named(each["name"]), each.get("statement", ""), word(each["status"]) if each["status"] else "")
                for each in record["measures"]
            ),
        ),
        _workbench(record["workbench"]["periods_kept"], language),
        _drift(changes, language),
    ]  # fmt: skip


def _workbench(kept: int, language: str) -> Section:
    """What the workbench that made the record holds itself, and how long."""
    parts = ("copies", "ledger", "reports", "look-ups")
    rows = tuple(
        (say(f"workbench {part}", language), say(f"workbench {part} how long", language).format(kept)) for part in parts
    )
    title, head = say("workbench", language), (say("what it holds", language), say("storage", language))
    return Section(title, (say("workbench is encrypted", language),), head, rows)


def duration(period: str, language: str) -> str:
    """An ISO 8601 period in words; a class without one runs until further notice."""
    if not period:
        return say("until further notice", language)
    parsed = parse_period(period)
    years, months = divmod(parsed.months, 12)
    parts = [(years, "years"), (months, "months"), (parsed.days, "days")]
    return " ".join(
        say("year", language) if (count, unit) == (1, "years") else say(unit, language).format(count)
        for count, unit in parts
        if count
    )


def _categories(dataset: dict, system: str, language: str, number) -> list[tuple[str, ...]]:
    place = (system, dataset["dataset"], number(dataset["records"]))
    rows = [
        (*place, term(each["category"], language), ", ".join(each["columns"]), number(each["values"]))
        for each in dataset["categories"]
    ]
    rows += [
        (*place, header, say("undeclared", language), say("observed", language)) for header in dataset["undeclared"]
    ]
    return rows


def _drift(changes: list | None, language: str) -> Section:
    title = say("drift", language)
    if not changes:
        return Section(title, (say("no earlier" if changes is None else "no change", language),))

    def shown(text: str) -> str:
        return (
            ", ".join(term(part, language) if ":" in part else say(part, language) for part in text.split(", "))
            if text
            else ""
        )

    rows = [
        (
            say(section, language),
            shown(item) if item in catalogue() else item,
            say(kind, language),
            shown(before),
            shown(now),
        )
        for section, item, kind, before, now in changes
    ]
    return Section(title, (), ("", "", "", say("before", language), say("now", language)), tuple(rows))


@cache
def _template():
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=True)
    return environment.from_string(files("pipelines").joinpath("record/templates/ropa.html.jinja").read_text("utf-8"))


def html(record: dict, document: list[Section], language: str) -> str:
    """One page that refers to nothing outside itself."""
    titles = {"title": say("record", language), "article": say("article 30", language)}
    return _template().render(language=language, record=record, sections=document, **titles) + "\n"


def pdf(record: dict, document: list[Section], language: str) -> bytes:
    """The same as a PDF, letters embedded."""
    import logging

    import matplotlib
    from fpdf import FPDF, FontFace

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    title = f"{say('record', language)} ({say('article 30', language)})"
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
    """A workbook with a sheet per language; every cell is text, so that none is taken for a formula."""
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
