"""Maps addresses to pages and handles forms: the application without a browser.

desk.page("/findings?state=open")   a Page: HTML, title, language
desk.act("accept", {...})           the page that follows, with the outcome, or with what was wrong
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlsplit

from pipelines.desk.app import acts, drawing
from pipelines.desk.app.pages import PAGES
from pipelines.desk.app.session import Session
from pipelines.errors import UnknownError, VahtiError, line_of
from pipelines.job.refresh import refresh
from pipelines.language.languages import N_

HOME = "/"


@dataclass(frozen=True)
class Page:
    """One page of the application. `path`: its address within it; `download`: an accompanying file, (name, bytes)."""

    html: str
    title: str
    code: str
    path: str
    download: tuple[str, bytes] | None = None


class Desk:
    """The application in one session."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._at = HOME

    def page(
        self, address: str = HOME, *, note: str = "", fault: tuple[str, str] = ("", ""), values: Mapping | None = None
    ) -> Page:
        """The page of an address; a page that says so if there is none."""
        self.session.refresh()
        address = address if address.startswith("/") else HOME
        parts = urlsplit(address)
        kind, *rest = [part for part in parts.path.split("/") if part] or [""]
        query = dict(parse_qsl(parts.query))
        try:
            made = PAGES.get(kind)
            if made is None or len(rest) != made.names:
                raise UnknownError(N_("there is no such page"), remedy=N_("go on from the first page"))
            view = made.view(self.session, *rest, query)
            template = made.template
        except VahtiError as error:
            view, template, fault = None, "fault.jinja", self.fault(error)
        self._at = address
        words = {
            "view": view,
            "note": note,
            "fault": fault,
            "values": values or {},
            "path": address,
            "kind": kind,
            "query": query,
        }
        html, title = drawing.draw(self.session, template, words)
        return Page(html, title, self.session.code, address)

    def act(self, act: str, values: Mapping[str, str], files: tuple = ()) -> Page:
        """The outcome of a form; if it failed, the page it was on, with what was wrong."""
        at = self._at
        try:
            if act == "turn":
                self.session.turn_to(values.get("period", ""), values.get("language", ""))
                return self.page(at)
            if act == "go":
                return self.page(at)
            done = acts.do(self.session, act, values, files)
            left = refresh(self.session.home) if done.changed else {}
        except VahtiError as error:
            return self.page(at, fault=self.fault(error), values=values)
        except Exception as error:  # a message may quote a cell: show where, not what
            problem = self.session.speech.gettext("An unexpected fault: %(where)s. Nothing was changed.")
            where = f"{type(error).__name__}, {line_of(error)}"
            return self.page(at, fault=(problem % {"where": where}, ""), values=values)
        if left:
            text = self.session.speech.gettext("It is in force, but not every report could be drawn again: %(what)s")
            return self.page(done.then, note=done.text, fault=(text % {"what": "; ".join(left.values())}, ""))
        return replace(self.page(done.then, note=done.text), download=done.download)

    def fault(self, error: VahtiError) -> tuple[str, str]:
        """(problem, remedy) in her language."""
        speech = self.session.speech
        return error.said(speech.gettext, lambda fact: speech.day(fact) if isinstance(fact, dt.date) else str(fact))
