"""The record of processing activities as files: sections first, then HTML, PDF and XLSX of them, and JSON-LD in DPV terms.

Same record, same bytes: days come from the record, never from the clock.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from pipelines import outputs, small
from pipelines.expectations.notice import LANGUAGES
from pipelines.expectations.schedule import parse_period
from pipelines.language.languages import N_, Language
from pipelines.language.languages import language as language_of
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


TITLE, ARTICLE = N_("Record of processing activities"), N_("GDPR art. 30(1)")
# What the record calls its own parts and states, in words.
WORDS = {
    "controller": N_("Controller"), "contact": N_("Contact"), "officer": N_("Data protection officer"),
    "activities": N_("Purposes of processing"), "dataset": N_("Data"), "undeclared": N_("not declared"),
    "categories": N_("Categories of personal data"), "processors": N_("Processors"), "erasure": N_("Time limits for erasure"),
    "measures": N_("Security measures"), "workbench": N_("What the review tool itself holds"),
    "periods kept": N_("periods kept"), "transfers": N_("Transfers to third countries"),
    "added": N_("added"), "removed": N_("removed"), "changed": N_("changed"), "in force": N_("in force"),
    "none in force": N_("none in force"), "not exported": N_("not exported"), "until further notice": N_("until further notice"),
}  # fmt: skip


def sections(record: dict, changes: list | None, language: str) -> list[Section]:
    """The record in words."""
    speech = language_of(language)
    _ = speech.gettext

    def words(terms: Sequence[str]) -> str:
        return ", ".join(map(speech.term, terms))

    def named(name: dict[str, str]) -> str:
        return name.get(language) or name["en"]

    def number(value: int | str | None) -> str:
        return _("not exported") if value is None else str(value)

    def title(id: str, otherwise: str) -> str:
        return record["names"].get(id, {}).get(language) or otherwise

    def systems(ids: Sequence[str]) -> str:
        return ", ".join(title(id, record["systems"][id]) for id in ids)

    period_of = {each["class"]: duration(each["period"], speech) for each in record["erasure"]}
    title_of = {each["class"]: title(each["class"], each["title"]) for each in record["erasure"]}
    identity = [_("Controller") + f": {record['controller']}"]
    identity += [_(WORDS[key]) + f": {named(record[key])}" for key in ("contact", "officer") if record[key]]
    day = f" ({record['as_of']})" if record["as_of"] != record["period"] else ""
    identity.append(_("Period") + f": {record['period']}{day}")
    if record["synthetic"]:
        identity.append(_("Synthetic data: no person in it exists."))
    unlisted = record["unlisted_recipients"]
    return [
        Section(_("Controller"), tuple(identity)),
        Section(
            _("Purposes of processing"), (),
            (
                _("Purpose"), _("Legal basis"), _("Data subjects"), _("Categories of personal data"), _("Systems"),
                _("Recipients"), _("Storage period"),
            ),
            tuple(
                (
                    speech.term(each["purpose"]), words(each["legal_bases"]), words(each["subjects"]), words(each["categories"]),
                    systems(each["systems"]), ", ".join(named(name) for name in each["recipients"]),
                    "; ".join(f"{title_of[id]}: {period_of[id]}" for id in each["erasure"]),
                )
                for each in record["activities"]
            ),
        ),
        Section(
            _("Categories of personal data"), (_(SMALL_NUMBERS).format(small.SMALLEST_SHOWN),),
            (_("System"), _("Data"), _("Records"), speech.pgettext("personal data", "Category"), _("Declared"), _("Observed")),
            tuple(row for each in record["datasets"] for row in _categories(each, systems([each["system"]]), speech, number)),
        ),
        Section(
            _("Processors"), (), (_("Processors"), _("Service"), _("Declared"), _("Observed"), _("Processing agreement")),
            tuple(
                (
                    each["supplier"], each["service"], _("Declared") if each["declared"] else _("not declared"),
                    _("not exported") if each["observed"] is None else _("Observed") if each["observed"] else "–",
                    {True: _("in force"), False: _("none in force"), None: ""}[each["in_force"]],
                )
                for each in record["processors"]
            ),
        ),
        Section(
            _("Recipients"), tuple([_("recipients on no list") + f": {unlisted}"] if unlisted else []), (_("Purpose"), _("Recipient")),
            tuple((speech.term(each["purpose"]), named(name)) for each in record["activities"] for name in each["recipients"]),
        ),
        Section(_("Transfers to third countries"), tuple(str(each) for each in record["transfers"]) or (_("None declared."),)),
        Section(
            _("Time limits for erasure"), (), (_("Class"), _("Storage period"), _("Mandate"), _("Past its last day")),
            tuple((title_of[each["class"]], period_of[each["class"]], each["mandate"], str(each["past"])) for each in record["erasure"]),
        ),
        Section(
            _("Security measures"), (), (_("Measure"), _("statement"), _("status")),
            tuple(
                (named(each["name"]), each.get("statement", ""), _(each["status"]) if each["status"] else "")
                for each in record["measures"]
            ),
        ),
        _workbench(record["workbench"]["periods_kept"], speech),
        _drift(changes, speech),
    ]  # fmt: skip


SMALL_NUMBERS = N_(
    "… stands for a count from which a single person could be told: one under {}, and the next smallest with it where it would"
    " stand alone."
)


def _workbench(kept: int, speech: Language) -> Section:
    """What the workbench that made the record holds itself, and how long."""
    _ = speech.gettext
    rows = (
        (
            _("Copies of the exports, and the registry made of them"),
            _("The newest periods only, at most {}; older ones are purged").format(kept),
        ),
        (
            _(
                "Findings, counts and decisions: record keys, customer numbers, kinds and days, and keyed fingerprints of"
                " values"
            ),
            _("As long as the tool is in use"),
        ),
        (
            _("Reports and worklists: record keys, fields, kinds, counts and days"),
            _("Until the controller removes them"),
        ),
        (_("Log of look-ups of persons"), _("Until the controller removes it")),
    )
    head = (speech.pgettext("that is held", "Data"), _("Storage period"))
    return Section(_("What the review tool itself holds"), (_("Its databases are encrypted."),), head, rows)


def duration(period: str, speech: Language) -> str:
    """An ISO 8601 period in words; a class without one runs until further notice."""
    length = parse_period(period) if period else None
    return speech.period(length.months, length.days) if length else speech.gettext("until further notice")


def _categories(dataset: dict, system: str, speech: Language, number) -> list[tuple[str, ...]]:
    place = (system, dataset["dataset"], number(dataset["records"]))
    rows = [
        (*place, speech.term(each["category"]), ", ".join(each["columns"]), number(each["values"]))
        for each in dataset["categories"]
    ]
    undeclared, observed = speech.gettext("not declared"), speech.gettext("Observed")
    return rows + [(*place, header, undeclared, observed) for header in dataset["undeclared"]]


def _drift(changes: list | None, speech: Language) -> Section:
    _ = speech.gettext
    title = _("Changes since the last period")
    if changes is None:
        return Section(title, (_("There is no earlier period to compare with."),))
    if not changes:
        return Section(title, (_("Nothing changed."),))

    def word(text: str) -> str:
        return _(WORDS[text]) if text in WORDS else speech.term(text)

    def shown(text: str) -> str:
        return ", ".join(map(word, text.split(", ")))

    rows = [
        (word(section), word(item), word(kind), shown(before), shown(now))
        for section, item, kind, before, now in changes
    ]
    return Section(title, (), ("", "", "", _("before"), _("now")), tuple(rows))


@cache
def _template():
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=True)
    return environment.from_string(files("pipelines").joinpath("record/templates/ropa.html.jinja").read_text("utf-8"))


def html(record: dict, document: list[Section], language: str) -> str:
    """One page that refers to nothing outside itself."""
    _ = language_of(language).gettext
    titles = {"title": _(TITLE), "article": _(ARTICLE)}
    return _template().render(language=language, record=record, sections=document, **titles) + "\n"


def pdf(record: dict, document: list[Section], language: str) -> bytes:
    """The same as a PDF, letters embedded."""
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
