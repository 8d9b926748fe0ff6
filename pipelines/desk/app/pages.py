"""The pages by the first word of their address: their view, their template, and how many more words they take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.desk.app.views import decided, disposals, findings, notice, people, rules, sending, start, systems


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
    "rules": Made("rules.jinja", lambda session, query: rules.every(session)),
    "rule": Made("rule.jinja", lambda session, name, query: rules.rule(session, name), 1),
    "notice": Made("notice.jinja", lambda session, query: notice.notice(session)),
    "statement": Made("statement.jinja", lambda session, name, query: notice.statement(session, name), 1),
    "systems": Made("systems.jinja", lambda session, query: systems.every(session)),
    "system": Made("system.jinja", lambda session, name, query: systems.system(session, name), 1),
    "people": Made("people.jinja", lambda session, query: session.found or people.people(session)),
    "person": Made("person.jinja", lambda session, number, query: people.one(session, number), 1),
    "redactions": Made("redactions.jinja", lambda session, number, query: people.redactions(session, number), 1),
    "requests": Made("requests.jinja", lambda session, query: people.requests(session)),
    "acceptances": Made("acceptances.jinja", lambda session, query: decided.acceptances(session)),
    "disposals": Made("disposals.jinja", lambda session, query: disposals.disposals(session)),
    "worklists": Made("worklists.jinja", lambda session, query: sending.sending(session)),
    "calendar": Made("calendar.jinja", lambda session, query: sending.days(session)),
    "report": Made("report.jinja", lambda session, query: None),
    "log": Made("log.jinja", lambda session, query: disposals.decisions(session)),
}
