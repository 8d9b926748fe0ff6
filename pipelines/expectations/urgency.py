"""How soon a finding must be dealt with and how grave it is for the people concerned: what rules set, and the
defaults."""

from __future__ import annotations

import re

AT_ONCE = "at once"
TERM = re.compile(r"(\d{1,4}) (hour|hours|day|days)\Z")
# Hours to fix a finding, from the export that first shows it, by severity.
TERM_HOURS = {"high": 30 * 24, "medium": 90 * 24, "low": 180 * 24}
# Risk to the person: 1 somebody's safety, 2 data in the wrong hands, a right not honoured or data lost, 3 kept or used
# unlawfully, 4 wrong or incomplete, 5 housekeeping.
RISK = {"high": 3, "medium": 4, "low": 5}
GRAVEST, LEAST = 1, 5
# Urgent: a rule gives a week or less.
URGENT_HOURS = 7 * 24


def term_hours(text: object) -> int | None:
    """`at once`: 0; `72 hours`: 72; `7 days`: 168; None for anything else."""
    if text == AT_ONCE:
        return 0
    match = TERM.match(str(text))
    return int(match[1]) * (24 if match[2].startswith("day") else 1) if match else None
