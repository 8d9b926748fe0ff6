"""`config.working_days`: which days are no working days, for deadlines that move to the next one."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING

from pipelines.sql import insert

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.expectations.context import Context

# Deadlines consider holidays from this year on.
FIRST_YEAR = 2000


def build(connection: DuckDBPyConnection, context: Context) -> None:
    """`config.working_days`: one row per non-working day, with the next working day."""
    connection.execute("create or replace table config.working_days (day date, working_day date)")
    days = non_working_days(context.controller.country, context.as_of.year + 2)
    insert(connection, "config.working_days", days)


@cache
def non_working_days(country: str, last_year: int) -> list[tuple[dt.date, dt.date]]:
    """(day, next working day) of every non-working day up to the end of a year. For a country with unknown holidays only
    weekends count, so a deadline is never later than the true one.

    Saturdays, Sundays and the country's public holidays, which for Finland include Midsummer Eve and Christmas Eve
    (Reg. 1182/71 art. 3, Act 150/1930 s. 5).
    """
    import holidays  # heavy

    known = holidays.list_supported_countries(include_aliases=False)
    years = range(FIRST_YEAR, last_year + 1)
    free = set(holidays.country_holidays(country, years=years)) if country in known else set()
    first, found, working_day = dt.date(FIRST_YEAR, 1, 1), [], None
    for number in reversed(range((dt.date(last_year, 12, 31) - first).days + 1)):
        day = first + dt.timedelta(days=number)
        if day.isoweekday() < 6 and day not in free:
            working_day = day
        elif working_day:
            found.append((day, working_day))
    return found[::-1]
