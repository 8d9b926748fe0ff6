"""Who looked at whom, when and why: the log of look-ups as rows."""

from __future__ import annotations

import datetime as dt

from pipelines.errors import UnknownError
from pipelines.home import store
from pipelines.home.store import Home
from pipelines.known import checked
from pipelines.person import log
from pipelines.sql import one_value

COLUMNS = ("entry", "at", "who", "what", "whom", "records", "why", "period")


def looked(
    home: Home, *, since: dt.date | None = None, until: dt.date | None = None, who: str = "", customer: str = ""
) -> list[dict[str, object]]:
    """One mapping of COLUMNS per look-up, the oldest first. Days are those of the log, UTC; keys and counts, never a value.

    UnknownError for a user with no look-ups, and for a customer who is neither in the log nor in the newest period.
    """
    rows, entries = [], log.entries(home)
    if who:
        _check_name(who, entries)
    if customer:
        _check_customer(home, customer, entries)
    for entry in entries:
        day, people = dt.date.fromisoformat(str(entry["at"])[:10]), whom(entry)
        if (since and day < since) or (until and day > until):
            continue
        if who and str(entry.get("by", "")).casefold() != who.strip().casefold():
            continue
        if customer and customer not in {name.rpartition("/")[2] for name in people}:
            continue
        values = (
            entry["n"],
            entry["at"],
            entry.get("by", ""),
            entry.get("what", ""),
            ", ".join(people),
            amount(entry.get("records", "")),
            reason(entry),
            entry.get("period", ""),
        )
        rows.append(dict(zip(COLUMNS, values, strict=True)))
    return rows


def _check_name(who: str, entries: list[dict]) -> None:
    names = sorted({str(entry.get("by", "")) for entry in entries} - {""})
    if who.strip().casefold() not in {name.casefold() for name in names}:
        checked("name", who, names, place="the log of look-ups")


def _check_customer(home: Home, customer: str, entries: list[dict]) -> None:
    """No other number is suggested: it would be somebody else's."""
    if any(customer == name.rpartition("/")[2] for entry in entries for name in whom(entry)):
        return
    period, _ = store.choose(home, None)
    with store.reading(home, period) as connection:
        sql = "select count(*) from registry.subject_attributes where customer_number = $1"
        known = one_value(connection, sql, [customer])
    if not known:
        raise UnknownError(
            f"no customer {customer!r} in the log or in period {period}",
            place="--customer",
            remedy="look at the number",
        )


def whom(entry: dict) -> list[str]:
    """The people an entry is about, as members of the register (`customers/1000123`) or customer numbers."""
    named = [entry.get(name) for name in ("numbers", "members", "number", "customer")]
    return [str(item) for value in named if value for item in (value if isinstance(value, list) else [value])]


def amount(records: object) -> object:
    """How many records were looked at; a package counts them by dataset."""
    return sum(records.values()) if isinstance(records, dict) else records


def reason(entry: dict) -> str:
    """Why, and the request that it was for."""
    request = entry.get("request")
    return "; ".join(filter(None, [entry.get("why", ""), f"request {request}" if request else ""]))


def count(home: Home) -> int:
    """How many entries there are."""
    return len(log.entries(home))
