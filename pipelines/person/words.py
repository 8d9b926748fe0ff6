"""The letter's words: the product's in `templates/words.yaml`, the controller's in `access.words`."""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib.resources import files

import yaml

from pipelines.expectations.schedule import parse_period
from pipelines.person.place import Place


@cache
def _all() -> dict:
    return yaml.safe_load(files("pipelines").joinpath("person/templates/words.yaml").read_text("utf-8"))


def say(language: str, key: str, /, **values: object) -> str:
    """A sentence of the letter. Values are put in as they are: a brace in one of them stays a brace."""
    return _all()[language][key].format(**values)


def term(language: str, key: str) -> str:
    """A purpose or category in words; its own name where there are none."""
    return _all()["terms"].get(key, {}).get(language) or key.partition(":")[2] or key


def kind(language: str, key: str) -> str:
    """A kind of data that can be somebody's alone; its category's term where there is no word for it."""
    return _all()[language]["kinds"].get(key) or term(language, key)


def local(place: Place, language: str, text: str) -> str:
    """The controller's own word in a language; as it stands where it has none."""
    return place.access.words.get(language, {}).get(text, text)


def of(texts: dict[str, str], language: str) -> str:
    """A text that the controller gives by language; in English, or any other, where it lacks this one."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def day(date: dt.date) -> str:
    """d.m.yyyy, as all three languages write it here."""
    return f"{date.day}.{date.month}.{date.year}"


def period(language: str, text: str) -> str:
    """6 years, 12 months."""
    parsed, units = parse_period(text), _all()[language]["periods"]
    years, months = divmod(parsed.months, 12) if text.endswith("Y") else (0, parsed.months)
    amounts = ((years, "year"), (months, "month"), (parsed.days, "day"))
    return " ".join(f"{n} {units[unit if n == 1 else unit + 's']}" for n, unit in amounts if n)


def kept(place: Place, language: str, retention: dict) -> str:
    """Until when a record is kept and why, from its row of `registry.retention`."""
    if not retention:
        return say(language, "no_class")
    classes = {c.id: c for c in (*place.expectations.schedule.classes, place.expectations.schedule.subject) if c}
    own = classes[retention["class"]]
    match retention["state"]:
        case "active" | "due":
            setter = classes.get(retention["set_by_class"], own)
            why = say(
                language,
                "because",
                title=local(place, language, setter.title),
                period=period(language, setter.period.text),
                mandate=local(place, language, setter.mandate),
            )
            return say(
                language,
                "until" if retention["state"] == "active" else "overdue",
                day=day(retention["last_day"]),
                why=why,
            )
        case "held":
            return say(language, "held")
        case "trigger missing":
            return say(language, "unknown")
        case "not running":
            because = retention["set_by_key"]
            named = because if because and because != retention["record_key"] else ""
            return say(language, "running", why=local(place, language, named) if named else say(language, "event"))
        case _:
            return say(language, "no_criterion", why=local(place, language, own.mandate))
