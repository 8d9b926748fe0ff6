"""The officer's calendar: all due dates, as events and as an .ics file that any calendar can import.

An event has the same UID in every period, so that importing the file again moves it instead of adding a copy. It reads no
clock: its timestamp is the period's as-of date. No person is named: requests by their number, disposals by their count.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.expectations.load import Expectations
from pipelines.home import store
from pipelines.language import languages
from pipelines.language.languages import Language
from pipelines.ledger import acceptances, answers
from pipelines.notice import attestations
from pipelines.person import Place, at, register
from pipelines.sql import ident
from pipelines.text import visible

MONTHS_AHEAD = 12
REQUEST, ATTESTATION, ACCEPTANCE, DISPOSAL, AGREEMENT, REVIEW, WORKLISTS = (
    "request", "attestation", "acceptance", "disposal", "agreement", "review", "worklists",
)  # fmt: skip


@dataclass(frozen=True)
class Event:
    """One due date: its kind, what it is for, and details. `key`: identifies the event across periods."""

    day: dt.date
    kind: str
    key: str
    title: str
    text: str = ""

    @property
    def uid(self) -> str:
        """The same for the same thing, wherever and whenever it is made."""
        return hashlib.sha256(f"{self.kind}\0{self.key}".encode()).hexdigest()[:32] + "@rekisterivahti"


def events(
    home: store.Home, expectations: Path | Expectations, period: str | None = None, code: str = ""
) -> list[Event]:
    """All events in a period, the newest by default, by day, in a language, the controller's own by default."""
    with at(home, expectations, period) as place:
        own = place.expectations.controller
        speech = languages.language(code or own.language, place.expectations.folder)
        found = [_plain(event) for source in SOURCES for event in source(place, speech)]
    return sorted(found, key=lambda event: (event.day, event.kind, event.title, event.key))


def _plain(event: Event) -> Event:
    """With every letter shown that would begin another line of the file, hide, or turn others: numbers and names come from exports."""
    text = "\n".join(map(visible, event.text.split("\n")))
    return replace(event, title=visible(event.title), text=text)


def _requests(place: Place, speech: Language) -> Iterator[Event]:
    if not register.is_there(place):
        return
    for each in register.requests(place):
        if each.last_day:
            title = speech.gettext("Last day to answer request %(number)s") % {"number": each.number}
            text = speech.gettext("Received on %(day)s.") % {"day": speech.day(each.received_on)}
            yield Event(each.last_day, REQUEST, each.number, title, text)


def _attestations(place: Place, speech: Language) -> Iterator[Event]:
    newest = {word.statement: word for word in attestations.read(place.home)}
    for statement, word in newest.items():
        title = speech.gettext("Statement %(statement)s: the word given ends") % {"statement": statement}
        text = speech.gettext("Given by %(who)s on %(day)s.") % {"who": word.by, "day": speech.day(word.on)}
        yield Event(word.until, ATTESTATION, statement, title, text)


def _acceptances(place: Place, speech: Language) -> Iterator[Event]:
    counted: dict[str, list[dict]] = {}
    for row in acceptances.acceptances(place.home):
        if row["in_force"]:
            counted.setdefault(str(row["acceptance"]), []).append(row)
    for name, rows in counted.items():
        title = speech.ngettext(
            "Acceptance %(name)s of %(n)s finding ends", "Acceptance %(name)s of %(n)s findings ends", len(rows)
        )
        by = " · ".join(filter(None, [rows[0]["accepted_by"], rows[0]["second_name"]]))
        text = f"{by}: {rows[0]['reason']}"
        yield Event(rows[0]["until_on"], ACCEPTANCE, name, title % {"name": name, "n": speech.number(len(rows))}, text)


def _disposals(place: Place, speech: Language) -> Iterator[Event]:
    schedule = place.expectations.schedule
    titles = {cls.id: cls.title for cls in (*schedule.classes, schedule.subject) if cls}
    sql = f"""
        select class, date_trunc('month', last_day)::date as month, min(last_day) as day, count(*) as records
        from registry.retention
        where state = 'active' and last_day >= $as_of and last_day < $as_of + interval {MONTHS_AHEAD} month
        group by all order by all
    """
    for cls, month, day, records in place.connection.execute(sql, {"as_of": place.as_of}).fetchall():
        what = speech.said(titles.get(cls, cls))
        title = speech.ngettext(
            "Disposal: %(what)s, %(n)s record reaches its last day",
            "Disposal: %(what)s, %(n)s records reach their last day",
            records,
        )
        text = speech.gettext("The first on %(day)s.") % {"day": speech.day(day)}
        yield Event(day, DISPOSAL, f"{cls} {month}", title % {"what": what, "n": speech.number(records)}, text)


def _agreements(place: Place, speech: Language) -> Iterator[Event]:
    for each in place.expectations.controller.agreements:
        if not {each.name, each.until} <= place.present.get(each.dataset, set()):
            continue
        sql = f"""
            select record_key, any_value({ident(each.name)}), max({ident(each.until)}) from latest.{ident(each.dataset)}
            where {ident(each.until)} is not null and record_key is not null group by record_key order by record_key
        """
        for key, name, day in place.connection.execute(sql).fetchall():
            title = speech.gettext("Agreement with %(name)s ends") % {"name": name or key}
            yield Event(day, AGREEMENT, f"{each.dataset} {key}", title, speech.label(each.dataset))


def _reviews(place: Place, speech: Language) -> Iterator[Event]:
    rules: dict[dt.date, list[str]] = {}
    for rule in place.expectations.domain_rules:
        rules.setdefault(rule.review_by, []).append(speech.said(rule.title))
    for day, titles in rules.items():
        title = speech.ngettext("Review of %(n)s rule", "Review of %(n)s rules", len(titles))
        yield Event(day, REVIEW, f"rules {day}", title % {"n": speech.number(len(titles))}, "\n".join(sorted(titles)))


def _worklists(place: Place, speech: Language) -> Iterator[Event]:
    found = answers.answered(place.home, place.period)
    day = answers.return_by(place.home, place.period)
    if day and any(each.waiting for each in found):
        names = sorted(speech.said(each.keeper) for each in found if each.waiting)
        title = speech.gettext("Worklists are to come back")
        yield Event(day, WORKLISTS, place.period, title, ", ".join(names))


SOURCES: tuple[Callable[[Place, Language], Iterator[Event]], ...] = (
    _requests, _attestations, _acceptances, _disposals, _agreements, _reviews, _worklists,
)  # fmt: skip


def as_ics(found: list[Event], name: str, as_of: dt.date) -> bytes:
    """The events as an iCalendar file (RFC 5545): whole days, with a reminder a week before. Same events, same bytes."""
    import icalendar

    calendar = icalendar.Calendar()
    for key, value in (
        ("prodid", "-//Rekisterivahti//"),
        ("version", "2.0"),
        ("method", "PUBLISH"),
        ("x-wr-calname", visible(name)),
    ):
        calendar.add(key, value)
    stamp = dt.datetime.combine(as_of, dt.time(), dt.UTC)
    for event in found:
        entry = icalendar.Event()
        entry.add("uid", event.uid)
        entry.add("dtstamp", stamp)
        entry.add("dtstart", event.day)
        entry.add("dtend", event.day + dt.timedelta(days=1))
        entry.add("summary", event.title)
        entry.add("categories", [event.kind])
        entry.add("transp", "TRANSPARENT")
        if event.text:
            entry.add("description", event.text)
        alarm = icalendar.Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", event.title)
        alarm.add("trigger", dt.timedelta(days=-7))
        entry.add_component(alarm)
        calendar.add_component(entry)
    return calendar.to_ical()
