"""The certificate for people: what `certificate.json` says, in words, as HTML and PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from pipelines.language.languages import language as language_of
from pipelines.person import letter, wording
from pipelines.person.certificate import METHOD
from pipelines.person.holding import Holding
from pipelines.person.letter import Letter, Section
from pipelines.person.letterhead import Head
from pipelines.person.place import Place
from pipelines.text import visible


def page(place: Place, holding: Holding, said: dict, language: str) -> Letter:
    """The certificate of `certificate.certificate` as a document in a language; draw it with `letter.html` and `pdf.pdf`."""
    speech = language_of(language, place.expectations.folder)

    def say(key: str, /, **values: object) -> str:
        return wording.say(language, key, **values)

    def spot(row: dict, field: str) -> str:
        title = letter.title(place, row["dataset"], language)
        return f"{title} {row['record_key']}: {speech.label(field)}"

    when = dt.datetime.fromisoformat(said["searched_at"])
    opening = (
        say("c_intro", number=said["customer_number"], controller=said["controller"]),
        say(
            "c_when",
            day=f"{wording.moment(when.strftime('%Y-%m-%d %H:%M'))} UTC",
            name=said["searched_by"],
            as_of=wording.moment(said["as_of"]),
        ),
    )
    sections = (
        Section(say("c_method"), (speech.gettext(METHOD),)),
        Section(
            say("c_searched"),
            items=_clean(
                say(
                    "c_dataset",
                    dataset=letter.title(place, row["dataset"], language),
                    rows=speech.number(row["rows"]),
                    records=speech.number(row["records"]),
                )
                for row in said["searched"]
            ),
        ),
        _section(say, "unsearched", letter.unreached(place, said["could_not_be_searched"], language)),
        _section(
            say,
            "c_same",
            (
                f"{_member(place, member.id, language)}: {member.reason.said(language, place.expectations.folder)}"
                for member in holding.person.members
            ),
        ),
        _section(
            say,
            "c_offers",
            (
                _member(place, row["member"] or f"{row['dataset']}/{row['record_key']}", language)
                for row in said["offers_left_open"]
            ),
        ),
        _section(
            say,
            "c_decided",
            (say(f"c_{row['answer']}", member=_member(place, row["member"], language)) for row in said["decided"]),
        ),
        _section(say, "c_redacted", (spot(row, row["field"]) for row in said["redacted"])),
        _section(
            say,
            "c_released",
            (f"{spot(row, row['field'])}: {say('c_' + row['answer'])}" for row in said["redactions_decided"]),
        ),
        _section(say, "c_waiting", (spot(row, row["field"]) for row in said["redactions_waiting"])),
        _section(
            say,
            "c_read",
            (spot(row, field) for row in said["free_text_to_be_read_before_sending"] for field in row["fields"]),
        ),
        Section(
            say("c_files"),
            (say("c_log", entry=said["log"]["entry"], hash=said["log"]["hash"]),),
            tuple(f"{name}: {digest}" for name, digest in said["files_sha256"].items()),
        ),
    )
    head = Head((said["controller"],), (), (), (), ())
    return Letter(language, say("certificate"), head, "", opening, ("", ""), sections, ())


def _section(say: Callable[..., str], title: str, items: Iterable[str]) -> Section:
    found = _clean(items)
    return Section(say(title), () if found else (say("c_none"),), found)


def _clean(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(visible(item) for item in items)


def _member(place: Place, member: str, language: str) -> str:
    """A person or record as people say it: the dataset in words, and its key."""
    dataset, slash, key = member.partition("/")
    if dataset in place.contracts and slash:
        return f"{letter.title(place, dataset, language)} {key}"
    return f"{wording.say(language, 'number')} {key}" if slash else member
