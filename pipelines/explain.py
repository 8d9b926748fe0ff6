"""Why a record may be kept, or not, in a sentence that a layperson understands. Reads `registry.retention` alone."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from pipelines.errors import VahtiError
from pipelines.retention import parse_period

LISTED_HOLDS = 20


@dataclass(frozen=True)
class Explanation:
    """`sentence`, then `holds`: a line for each thing that keeps the record or stops its period."""

    sentence: str
    holds: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "\n".join([self.sentence, *(f"  - {hold}" for hold in self.holds)])


def explain(connection, as_of: dt.date, dataset: str, key: str) -> list[Explanation]:
    """An Explanation for every row under the key (several only where the key repeats); VahtiError where there is none."""
    dataset = dataset.rpartition(".")[2]
    rows = fetch(connection, "select * from registry.retention where dataset = $1 and record_key = $2 order by line", [dataset, key])
    if not rows:
        raise VahtiError(f"no retention is known of {dataset} {key}", remedy=no_record(connection, dataset))
    schedule = {row["class"]: row for row in fetch(connection, "select * from registry.schedule", [])}
    return [_explain(connection, as_of, row, schedule) for row in rows]


def fetch(connection, sql: str, parameters: list) -> list[dict]:
    """Rows as mappings."""
    found = connection.execute(sql, parameters)
    names = [item[0] for item in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def no_record(connection, dataset: str) -> str:
    """What to do where a record was not found."""
    known = [row[0] for row in connection.execute("select distinct dataset from registry.schedule order by 1").fetchall()]
    if dataset not in known:
        return f"datasets with a retention class are: {', '.join(known)}"
    return "look at the key; the record is not in this period's export, is another company's, or its dataset could not be evaluated"


def _explain(connection, as_of: dt.date, row: dict, schedule: dict[str, dict]) -> Explanation:
    cls = schedule[row["class"]]
    what = f"{one(cls)} {row['record_key']}"
    is_subject = row["set_by_class"] != row["class"] or _is_subject(connection, row)
    holds = _holds(connection, row, schedule) if is_subject else ()
    match row["state"]:
        case "active":
            text = f"{what}: kept until {day(row['last_day'])}: {reason(row, schedule)}"
        case "due":
            late = (as_of - row["last_day"]).days
            days = "1 day" if late == 1 else f"{late} days"
            text = f"{what}: must go: its last day was {day(row['last_day'])}, {days} before {day(as_of)}: {reason(row, schedule)}"
        case "held":
            text = f"{what}: kept although its period may be over: legal hold {', '.join(_legal_holds(connection, row))}"
        case "not running":
            text = f"{what}: kept; its period is not running: {waiting(row, cls)}"
        case "trigger missing":
            text = f"{what}: nobody can say until when: {row['time_reference']}, which starts its period, is missing or cannot be read"
        case _:
            text = f"{what}: kept until further notice, which is no period: a period or criteria must be decided ({cls['mandate']})"
    return Explanation(text, holds)


def _is_subject(connection, row: dict) -> bool:
    views = connection.execute("select count(*) from duckdb_views() where view_name = 'retention_of_subjects'").fetchone()[0]
    if not views:
        return False
    return bool(connection.execute("select count(*) from registry.retention_of_subjects where record_key = $1", [row["record_key"]]).fetchone()[0]) and (
        connection.execute("select any_value(class) from registry.retention_of_subjects").fetchone()[0] == row["class"]
    )


def reason(row: dict, schedule: dict[str, dict]) -> str:
    """What sets the last day, and on whose word."""
    setter = schedule[row["set_by_class"]]
    period = in_words(setter["period"])
    if row["set_by_class"] == row["class"]:
        return f"{period} from {row['time_reference']} {day(row['started_on'])}{offset(row)}, {setter['mandate']}"
    return f"{one(setter).lower()} {row['set_by_key']}, {setter['mandate']}"


def offset(row: dict) -> str:
    """Said only where the period does not run from the event itself."""
    months, days = row["last_day"].month - row["started_on"].month, row["last_day"].day - row["started_on"].day
    return "" if (months, days) == (0, 0) or row["last_day"].day in (28, 29) else " (counted from the end of its year or month)"


def waiting(row: dict, cls: dict) -> str:
    """What has to happen before the period runs."""
    if row["set_by_key"] and row["set_by_key"] != row["record_key"]:
        return {"customer relationship": "the customer relationship goes on"}.get(row["set_by_key"], row["set_by_key"])
    return f"no {cls['time_reference']} yet"


def _holds(connection, row: dict, schedule: dict[str, dict]) -> tuple[str, ...]:
    found = fetch(
        connection,
        "select class, record_key, last_day, because from registry.subject_holds where customer_number = $1"
        " order by last_day desc nulls first, class, record_key",
        [row["customer_number"]],
    )
    lines = [_hold(hold, schedule) for hold in found[:LISTED_HOLDS]]
    if len(found) > LISTED_HOLDS:
        lines.append(f"and {len(found) - LISTED_HOLDS} more, which end earlier")
    return tuple(lines)


def _hold(hold: dict, schedule: dict[str, dict]) -> str:
    cls = schedule.get(hold["class"])
    name = one(cls).lower() if cls else "legal hold"
    if hold["last_day"] is None:
        return f"{name} {hold['record_key']}: does not end yet ({hold['because']})"
    return f"{name} {hold['record_key']}: until {day(hold['last_day'])}, {cls['mandate']}"


def _legal_holds(connection, row: dict) -> list[str]:
    found = connection.execute(
        "select hold_id from registry.active_holds where customer_number = $1 order by hold_id", [row["customer_number"]]
    ).fetchall()
    return [hold for (hold,) in found] or ["on one of its connections"]


def one(cls: dict) -> str:
    """A class's title for one record: its first word or words without the plural."""
    return re.sub(r"(?<=[a-z])s\b", "", cls["title"], count=1)


def day(date: dt.date | None) -> str:
    """d.m.yyyy"""
    return f"{date.day}.{date.month}.{date.year}" if date else "an unknown day"


def in_words(text: str | None) -> str:
    """6 years, 12 months, 30 days."""
    period = parse_period(text)
    if not period:
        return "no period"
    years, months = divmod(period.months, 12)
    if not text.endswith("Y") and not years * 12 == period.months:
        years, months = 0, period.months
    if text.endswith("M") and "Y" not in text:
        years, months = 0, period.months
    parts = [f"{n} {unit}{'s' if n != 1 else ''}" for n, unit in ((years, "year"), (months, "month"), (period.days, "day")) if n]
    return " ".join(parts)
