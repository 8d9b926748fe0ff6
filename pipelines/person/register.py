"""The register of requests: which are open, until when, and which package answered which."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipelines.errors import VahtiError
from pipelines.person import decisions, ways
from pipelines.person.place import Place
from pipelines.sql import ident, render

# GDPR art. 12(3).
MONTHS, MONTHS_EXTENDED = 1, 3


@dataclass(frozen=True)
class Request:
    """One request. `days_left`: until its last day, negative once it is past; `packages`: when each was made for
    it."""

    number: str
    kind: str
    customer_number: str
    received_on: dt.date | None
    last_day: dt.date | None
    answered_on: dt.date | None
    days_left: int | None
    packages: tuple[str, ...] = ()


def is_there(place: Place) -> bool:
    """Whether this period has a register of requests with the days of receipt and answer."""
    section = place.access.requests
    dataset = section.get("dataset", "")
    return dataset in place.searchable and {section.get("received"), section.get("answered")} <= place.present[dataset]


def requests(place: Place, answered: bool = False) -> list[Request]:
    """Open requests, the most urgent first, preceded by those whose last day is unknown; answered ones only on
    request."""
    section = place.access.requests
    dataset = section.get("dataset", "")
    if not is_there(place):
        raise VahtiError(
            "this period has no register of requests",
            place="requests",
            remedy="export it, or name it in access.requests",
        )
    present = place.present[dataset]
    sql = render(
        "person/requests.sql",
        dataset=dataset,
        number=ident(column) if (column := ways.numbers_column(place, dataset)) else "null::varchar",
        months=MONTHS,
        months_extended=MONTHS_EXTENDED,
        **{
            part: ident(section[part]) if section.get(part) in present else "null"
            for part in ("received", "answered", "extended", "kind")
        },
    )
    made: dict[str, list[str]] = {}
    for row in decisions.packages(place.home):
        made.setdefault(row["request_number"], []).append(row["made_at"])
    found = [_request(place, row, made) for row in place.fetch(sql)]
    return [request for request in found if answered or request.answered_on is None]


def _request(place: Place, row: dict, made: dict[str, list[str]]) -> Request:
    left = (row["last_day"] - place.as_of).days if row["last_day"] else None
    return Request(
        row["request_number"],
        row["kind"] or "",
        row["number"] or "",
        row["received_on"],
        row["last_day"],
        row["answered_on"],
        left,
        tuple(made.get(row["request_number"], ())),
    )


def check(place: Place, number: str, members: list[str]) -> None:
    """VahtiError if there is no such request, or it is not certainly from one of these members: the request itself may
    be one, by the officer's answer."""
    found = [request for request in requests(place, answered=True) if request.number == number]
    if not found:
        raise VahtiError("no such request in this period", place="--request", remedy="see vahti subject requests --all")
    record = f"{place.access.requests['dataset']}/{number}"
    of = {member.partition("/")[2] for member in members if member != record}
    if record in members or any(request.customer_number in of for request in found):
        return
    if any(request.customer_number for request in found):
        raise VahtiError(
            "the request is another customer's", place="--request", remedy="see vahti subject requests --all"
        )
    raise VahtiError(
        "the request names no customer, so it may be anybody's",
        place="--request",
        remedy="enter the customer number in the register of requests, or, if you know whose it is:"
        f" vahti subject decide {record} {members[0]} yes",
    )
