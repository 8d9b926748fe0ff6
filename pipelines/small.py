"""Small counts in tables for readers outside the workbench: broken down by an attribute of persons, a count can identify one.

Somebody who knows that a person is among those counted, and sees that the count of a role, a kind of data or a consent
is one, has learnt that about the person (Article 29 Working Party, opinion 05/2014 on anonymisation: singling out).
Other breakdowns are not covered: files, rows and findings by system, rule, severity or class of the disposal schedule
tell how the work stands, not what somebody is like. Nor is the officer's own desk, where every record is visible anyway.

`pipelines.notice.released` decides which tables are handed out, and what else must be hidden so that no table reveals
what another hides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

# Counts from one to four are hidden: in so small a group members know each other, or can be found by elimination. Zero
# is shown, since it counts nobody.
SMALLEST_SHOWN = 5
# A single hidden count could be computed from a total published elsewhere, such as the findings of a rule: at least
# this many are hidden, the next smallest included.
FEWEST_HIDDEN = 2
# Shown in place of a count; statistics offices mark confidential cells the same way.
MARK = "…"

Label = TypeVar("Label")


def cover(counts: Mapping[Label, int]) -> dict[Label, int | None]:
    """The counts of one breakdown in the order given, None for those to hide."""
    rising = sorted((label for label in counts if counts[label]), key=lambda label: counts[label])
    number = sum(counts[label] < SMALLEST_SHOWN for label in rising)
    while 0 < number < len(rising) and _is_told([counts[label] for label in rising[:number]]):
        number += 1
    hidden = set(rising[:number])
    return {label: None if label in hidden else count for label, count in counts.items()}


def tells(counts: Mapping[Label, int]) -> bool:
    """Whether the breakdown's total reveals what `cover` hides: a single count, or only ones with nothing larger to hide
    alongside. Then what is counted must not be named."""
    return _is_told([counts[label] for label, shown in cover(counts).items() if shown is None])


def _is_told(hidden: list[int]) -> bool:
    return bool(hidden) and (len(hidden) < FEWEST_HIDDEN or sum(hidden) == len(hidden))


def shown(count: int | None) -> str:
    """A hidden count in a text."""
    return MARK if count is None else str(count)
