"""A name that a user gives must exist: a typing error never gets the answer "nothing"."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipelines.errors import UnknownError

MOST_LISTED, MOST_PROPOSED, LIKENESS = 60, 3, 0.6


def checked(what: str, value: str, among: Iterable[object], *, place: str = "") -> str:
    """The value, if it is among these; else UnknownError, which suggests the nearest and lists what exists.

    `place`: where it was looked for, such as "period 2026-06-30".
    """
    names = [str(name) for name in among]
    if value in names:
        return value
    raise UnknownError(f"no {what} {value!r}" + (f" in {place}" if place else ""), remedy=proposed(value, names))


def proposed(value: str, names: list[str]) -> str:
    """The nearest names, then all of them: "did you mean a or b? There are: a, b, c"."""
    near = nearest(value, names)
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    listed = f"here are: {', '.join(names[:MOST_LISTED])}{more}" if names else "here is none"
    return f"did you mean {' or '.join(near)}? T{listed}" if near else f"t{listed}"


def beside(path: Path) -> str:
    """Files or folders there with similar names, to end a remedy: "; did you mean exports?"; '' if there are none."""
    try:
        there = sorted(each.name for each in path.parent.iterdir())
    except OSError:
        return ""
    near = nearest(path.name, there)
    return f"; did you mean {' or '.join(str(path.parent / name) for name in near)}?" if near else ""


def nearest(value: str, names: Iterable[str]) -> list[str]:
    """The names most like the value, ignoring case; empty if none is close."""
    from difflib import get_close_matches  # only after a mistake

    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault(name.casefold(), name)
    return [folded[each] for each in get_close_matches(value.casefold(), folded, MOST_PROPOSED, LIKENESS)]
