"""`wb.desk()`: the application in a live notebook, and its first lines as a table everywhere else."""

from __future__ import annotations

import os

import pandas as pd

from pipelines.desk.app import widget
from pipelines.desk.app.desk import Desk
from pipelines.desk.app.session import Session
from pipelines.desk.app.views import start
from pipelines.desk.saving import SHOWN_IN
from pipelines.desk.tables import ENGLISH, SAVED, Shown, Table
from pipelines.desk.words import Words
from pipelines.expectations.opened import OpenedPeriod
from pipelines.language.languages import N_

ELSEWHERE = N_("`vahti desk` opens this as an application, in which to decide and to follow up.")


class Application(Shown):
    """The officer's desk at an opened period, in a language."""

    def __init__(self, opened: OpenedPeriod, language: str, words: Words = ENGLISH) -> None:
        self._session, self._words = Session(opened, language), words

    def _desk(self) -> Desk:
        return Desk(self._session)

    def gravest(self) -> Table:
        """One row per item among the gravest: what it is, how many, who has to act, days left, and the next step."""
        rows = start.start(self._session).gravest
        columns = {"title": "what", "open": "open", "owner": "owner", "days_left": "days_left", "todo": "next_step"}
        found = pd.DataFrame(rows, columns=list(columns)).rename(columns=columns)
        put = self._words.put
        return Table(found, put(N_("The gravest first")), put(ELSEWHERE), rows=None, words=self._words)

    def __repr__(self) -> str:
        return repr(self.gravest())

    def _repr_mimebundle_(self, **more: object) -> tuple[dict, dict]:
        if not os.environ.get(SHOWN_IN):
            table = self.gravest()
            return {"text/plain": repr(table), "text/html": table._repr_html_()}, {SAVED: True}
        return widget.widget(self._desk())._repr_mimebundle_(**more)
