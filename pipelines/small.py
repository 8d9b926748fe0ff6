"""Small numbers in tables for readers outside the workbench: broken down by an attribute of persons, a count can point at one.

Who knows that a person is among those counted, and finds the count of a role, a kind of data or a consent to be one, has
learnt the person's (Article 29 Working Party, opinion 05/2014 on anonymisation: singling out). What is not broken down by
such an attribute goes without: files, rows and findings by system, rule, severity or class of the disposal schedule say
how work stands, not what somebody is like. Nor does the officer's own desk, where every record may be looked at anyway.

Which tables are handed out, and what else must be hidden so that one does not reveal what another hides, is in
`pipelines.notice.released`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

# Counts from one to four are not shown: each of so few persons knows the others, or can be found by elimination. None at
# all is shown, since no person is counted.
SMALLEST_SHOWN = 5
# A hidden count alone could be computed from a total that stands elsewhere, such as the findings of a rule: so many are
# hidden at least, the next smallest with it.
FEWEST_HIDDEN = 2
# In place of a count; statistics offices write so what they keep secret.
MARK = "…"

Label = TypeVar("Label")


def cover(counts: Mapping[Label, int]) -> dict[Label, int | None]:
    """The counts of one breakdown, None for those not to be shown; in the order given."""
    rising = sorted((label for label in counts if counts[label]), key=lambda label: counts[label])
    number = sum(counts[label] < SMALLEST_SHOWN for label in rising)
    while 0 < number < len(rising) and _is_told([counts[label] for label in rising[:number]]):
        number += 1
    hidden = set(rising[:number])
    return {label: None if label in hidden else count for label, count in counts.items()}


def tells(counts: Mapping[Label, int]) -> bool:
    """Whether the total of a breakdown reveals what `cover` hides: one count alone, or all of them ones and nothing larger to hide
    with them. Then what is counted must go without a name."""
    return _is_told([counts[label] for label, shown in cover(counts).items() if shown is None])


def _is_told(hidden: list[int]) -> bool:
    return bool(hidden) and (len(hidden) < FEWEST_HIDDEN or sum(hidden) == len(hidden))


def shown(count: int | None) -> str:
    """A covered count in a text."""
    return MARK if count is None else str(count)
