"""Days as ordinals: period ends, Finnish date texts from tables, and the arithmetic of the disposal schedule."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date

FIRST = date(1950, 1, 1).toordinal()
LAST = date(2045, 12, 31).toordinal()
_DATES = [date.fromordinal(day) for day in range(FIRST, LAST + 1)]
# One table lookup per cell makes it possible to write a million customers in minutes.
PADDED = [day.strftime("%d.%m.%Y") for day in _DATES]
PLAIN = [f"{day.day}.{day.month}.{day.year}" for day in _DATES]
YEARS = [day.year for day in _DATES]
YEAR_END = {year: date(year, 12, 31).toordinal() for year in range(1950, 2046)}

MOST_PERIODS = 8


def period_ends(count: int) -> list[date]:
    """The first `count` quarter ends, starting with 2025-12-31."""
    ends = []
    for quarter in range(count):
        year, step = divmod(quarter + 3, 4)
        ends.append(date(2025 + year, 3 * step + 3, 30 if step in (1, 2) else 31))
    return ends


def text(day: int | date, plain: bool = True) -> str:
    """`1.2.2025`, or `01.02.2025`."""
    ordinal = day if isinstance(day, int) else day.toordinal()
    return (PLAIN if plain else PADDED)[ordinal - FIRST]


def year_of(day: int) -> int:
    return YEARS[day - FIRST]


def add_years(day: int, years: int) -> int:
    """The same day in another year; 29 February becomes 28 February."""
    start = _DATES[day - FIRST]
    if start.month == 2 and start.day == 29:
        start = start.replace(day=28)
    return start.replace(year=start.year + years).toordinal()


def invoice_last_day(invoiced_on: int) -> int:
    """Six calendar years after the year in which the financial year (the calendar year) ended."""
    return YEAR_END[year_of(invoiced_on) + 6]


def ledger_last_day(voucher_date: int) -> int:
    return YEAR_END[year_of(voucher_date) + 10]


def span(ends: list[int], first_day: int, last_day: int = LAST) -> tuple[int, int]:
    """The periods (from, up to but excluding) that export a record made on `first_day` and due by `last_day`."""
    return bisect_left(ends, first_day), bisect_right(ends, last_day)
