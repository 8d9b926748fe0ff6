"""A name that a user gives must exist: a typing error never gets the answer "nothing"."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipelines.errors import UnknownError
from pipelines.sentence import Sentence

MOST_LISTED, MOST_PROPOSED, LIKENESS = 60, 3, 0.6


def checked(what: str, value: str, among: Iterable[object], *, place: str = "") -> str:
    """The value, if it is among these; else UnknownError, which suggests the nearest and lists what exists.

    `place`: where it was looked for, such as `of_period("2026-06-30")`.
    """
    names = [str(name) for name in among]
    if value in names:
        return value
    facts = {"what": Sentence(what), "value": repr(value), "place": place}
    problem = (
        Sentence("no %(what)s %(value)s in %(place)s", **facts) if place else Sentence("no %(what)s %(value)s", **facts)
    )
    raise UnknownError(problem, remedy=proposed(value, names))


def of_period(name: str) -> Sentence:
    """A period as the place where a name was looked for."""
    return Sentence("period %(period)s", period=name)


def proposed(value: str, names: list[str]) -> Sentence:
    """The nearest names, then all of them: "did you mean a or b? There are: a, b, c"."""
    if not names:
        return Sentence("there is none")
    near, more = nearest(value, names), len(names) - MOST_LISTED
    facts: dict[str, object] = {"names": ", ".join(names[:MOST_LISTED])}
    facts["more"] = Sentence(" and %(n)s more", n=more) if more > 0 else ""
    if near:
        return Sentence("did you mean %(near)s? There are: %(names)s%(more)s", near=either(near), **facts)
    return Sentence("there are: %(names)s%(more)s", **facts)


def either(names: list[str]) -> str:
    """One name or another: "a or b"."""
    return Sentence("%(one)s or %(other)s", one=names[0], other=either(names[1:])) if names[1:] else names[0]


def beside(path: Path) -> str:
    """Files or folders there with similar names, to end a remedy: "; did you mean exports?"; '' if there are none."""
    try:
        there = sorted(each.name for each in path.parent.iterdir())
    except OSError:
        return ""
    near = nearest(path.name, there)
    return Sentence("; did you mean %(near)s?", near=either([str(path.parent / name) for name in near])) if near else ""


def nearest(value: str, names: Iterable[str]) -> list[str]:
    """The names most like the value, ignoring case; empty if none is close."""
    from difflib import get_close_matches  # only after a mistake

    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault(name.casefold(), name)
    return [folded[each] for each in get_close_matches(value.casefold(), folded, MOST_PROPOSED, LIKENESS)]
