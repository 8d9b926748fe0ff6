"""A report that cannot be drawn keeps nothing else from counting: the page then says so, and why, in a page of its own."""

from __future__ import annotations

import datetime as dt
from html import escape
from pathlib import Path

import duckdb

from pipelines import outputs
from pipelines.errors import VahtiError, line_of
from pipelines.home import guard
from pipelines.language.languages import language
from pipelines.report import page

# Faults that concern the whole run, not the page: they end it as they would anywhere else.
OF_THE_RUN = (
    VahtiError,
    OSError,
    MemoryError,
    duckdb.InterruptException,
    duckdb.IOException,
    duckdb.OutOfMemoryException,
)


def write_or_say(connection, context, period: str, reports: Path, **more: object) -> str:
    """`report.html` of the period in the current database. Where it cannot be drawn, a page that says so in the
    controller's language, and the fault, "KeyError in page.py, line 9"; '' otherwise. `more`: as of `page.html`."""
    try:
        page.write(connection, context, period, reports, **more)
        return ""
    except OF_THE_RUN:
        raise
    except Exception as error:  # its message may quote a cell: what and where is said, not with what
        if isinstance(error, duckdb.Error) and guard.is_damage(error):
            raise
        fault = f"{type(error).__name__} in {line_of(error)}"
    outputs.write_text(reports, "report.html", markup(context, period, fault))
    return fault


def markup(context, period: str, fault: str) -> str:
    """The page in place of the report: what failed, what counts all the same, and what to do."""
    speech = language(context.controller.language, context.contracts[0].path.parent.parent)
    _, day = speech.gettext, speech.day(dt.date.fromisoformat(period))
    lines = (
        _("The period was taken in and its findings count. Only this page could not be drawn."),
        _("Reason: %(fault)s.") % {"fault": fault},
        _("Report the reason to whoever maintains the workbench; once it is mended, `vahti report` draws the page."),
    )
    text = "\n".join(f"<p>{escape(line)}</p>" for line in lines)
    failed = _("The report could not be drawn.")
    title = escape(f"{failed} {context.controller.name} – {day}")
    return (
        f'<!DOCTYPE html>\n<html lang="{speech.code}">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">\n'
        f"<title>{title}</title>\n</head>\n<body>\n<h1>{title}</h1>\n{text}\n"
        f'<p><a href="findings.csv">findings.csv</a></p>\n</body>\n</html>\n'
    )
