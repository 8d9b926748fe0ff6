"""The letter of an access package: what art. 15 requires, in plain language, as data; then as HTML and PDF."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from pipelines.expectations.contract import Column
from pipelines.language.languages import language as language_of
from pipelines.person import letterhead, redact, wording
from pipelines.person.holding import Holding, Record
from pipelines.person.letterhead import Head
from pipelines.person.place import Place
from pipelines.sql import ident
from pipelines.text import visible

if TYPE_CHECKING:
    from jinja2 import Template


WAITING = "waiting"


@dataclass(frozen=True)
class Section:
    """A heading, then paragraphs, then a list."""

    title: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One record in the copy of the data: its title, notes on it, and (label, value) of its data. `words`: of each value, what the
    officer said of it: an answer, WAITING where she has to, empty where nothing is to be said."""

    title: str
    notes: tuple[str, ...]
    values: tuple[tuple[str, str], ...]
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Letter:
    """The whole letter. `opening`: paragraphs under the title; `words`: headings of the tables of data."""

    language: str
    title: str
    head: Head
    draft: str
    opening: tuple[str, ...]
    words: tuple[str, str]
    sections: tuple[Section, ...]
    copy: tuple[tuple[str, tuple[Entry, ...]], ...]


def write(
    place: Place,
    holding: Holding,
    unsearched: list[dict],
    language: str,
    request: str = "",
    dated: dt.date | None = None,
) -> Letter:
    """The letter on a holding. `unsearched`: from the certificate; `dated`: the as-of date by default."""

    def say(key: str, **values: object) -> str:
        return wording.say(language, key, **values)

    def own(key: str) -> str:
        return letterhead.said(place, key, language)

    undecided = len(holding.waiting)
    head = letterhead.head(place, holding, language, request, dated or place.as_of, undecided)
    opening = (
        say("intro", controller=place.expectations.controller.name),
        say("as_of", as_of=wording.day(place.as_of)),
    )
    sections = (  # in the order of art. 15(1)(a) to (h) and 15(2)
        Section(say("purposes"), (say("basis", basis=own("basis")),), _purposes(place, holding, language)),
        Section(say("categories"), items=_categories(place, holding, language)),
        Section(say("recipients"), items=_recipients(place, holding, language)),
        Section(say("retention"), items=_retention(place, holding, language)),
        Section(say("rights"), (say("rights_text"), say("ask", contact=own("contact")))),
        Section(say("complaint_title"), (say("complaint", authority=own("authority")),)),
        Section(say("sources"), items=_sources(place, holding, language)),
        Section(say("automated"), (own("automated"),)),
        Section(say("transfers"), (own("transfers"),)),
        Section(say("unsearched"), items=unreached(place, unsearched, language)),
    )
    notes = [say("redacted")] if any(record.redactions for record in holding.records) else []
    notes += [say("waiting", count=undecided)] if undecided else []
    notes += [say("offered", count=len(holding.offers))] if holding.offers else []
    last = Section(say("copy"), tuple(notes))
    words, copy = (say("field"), say("content")), _copy(place, holding, language)
    return Letter(
        language, say("title"), head, say("draft") if head.lacks else "", opening, words, (*sections, last), copy
    )


def unreached(place: Place, items: list[dict], language: str) -> tuple[str, ...]:
    """What the search could not reach, of the certificate, a sentence each."""
    return tuple(
        visible(
            wording.say(
                language, i["reason"], **{k: _word(place, language, k, v) for k, v in i.items() if k != "reason"}
            )
        )
        for i in items
    )


def _word(place: Place, language: str, name: str, value: object) -> object:
    if name == "dataset":
        return title(place, str(value), language)
    if name == "column":
        return language_of(language).header(str(value))
    return wording.local(place, language, value) if isinstance(value, str) else value


def _datasets(holding: Holding) -> list[str]:
    return list(dict.fromkeys(record.dataset for record in holding.records))


def title(place: Place, dataset: str, language: str) -> str:
    """A dataset's name: from its class of the disposal schedule, else from its contract."""
    id_ = place.contracts[dataset].id
    classes = (*place.expectations.schedule.classes, place.expectations.schedule.subject)
    found = next((c.title for c in classes if c and c.id == id_), place.contracts[dataset].description.rstrip("."))
    return wording.local(place, language, found)


def _purposes(place: Place, holding: Holding, language: str) -> tuple[str, ...]:
    by_purpose: dict[str, list[str]] = {}
    for dataset in _datasets(holding):
        by_purpose.setdefault(place.contracts[dataset].purpose, []).append(title(place, dataset, language))
    return tuple(f"{wording.term(language, purpose)}: {', '.join(titles)}" for purpose, titles in by_purpose.items())


def _categories(place: Place, holding: Holding, language: str) -> tuple[str, ...]:
    kinds = {
        kind
        for record in holding.records
        for column in place.columns(record.dataset)
        if column.personal and record.values.get(column.name) is not None
        for kind in column.categories[:1] or ("dpv:PersonalData",)
    }
    return tuple(sorted(wording.term(language, kind) for kind in kinds))


def _recipients(place: Place, holding: Holding, language: str) -> tuple[str, ...]:
    items = [wording.of(text, language) for text in place.access.recipients]
    given = place.access.disclosures
    for record in holding.records:
        if given and record.dataset == given["dataset"]:
            facts = [record.values.get(given[key]) or "?" for key in ("day", "recipient", "what")]
            items.append(
                wording.say(language, "disclosed", day=wording.moment(str(facts[0])), recipient=facts[1], what=facts[2])
            )
    made = place.access.processors
    if made and place.present.get(made["dataset"], set()) >= {made["name"], made["what"]}:
        name, what = ident(made["name"]), ident(made["what"])
        sql = f"select distinct {name} as name, {what} as what from registry.{ident(made['dataset'])} order by 1, 2"
        items += [
            wording.say(language, "processor", name=row["name"] or "?", what=row["what"] or "?")
            for row in place.fetch(sql)
        ]
    return tuple(visible(redact.said(item, language)) for item in items)


def _sources(place: Place, holding: Holding, language: str) -> tuple[str, ...]:
    column, known = place.access.sources.get("column"), place.access.sources.get("values", {})
    own = [record for record in holding.records if record.dataset == place.subject[0]]
    values = {str(record.values[column]) for record in own if column and record.values.get(column)}
    if not values:
        return (wording.say(language, "no_source"),)
    return tuple(
        wording.say(language, "source", source=wording.of(known.get(v, {}), language) or visible(v))
        for v in sorted(values)
    )


def _retention(place: Place, holding: Holding, language: str) -> tuple[str, ...]:
    """By dataset, each sentence on its records' last days, and the number of records it covers."""
    counts: dict[str, int] = {}
    for record in holding.records:
        text = f"{title(place, record.dataset, language)}: {wording.kept(place, language, record.retention)}"
        counts[text] = counts.get(text, 0) + 1
    return tuple(visible(text) if count == 1 else f"{visible(text)} × {count}" for text, count in counts.items())


def _copy(place: Place, holding: Holding, language: str) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    parts = []
    for dataset in _datasets(holding):
        contract = place.contracts[dataset]
        heading = f"{wording.local(place, language, contract.product)}: {title(place, dataset, language)}"
        parts.append(
            (heading, tuple(_entry(place, record, language) for record in holding.records if record.dataset == dataset))
        )
    return tuple(parts)


def _entry(place: Place, record: Record, language: str) -> Entry:
    label = language_of(language, place.expectations.folder).label
    why = record.match.said(language, place.expectations.folder)
    notes = (wording.kept(place, language, record.retention), f"{wording.say(language, 'match')}: {why}")
    columns = {column.name: column for column in place.columns(record.dataset)}
    there = {name: value for name, value in record.values.items() if value is not None}
    values = tuple(
        (_capital(label(name)), _shown(place, columns[name], value, language)) for name, value in there.items()
    )
    said = {spot.field: spot.answer or WAITING for spot in record.spots}
    words = tuple(said.get(name, "") for name in there)
    return Entry(visible(record.record_key), tuple(visible(note) for note in notes), values, words)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _shown(place: Place, column: Column, value: object, language: str) -> str:
    """A value as its reader would write it: days, months, numbers, yes and no, and codes in the controller's words if any."""
    if isinstance(value, bool):
        return wording.say(language, "yes_" if value else "no_")
    if isinstance(value, (int, float)):
        return language_of(language).decimal(value)
    text = str(value)
    if column.type in ("date", "month", "timestamp"):
        return visible(wording.moment(text))
    if column.name == place.access.sources.get("column"):
        text = wording.of(place.access.sources.get("values", {}).get(text, {}), language) or text
    elif column.valid_values:
        text = wording.local(place, language, text)
    return visible(redact.said(text, language))


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(files("pipelines").joinpath("person/templates/letter.html.jinja").read_text("utf-8"))


def html(letter: Letter) -> str:
    """One self-contained page: no script, nothing fetched."""
    return _template().render(letter=letter)
