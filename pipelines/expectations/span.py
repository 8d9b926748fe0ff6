"""Periods as the expectations write them (ISO 8601): P6Y, P12M, P30D, P1Y6M."""

from __future__ import annotations

import re
from dataclasses import dataclass

PERIOD = re.compile(r"P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?\Z")


@dataclass(frozen=True)
class Period:
    """An ISO 8601 period of whole months and days."""

    text: str
    months: int
    days: int


def parse_period(text: object) -> Period | None:
    """P6Y, P12M, P30D, P1Y6M; None for anything else."""
    match = PERIOD.match(str(text))
    if not match:
        return None
    years, months, days = (int(group or 0) for group in match.groups())
    return Period(str(text), 12 * years + months, days)
