"""The pages by the first word of their address: what they show, by which template, and how many words more they take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.desk.app.views import decided, findings, start


@dataclass(frozen=True)
class Made:
    """A kind of page: `view(session, *words, query)`."""

    template: str
    view: Callable
    names: int = 0


PAGES = {
    "": Made("start.jinja", lambda session, query: start.start(session)),
    "findings": Made("findings.jinja", findings.listing),
    "finding": Made("finding.jinja", lambda session, mark, query: findings.finding(session, mark), 1),
    "decide": Made("decide.jinja", lambda session, what, query: decided.chosen(session, what), 1),
    "acceptances": Made("acceptances.jinja", lambda session, query: decided.acceptances(session)),
}
