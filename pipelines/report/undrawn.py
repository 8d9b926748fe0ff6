"""If the report cannot be drawn, everything else still counts: a replacement page says so, and why."""

from __future__ import annotations

import datetime as dt
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines import outputs
from pipelines.errors import VahtiError, line_of
from pipelines.expectations.opened import OpenedPeriod
from pipelines.home import guard
from pipelines.language.languages import Language, language
from pipelines.report import kept, page
from pipelines.report.pdf import pdf_of
from pipelines.report.word_file import docx_of
from pipelines.sql import one_value

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PRODUCT = Path(__file__).parents[1]
# Errors that concern the whole run, not the page: they end it as anywhere else.
OF_THE_RUN = (
    VahtiError,
    OSError,
    MemoryError,
    duckdb.InterruptException,
    duckdb.IOException,
    duckdb.OutOfMemoryException,
)


def write_or_say(connection: DuckDBPyConnection, opened: OpenedPeriod, reports: Path, **more: object) -> str:
    """`report.html` of the period in the current database. If it cannot be drawn, a page that says so in the controller's
    language, and the error, "KeyError in page.py, line 9"; '' otherwise. `more`: see `page.html`."""
    try:
        page.write(connection, opened, reports, **more)
        return ""
    except Exception as error:
        fault = of_the_page(error)
    speech = language(opened.controller.language, opened.expectations.folder)
    kept.keep(connection, page.REPORT, {kept.UNDRAWN: fault})
    outputs.write_text(reports, f"{page.REPORT}.html", markup(speech, opened.controller.name, opened.name, fault))
    return fault


def update_or_say(connection: DuckDBPyConnection, period: str, reports: Path, fresh: Path) -> str:
    """Redraws the period's reports from one folder into another according to the current ledger; returns what kept one from
    being drawn, or '': its page then says so, and its old PDF is gone. One that could not be drawn before stays as it is."""
    drawn, faults = kept.kept(connection), []
    for path in sorted(reports.glob(f"{page.REPORT}*.html")):
        blocks = drawn.get(path.stem, {})
        if kept.UNDRAWN in blocks:
            outputs.write_bytes(fresh, path.name, path.read_bytes())
            continue
        try:
            _update(connection, blocks, path, fresh)
        except Exception as error:
            faults.append(of_the_page(error))
            if not (fresh / path.name).exists():  # otherwise only its PDF could not be set
                kept.keep(connection, path.stem, {kept.UNDRAWN: faults[-1]})
                outputs.write_text(fresh, path.name, _in_place_of(blocks, period, faults[-1]))
            path.with_suffix(".pdf").unlink(missing_ok=True)
    return "; ".join(dict.fromkeys(faults))


def _update(connection: DuckDBPyConnection, blocks: dict[str, str], path: Path, fresh: Path) -> None:
    """A report, its PDF and DOCX too, in another folder, with its blocks on open work according to the current ledger.

    A decision, or a period taken in again, changes the open work; nothing else on the page changes with it.
    """
    drawn = page.assembled(page.decided(connection, blocks))
    outputs.write_text(fresh, path.name, drawn)
    if path.with_suffix(".pdf").exists():
        outputs.write_bytes(fresh, path.with_suffix(".pdf").name, pdf_of(drawn))
    if path.with_suffix(".docx").exists():
        day = dt.date.fromisoformat(one_value(connection, "select max(period) from ledger.periods"))
        outputs.write_bytes(fresh, path.with_suffix(".docx").name, docx_of(drawn, day))


def of_the_page(error: Exception) -> str:
    """An error that concerns the page, "KeyError in page.py, line 9"; one that concerns the run is raised."""
    of_a_template = isinstance(error, OSError) and Path(error.filename or "").is_relative_to(PRODUCT)
    damage = isinstance(error, duckdb.Error) and guard.is_damage(error)
    if damage or (isinstance(error, OF_THE_RUN) and not of_a_template):
        raise error
    # Its message may quote a cell: only the kind of error and its place are shown.
    return f"{type(error).__name__} in {line_of(error)}"


def _in_place_of(blocks: dict[str, str], period: str, fault: str) -> str:
    """`blocks`: of the page before; none of them where an earlier version drew it."""
    speech = language(blocks.get("language", "en"))
    _ = speech.gettext
    decided = _("What was decided since then is in force, and stands in findings.csv and in the worklists.")
    return markup(speech, blocks.get("controller", ""), period, fault, decided)


def markup(speech: Language, controller: str, period: str, fault: str, *more: str) -> str:
    """The page that replaces the report: what failed, what counts all the same, and what to do."""
    _, day = speech.gettext, speech.day(dt.date.fromisoformat(period))
    lines = (
        _("The period was taken in and its findings count. Only this page could not be drawn."),
        *more,
        _("Reason: %(fault)s.") % {"fault": fault},
        _("Report the reason to whoever maintains the workbench; once it is mended, `vahti report` draws the page."),
    )
    text = "\n".join(f"<p>{escape(line)}</p>" for line in lines)
    failed = _("The report could not be drawn.")
    title = escape(f"{failed} {controller} – {day}")
    return (
        f'<!DOCTYPE html>\n<html lang="{speech.code}">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">\n'
        f"<title>{title}</title>\n</head>\n<body>\n<h1>{title}</h1>\n{text}\n"
        f'<p><a href="findings.csv">findings.csv</a></p>\n</body>\n</html>\n'
    )
