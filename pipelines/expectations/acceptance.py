"""`acceptance:` in controller.yaml: how long a finding may be accepted at most, and what needs two names."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

MONTHS = re.compile(r"P(?=\d)(?:(\d{1,2})Y)?(?:(\d{1,3})M)?\Z")
SEVERITIES = ("high", "medium", "low")
# For a controller without the setting. Strict, so that leaving it out weakens nobody's protection.
LONGEST = {"high": 3, "medium": 6, "low": 12}
SECOND_NAME = ("disclosure-of-protected", "past-retention", "rights")


@dataclass(frozen=True)
class Acceptance:
    """`longest`: months by severity; `second_name`: rules and categories that one person cannot accept alone."""

    longest: dict[str, int] = field(default_factory=lambda: dict(LONGEST))
    second_name: tuple[str, ...] = SECOND_NAME


def load_acceptance(entry: object, fail: Callable[[str, str, str], NoReturn]) -> Acceptance:
    """The controller's terms, or the defaults if it sets none; `fail` names key and remedy."""
    if entry is None:
        return Acceptance()
    if not isinstance(entry, dict) or entry.keys() - {"longest", "second_name"}:
        fail("acceptance", "is no mapping of `longest` and `second_name`", "write `acceptance: {longest: {high: P3M}}`")
    longest, names = entry.get("longest") or {}, entry.get("second_name", list(SECOND_NAME))
    if not isinstance(longest, dict) or longest.keys() - set(SEVERITIES):
        fail("acceptance.longest", "is no mapping of severities", f"use {', '.join(SEVERITIES)}")
    for severity, text in longest.items():
        if not MONTHS.match(str(text)):
            fail(f"acceptance.longest.{severity}", f"{text!r} is no term", "write months or years, such as P3M or P1Y")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        fail("acceptance.second_name", "is no list", "write names of rules and categories, such as [past-retention]")
    return Acceptance(LONGEST | {severity: months(str(text)) for severity, text in longest.items()}, tuple(names))


def months(text: str) -> int:
    """P3M: 3; P1Y6M: 18."""
    match = MONTHS.match(text)
    years, rest = match.groups() if match else ("0", "0")
    return 12 * int(years or 0) + int(rest or 0)
