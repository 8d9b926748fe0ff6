"""The periodic report as the desk shows it: one cell, one section. The page's sections are those of `report.html`.

`vahti report` executes `90_periodic_report.ipynb`, whose cells show these sections, and binds them into one page.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import outputs
from pipelines.desk import notebooks, schedule
from pipelines.desk.tables import Shown
from pipelines.errors import ReportError
from pipelines.home import store
from pipelines.known import checked
from pipelines.language.languages import Language, language
from pipelines.notice import conformity
from pipelines.person import anchor
from pipelines.report import kept
from pipelines.report import page as report
from pipelines.report.pdf import pdf_of
from pipelines.report.word_file import docx_of

if TYPE_CHECKING:
    from pipelines.desk.queries import Queries

NOTEBOOK = "90_periodic_report.ipynb"
# What JupyterLab says of cells is stronger than the page's own style: equal columns, everything to the right, bullets.
OVER_JUPYTERS = """:scope:scope table { table-layout: auto; width: 100%; margin: 0; }
:scope:scope table :is(th, td) { text-align: left; vertical-align: top; max-width: none; }
:scope:scope table :is(th, td).n { text-align: right; }
:scope:scope :is(.tiles, .keys, nav ul), :scope:scope :is(.tiles, .keys, nav ul) > li { list-style: none; margin-left: 0; }
"""


@dataclass(frozen=True)
class Section(Shown):
    """A part of the page; its text form is its heading."""

    markup: str

    def __repr__(self) -> str:
        heading = re.search(r"<h[12][^>]*>(.*?)</h[12]>", self.markup, re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", "", heading[1])).split()) if heading else ""

    def _repr_html_(self) -> str:
        return self.markup


class Report:
    """`wb.report`: the sections of the period's report; their words are those of the workbench's language.

    `log`: the anchor of the log of look-ups, for a page that leaves the workbench; a notebook's outputs would change with every look-up.
    """

    def __init__(self, workbench: Queries, log: str = "") -> None:
        self.workbench, self.log = workbench, log

    @cached_property
    def speech(self) -> Language:
        """The words of the page."""
        return language(self.workbench.language, self.workbench.opened.expectations.folder)

    @cached_property
    def facts(self) -> dict:
        """What the page is drawn from."""
        opened = self.workbench.opened
        with opened.reading(opened.previous) as connection:
            notice = conformity.page_of(connection, opened, self.workbench.language)
            return report.facts(connection, opened, opened.reports, self.speech, self._failed(), notice, log=self.log)

    @cached_property
    def blocks(self) -> dict[str, str]:
        """The page's blocks by name, as of `pipelines.report.page.blocks`."""
        return report.blocks(self.facts, self.speech)

    @cached_property
    def page(self) -> str:
        """The whole page."""
        return report.assembled(self.blocks)

    def _failed(self) -> tuple[tuple[dt.date, int], ...]:
        """Scheduled runs that failed after the previous period and up to this one."""
        opened = self.workbench.opened
        noted, before = schedule.failures(opened.home.path), max(opened.earlier, default="")
        days = [day for day in sorted(noted) if before < day <= opened.name]
        return tuple((dt.date.fromisoformat(day), noted[day]) for day in days)

    @cached_property
    def sections(self) -> dict[str, str]:
        """The page's sections by name, in its order."""
        return {name: self.blocks[name] for name in report.SECTIONS}

    def head(self) -> Section:
        """Whose report it is, of which period; with the style that the other sections need."""
        return Section(f"<style>\n{_within_cells(self.blocks['style'])}</style>\n{self.blocks['masthead']}")

    def section(self, name: str) -> Section:
        """One section by its name."""
        return Section(self.sections[checked("section", name, self.sections)])

    def summary(self) -> Section:
        """What is urgent, what changed, who has to act, which deadlines have passed."""
        return self.section("summary")

    def notice(self) -> Section:
        """Statement by statement, whether the privacy notice tells the truth."""
        return self.section("notice")

    def work(self) -> Section:
        """What became of the findings: mended, promised, late."""
        return self.section("work")

    def findings(self) -> Section:
        """Where the findings are, by system, category and severity."""
        return self.section("findings")

    def rules(self) -> Section:
        """Rule by rule: why it matters, what to do, where."""
        return self.section("rules")

    def retention(self) -> Section:
        """What falls due."""
        return self.section("retention")

    def feed(self) -> Section:
        """The exports, and what could not be checked."""
        return self.section("feed")

    def second_opinion(self) -> Section:
        """Whether Great Expectations found the same."""
        return self.section("second")

    def origins(self) -> Section:
        """From what the report was made."""
        return self.section("made")


def _within_cells(style: str) -> str:
    """The style for output cells of a notebook only: not for the page around them, and not for print."""
    screen = style.split("@page", 1)[0].replace(":root", ":scope")  # the root of the page is outside of the cells
    return f"@scope (.jp-RenderedHTMLCommon:not(.jp-RenderedMarkdown)) {{\n\n{screen}{OVER_JUPYTERS}}}\n"


def write(workbench: Queries, pdf: bool = False, docx: bool = False) -> list[Path]:
    """`report.html`, and `report.pdf` and `report.docx` where wanted, into the home's reports: the report notebook, executed and bound.

    In the controller's own language the files are `report.*`, in another `report.<language>.*`. Takes the home's lock, and keeps the
    blocks of the page in the period's database.
    """
    drawn = executed(workbench)
    own = workbench.language == workbench.controller.language
    stem = report.REPORT if own else f"{report.REPORT}.{workbench.language}"
    with store.locked(workbench.home), store.reopening(workbench.home, workbench.name) as connection:
        kept.keep(connection, stem, drawn)
    page, folder = report.assembled(drawn), workbench.home.reports(workbench.name)
    written = [outputs.write_text(folder, f"{stem}.html", page)]
    if pdf:
        written.append(outputs.write_bytes(folder, f"{stem}.pdf", pdf_of(page)))
    if docx:
        day = dt.date.fromisoformat(workbench.name)
        written.append(outputs.write_bytes(folder, f"{stem}.docx", docx_of(page, day)))
    return written


def executed(workbench: Queries) -> dict[str, str]:
    """The blocks of the page, its sections as the report notebook shows them, executed on the workbench's period."""
    from nbclient.exceptions import CellExecutionError

    notebook = notebooks.read(notebooks.FOLDER / NOTEBOOK)
    parameters = {
        "home": str(workbench.home.path),
        "period": workbench.name,
        "language": workbench.language,
        "expectations": str(workbench.folder.resolve()),
    }
    try:
        cells = notebooks.execute(notebooks.with_parameters(notebook, parameters)).cells
    except CellExecutionError as error:  # what it says may quote a cell of the registers
        raise ReportError(
            f"the report notebook failed: {error.ename}", file=NOTEBOOK, remedy="run it in `vahti lab` to see where"
        ) from None
    sections = [
        cell for cell in cells if "section" in cell.metadata.get("tags", []) and "head" not in cell.metadata.tags
    ]
    shown = ["".join(output.data["text/html"] for output in cell.outputs if "data" in output) for cell in sections]
    own = Report(workbench, anchor.of_home(workbench.home)).blocks
    return own | dict(zip(report.SECTIONS, shown, strict=True)) | {"made": own["made"]}
