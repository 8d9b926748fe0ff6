"""`worklists:` in controller.yaml: how soon a sheet is due back, whom to ask, and each keeper's language and address."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

from pipelines.language.languages import LOCALES

RETURN_WITHIN_DAYS = 14
MOST_DAYS = 366
ADDRESS = re.compile(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+\.[^\s@<>,;:\".]+")


@dataclass(frozen=True)
class Keeper:
    """A recipient of worklists. `language`: of the sheet, the controller's if empty; `email`: where it is sent."""

    language: str = ""
    email: str = ""


@dataclass(frozen=True)
class Worklists:
    """`return_within`: days from the period's as-of date; `ask`: the keepers' contact, by language."""

    return_within: int = RETURN_WITHIN_DAYS
    ask: dict[str, str] = field(default_factory=dict)
    keepers: dict[str, Keeper] = field(default_factory=dict)


def load_worklists(entry: object, fail: Callable[[str, str, str], NoReturn]) -> Worklists:
    """The controller's terms, or the defaults if it sets none; `fail` names key and remedy."""
    if entry is None:
        return Worklists()
    if not isinstance(entry, dict) or entry.keys() - {"return_within", "ask", "keepers"}:
        fail(
            "worklists",
            "is no mapping of `return_within`, `ask` and `keepers`",
            "write `worklists: {return_within: 14}`",
        )
    days, ask = entry.get("return_within", RETURN_WITHIN_DAYS), entry.get("ask") or {}
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= MOST_DAYS:
        fail("worklists.return_within", f"{days!r} is no number of days", "write such as 14")
    if not isinstance(ask, dict) or ask.keys() - LOCALES.keys():
        fail("worklists.ask", "is no text by language", "write `ask: {en: the data protection officer}`")
    keepers = entry.get("keepers") or {}
    if not isinstance(keepers, dict):
        fail("worklists.keepers", "is no mapping", "write `customer service: {language: fi, email: …}` lines")
    return Worklists(
        days,
        {code: str(text) for code, text in ask.items()},
        {str(name): _keeper(f"worklists.keepers.{name}", each, fail) for name, each in keepers.items()},
    )


def _keeper(place: str, entry: object, fail: Callable[[str, str, str], NoReturn]) -> Keeper:
    if not isinstance(entry, dict) or entry.keys() - {"language", "email"}:
        fail(place, "is no mapping of `language` and `email`", "write `{language: fi, email: name@example.fi}`")
    language, email = str(entry.get("language") or ""), str(entry.get("email") or "")
    if language and language not in LOCALES:
        fail(f"{place}.language", f"{language!r} is no language", f"use one of: {', '.join(LOCALES)}")
    if email and not ADDRESS.fullmatch(email):
        fail(f"{place}.email", "is no one mail address", "write such as name@example.fi")
    return Keeper(language, email)
