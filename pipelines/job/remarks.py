"""What a run reports besides its numbers: files that are not what they should be, and rules that could not be evaluated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pipelines.errors import ExportsError
from pipelines.landing import apart as reading

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.expectations.contract import Contract

# The sentence for each status or reason of a file.
UNREAD = {
    "too large to read": "is too large to read",
    "takes too long to read": "takes too long to read",
    "ends its reader": "ends what reads it, as a damaged or hostile file does",
}
UNFIT = {
    "line ends": "was refused: its headers hold a carriage return, as where some lines end in CR and some in LF",
    "delimiter": "was refused: it is cut into far more columns than its contract has",
}


def unread(connection: DuckDBPyConnection, own: Iterable[Contract]) -> list[tuple[str, str]]:
    """Files that killed their reader, and how. ExportsError for one that the controller writes itself: without its holds,
    records that must be kept would be called overdue."""
    rows = connection.execute(
        "select dataset, file, reason from feed.files where list_contains($1, reason) order by file",
        [list(reading.STATUSES)],
    ).fetchall()
    for dataset, file, status in rows:
        if dataset in {contract.dataset for contract in own}:
            raise ExportsError(f"{status}; nothing was taken in", file=file, remedy="write it again, as plain CSV")
    return [(file, status) for _, file, status in rows]


def told(connection: DuckDBPyConnection, period: str, unread: list[tuple[str, str]]) -> Iterator[str]:
    """Files that could not be read; rules past their review date; rules with a part that could not be evaluated."""
    for file, status in unread:
        yield f"{period}: {file} {UNREAD[status]}: none of it was taken in; export it again from its system"
    yield from unfit(connection, period)
    overdue = "select rule, title, review_by from results.rules where review_overdue order by rule"
    for rule, title, day in connection.execute(overdue).fetchall():
        yield f"{title} ({rule}) should have been reviewed by {day}"
    quoting = "select rule, count(*) from results.withheld group by rule order by rule"
    for rule, findings in connection.execute(quoting).fetchall():
        yield f"{period}: {rule}: details that quote a personal value were withheld ({findings}); its SQL should say the kind"
    silent = "select distinct rule from results.evaluations where status = 'not evaluated' order by rule"
    rules = [rule for (rule,) in connection.execute(silent).fetchall()]
    if rules:
        yield f"{period}: not evaluated, wholly or in part, for want of data: {', '.join(rules)}"


def unfit(connection: DuckDBPyConnection, period: str) -> Iterator[str]:
    """Files that contradict their contracts: refused, without headers, or in another encoding."""
    rows = connection.execute(
        "select file, status, reason, seems from feed.files where status = 'no header line' or seems <> '' or status = 'read' and reason <> ''"
        " or status = 'refused' and not list_contains($1, reason) order by file",
        [list(reading.STATUSES)],
    ).fetchall()
    for file, status, reason, seems in rows:
        if status == "read" and reason:
            yield f"{period}: {file} has a delimiter too many or too few in its headers: it was read as its contract names them"
        if status == "read" and seems:
            yield f"{period}: {file} seems to be in {seems}, which its contract does not say: its letters are garbled"
        if status == "refused":
            why = UNFIT.get(reason, f"was refused: it {reason}")
            yield f"{period}: {file} {why}; none of it was taken in"
        if status == "no header line":
            yield f"{period}: {file} has no line with the headers of its contract; none of it was taken in"
    if rows:
        yield "`vahti check --exports` says how such files differ from their contracts"
