"""The record of processing activities in words: a section per part of it, in one language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines import small
from pipelines.expectations.span import parse_period
from pipelines.language.languages import N_, Language, text_in
from pipelines.language.languages import language as language_of


@dataclass(frozen=True)
class Section:
    """One heading, lines below it, and a table or none."""

    title: str
    lines: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


# The record's names for its own parts and states.
WORDS = {
    "controller": N_("Controller"), "contact": N_("Contact"), "officer": N_("Data protection officer"),
    "activities": N_("Purposes of processing"), "dataset": N_("Data"), "undeclared": N_("not declared"),
    "categories": N_("Categories of personal data"), "processors": N_("Processors"), "erasure": N_("Time limits for erasure"),
    "measures": N_("Security measures"), "workbench": N_("What the review tool itself holds"),
    "periods kept": N_("periods kept"), "transfers": N_("Transfers to third countries"),
    "added": N_("added"), "removed": N_("removed"), "changed": N_("changed"), "in force": N_("in force"),
    "none in force": N_("none in force"), "not exported": N_("not exported"), "until further notice": N_("until further notice"),
}  # fmt: skip


def sections(record: dict, changes: list | None, language: str, expectations: Path | None = None) -> list[Section]:
    """The record in words."""
    speech = language_of(language, expectations)
    _ = speech.gettext

    def words(terms: Sequence[str]) -> str:
        return ", ".join(map(speech.term, terms))

    def named(name: dict[str, str]) -> str:
        return text_in(name, language)

    def number(value: int | str | None) -> str:
        return _("not exported") if value is None else str(value)

    def title(id: str, otherwise: str) -> str:
        return record["names"].get(id, {}).get(language) or speech.said(otherwise)

    def systems(ids: Sequence[str]) -> str:
        return ", ".join(title(id, record["systems"][id]) for id in ids)

    period_of = {each["class"]: duration(each["period"], speech) for each in record["erasure"]}
    title_of = {each["class"]: title(each["class"], each["title"]) for each in record["erasure"]}
    identity = [_("Controller") + f": {record['controller']}"]
    identity += [_(WORDS[key]) + f": {named(record[key])}" for key in ("contact", "officer") if record[key]]
    days = dict.fromkeys(speech.day(dt.date.fromisoformat(record[key])) for key in ("period", "as_of"))
    identity.append(_("Period") + ": " + " / ".join(days))
    if record["synthetic"]:
        identity.append(_("Synthetic data: no person in it exists."))
    unlisted = record["unlisted_recipients"]
    return [
        Section(_("Controller"), tuple(identity)),
        Section(
            _("Purposes of processing"),
            (),
            (
                _("Purpose"),
                _("Legal basis"),
                _("Data subjects"),
                _("Categories of personal data"),
                _("Systems"),
                _("Recipients"),
                _("Storage period"),
            ),
            tuple(
                (
                    speech.term(each["purpose"]),
                    words(each["legal_bases"]),
                    words(each["subjects"]),
                    words(each["categories"]),
                    systems(each["systems"]),
                    ", ".join(named(name) for name in each["recipients"]),
                    "; ".join(f"{title_of[id]}: {period_of[id]}" for id in each["erasure"]),
                )
                for each in record["activities"]
            ),
        ),
        Section(
            _("Categories of personal data"),
            (_(SMALL_NUMBERS).format(small.SMALLEST_SHOWN),),
            (
                _("System"),
                _("Data"),
                _("Records"),
                speech.pgettext("personal data", "Category"),
                _("Declared"),
                _("Observed"),
            ),
            tuple(
                row
                for each in record["datasets"]
                for row in _categories(each, systems([each["system"]]), speech, number)
            ),
        ),
        Section(
            _("Processors"),
            (),
            (_("Processors"), _("Service"), _("Declared"), _("Observed"), _("Processing agreement")),
            tuple(
                (
                    each["supplier"],
                    each["service"],
                    _("Declared") if each["declared"] else _("not declared"),
                    _("not exported") if each["observed"] is None else _("Observed") if each["observed"] else "–",
                    {True: _("in force"), False: _("none in force"), None: ""}[each["in_force"]],
                )
                for each in record["processors"]
            ),
        ),
        Section(
            _("Recipients"),
            tuple([_("recipients on no list") + f": {unlisted}"] if unlisted else []),
            (_("Purpose"), _("Recipient")),
            tuple(
                (speech.term(each["purpose"]), named(name))
                for each in record["activities"]
                for name in each["recipients"]
            ),
        ),
        Section(
            _("Transfers to third countries"),
            tuple(str(each) for each in record["transfers"]) or (_("None declared."),),
        ),
        Section(
            _("Time limits for erasure"),
            (),
            (_("Class"), _("Storage period"), _("Mandate"), _("Past its last day")),
            tuple(
                (title_of[each["class"]], period_of[each["class"]], speech.said(each["mandate"]), str(each["past"]))
                for each in record["erasure"]
            ),
        ),
        Section(
            _("Security measures"),
            (),
            (_("Measure"), _("statement"), _("status")),
            tuple(
                (named(each["name"]), each.get("statement", ""), _(each["status"]) if each["status"] else "")
                for each in record["measures"]
            ),
        ),
        _workbench(record["workbench"]["periods_kept"], speech),
        _drift(changes, speech, title_of),
    ]


SMALL_NUMBERS = N_(
    "… stands for a count from which a single person could be told: one under {}, and the next smallest with it where it would"
    " stand alone."
)


def _workbench(kept: int, speech: Language) -> Section:
    """What the workbench that made the record itself stores, and for how long."""
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


def _categories(
    dataset: dict, system: str, speech: Language, number: Callable[[int | str | None], str]
) -> list[tuple[str, ...]]:
    place = (system, speech.label(dataset["dataset"]), number(dataset["records"]))
    rows: list[tuple[str, ...]] = [
        (*place, speech.term(each["category"]), ", ".join(map(speech.label, each["columns"])), number(each["values"]))
        for each in dataset["categories"]
    ]
    undeclared, observed = speech.gettext("not declared"), speech.gettext("Observed")
    return rows + [(*place, speech.header(header), undeclared, observed) for header in dataset["undeclared"]]


def _drift(changes: list | None, speech: Language, title_of: dict[str, str]) -> Section:
    """The differences from the period before. `title_of`: the classes of the disposal schedule."""
    _ = speech.gettext
    title = _("Changes since the last period")
    if changes is None:
        return Section(title, (_("There is no earlier period to compare with."),))
    if not changes:
        return Section(title, (_("Nothing changed."),))
    rows = [
        (_(WORDS[section]), _item(section, item, speech, title_of), _(WORDS[kind]))
        + tuple(_value(section, text, speech) for text in (before, now))
        for section, item, kind, before, now in changes
    ]
    return Section(title, (), ("", "", "", _("before"), _("now")), tuple(rows))


def _item(section: str, item: str, speech: Language, title_of: dict[str, str]) -> str:
    """What changed: a part of the record, a dataset, a dataset's kind of data or column, a class, a term."""
    dataset, _, rest = item.partition(": ")
    match section:
        case "dataset":
            return speech.label(item)
        case "categories":
            return f"{speech.label(dataset)}: {speech.term(rest)}"
        case "undeclared":
            return f"{speech.label(dataset)}: {speech.header(rest)}"
        case "erasure":
            return title_of.get(item, item)
    return speech.gettext(WORDS[item]) if item in WORDS else speech.term(item)


def _value(section: str, text: str, speech: Language) -> str:
    """What it was, and what it is now."""
    if section == "erasure" and parse_period(text):
        return duration(text, speech)
    if section == "categories":
        return ", ".join(map(speech.label, text.split(", ")))
    return ", ".join(speech.gettext(WORDS[part]) if part in WORDS else speech.term(part) for part in text.split(", "))
