"""Why a record may be kept, or not, in a sentence that a layperson understands. Reads only `registry.retention`."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.errors import UnknownError
from pipelines.known import checked, nearest
from pipelines.sql import ident

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LISTED_HOLDS = 20


@dataclass(frozen=True)
class Explanation:
    """`sentence`, then `holds`: a line for each thing that keeps the record or stops its period."""

    sentence: str
    holds: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "\n".join([self.sentence, *(f"  - {hold}" for hold in self.holds)])


def explain(connection: DuckDBPyConnection, as_of: dt.date, dataset: str, key: str) -> list[Explanation]:
    """An Explanation for every row with the key (several only if the key repeats); VahtiError if there is none."""
    dataset = dataset.rpartition(".")[2]
    classes = connection.execute("select distinct dataset from registry.schedule order by 1").fetchall()
    checked("dataset with a retention class", dataset, [name for (name,) in classes])
    rows = fetch(
        connection,
        "select * from registry.retention where dataset = $1 and record_key = $2 order by line",
        [dataset, key],
    )
    if not rows:
        raise UnknownError(f"no retention is known of {dataset} {key}", remedy=no_record(connection, dataset, key))
    schedule = {row["class"]: row for row in fetch(connection, "select * from registry.schedule", [])}
    return [_explain(connection, as_of, row, schedule) for row in rows]


def fetch(connection: DuckDBPyConnection, sql: str, parameters: list) -> list[dict]:
    """Rows as mappings."""
    found = connection.execute(sql, parameters)
    names = [item[0] for item in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def no_record(connection: DuckDBPyConnection, dataset: str, key: str) -> str:
    """The remedy for a record not found: the nearest keys, or why there may be none."""
    status = connection.execute("select status from feed.files where dataset = $1", [dataset]).fetchone()
    if not status or status[0] != "read":
        return f"this period has no export of {dataset}: nothing is known of its records"
    keys = f"select record_key from registry.{ident(dataset)} where record_key is not null"
    if connection.execute(f"{keys} and record_key = $1 limit 1", [key]).fetchone():
        return "the record is there; it is another company's, or until when it may be kept could not be evaluated for want of data"
    # A key of another length is no typo; only these are compared, among millions.
    like = f"{keys} and abs(length(record_key) - $1) < 2 and lower(record_key[1]) = lower($2) order by 1 limit 10000"
    near = nearest(key, [row[0] for row in connection.execute(like, [len(key), key[:1]]).fetchall()])
    meant = f"did you mean {' or '.join(near)}? If not, " if near else ""
    return f"{meant}look at the key: this period's export has no such record"


def _explain(connection: DuckDBPyConnection, as_of: dt.date, row: dict, schedule: dict[str, dict]) -> Explanation:
    cls = schedule[row["class"]]
    holds = _holds(connection, row["customer_number"]) if cls["is_subject"] else []
    match row["state"]:
        case "active":
            text = f"kept until {day(row['last_day'])}: {reason(row, schedule)}"
        case "due":
            duty = "must be erased" if cls["action"] == "erase" else "must be reviewed"
            late = count((as_of - row["last_day"]).days, "day")
            text = f"{duty}: could be kept until {day(row['last_day'])}, {late} ago: {reason(row, schedule)}"
        case "held":
            text = f"kept because of {_legal_holds(connection, row, cls)}{without_hold(row, as_of)}"
        case "not running":
            text = f"kept; its period does not run yet: {waiting(row, cls, as_of, holds, schedule)}"
        case "trigger missing":
            unknown = "" if row["is_reference_required"] or cls["is_subject"] else ", or its customer is not known"
            text = f"nobody can say until when it may be kept: its {date_of(row)} is missing or cannot be read{unknown}"
        case _:
            text = f"kept until further notice, which is no period: a period or criteria must be decided ({cls['mandate']})"
    return Explanation(f"{one(cls)} {row['record_key']}: {text}", _listed(holds, schedule))


def reason(row: dict, schedule: dict[str, dict]) -> str:
    """What sets the last day, and by whose decision."""
    setter = schedule[row["set_by_class"]]
    if row["set_by_class"] != row["class"]:
        return f"{one(setter).lower()} {row['set_by_key']}, {setter['mandate']}"
    start = f"{setter['counted_from']} of " if setter["counted_from"] else ""
    event = f"{start}{day(row['started_on'])} ({words(row['time_reference'])})"
    return f"{in_words(setter['period'])} from {event}, {setter['mandate']}"


def without_hold(row: dict, as_of: dt.date) -> str:
    """What the hold prevents for the record."""
    if row["last_day"] is None:
        return ""
    verb = "its own period ended on" if row["last_day"] < as_of else "its own period ends on"
    return f"; {verb} {day(row['last_day'])}"


def waiting(row: dict, cls: dict, as_of: dt.date, holds: list[dict], schedule: dict[str, dict]) -> str:
    """What has to happen before the period starts."""
    if not cls["is_subject"]:
        return f"it has no {date_of(cls)} yet"
    # If the relationship has ended, something without an end keeps the record.
    open_ends = [open_end(hold, schedule) for hold in holds if hold["last_day"] is None]
    return (
        open_ends[0]
        if row["started_on"] and row["started_on"] <= as_of and open_ends
        else "the customer relationship goes on"
    )


def _holds(connection: DuckDBPyConnection, customer_number: str | None) -> list[dict]:
    """Everything that keeps a data subject's own record, endless things first."""
    return fetch(
        connection,
        "select class, record_key, last_day, because from registry.subject_holds where customer_number = $1"
        " order by last_day desc nulls first, class, record_key",
        [customer_number],
    )


def _listed(holds: list[dict], schedule: dict[str, dict]) -> tuple[str, ...]:
    lines = []
    for hold in holds[:LISTED_HOLDS]:
        if hold["last_day"] is None:
            lines.append(open_end(hold, schedule))
        else:
            cls = schedule[hold["class"]]
            lines.append(f"{one(cls).lower()} {hold['record_key']}: until {day(hold['last_day'])}, {cls['mandate']}")
    if len(holds) > LISTED_HOLDS:
        lines.append(f"and {len(holds) - LISTED_HOLDS} more, which end no later")
    return tuple(lines)


def open_end(hold: dict, schedule: dict[str, dict]) -> str:
    """Something that keeps a record for an unknown time."""
    cls = schedule.get(hold["class"])
    if cls is None:
        return f"legal hold {hold['record_key']}"
    because = {
        "not running": f"has no {date_of(cls)} yet",
        "trigger missing": f"has no {date_of(cls)} that could be read",
    }
    return f"{one(cls).lower()} {hold['record_key']} {because.get(hold['because'], '(' + hold['because'] + ')')}"


def _legal_holds(connection: DuckDBPyConnection, row: dict, cls: dict) -> str:
    """The holds that cover the record; a hold on a person always covers the person's own record."""
    found = connection.execute(
        "select hold_id from registry.active_holds where customer_number = $1"
        " and ($2 or (coalesce(system, $3) = $3 and coalesce(dataset, $4) = $4)) order by hold_id",
        [row["customer_number"], cls["is_subject"], row["system"], row["dataset"]],
    ).fetchall()
    return " and ".join(f"legal hold {hold}" for (hold,) in found) or "a legal hold"


def one(cls: dict) -> str:
    """A class's title for one record: its first plural word without the s."""
    return re.sub(r"(?<=[a-z])s\b", "", cls["title"], count=1)


def words(column: str) -> str:
    """A column name in words."""
    return column.replace("_", " ")


def date_of(item: dict) -> str:
    """The event of a class or a record, in words."""
    return f"“{words(item['time_reference'])}” date"


def day(date: dt.date) -> str:
    """d.m.yyyy"""
    return f"{date.day}.{date.month}.{date.year}"


def in_words(period: str) -> str:
    """6 years, 12 months, 1 year 6 months."""
    names = {"Y": "year", "M": "month", "D": "day"}
    return " ".join(count(int(number), names[unit]) for number, unit in re.findall(r"(\d+)([YMD])", period))


def count(number: int, unit: str) -> str:
    """1 day, 2 days."""
    return f"{number} {unit}{'' if number == 1 else 's'}"
