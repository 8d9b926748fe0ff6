"""The officer's answers on links, and which package answered which request: kept in the workbench, only ever
added to."""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from pipelines.errors import VahtiError
from pipelines.home import store
from pipelines.home.store import Home
from pipelines.sql import one_value, render, run_script


def pair(left: str, right: str) -> tuple[str, str]:
    """Two members in one order."""
    return (left, right) if left <= right else (right, left)


def answers(home: Home) -> dict[tuple[str, str], str]:
    """The newest answer for every pair that has one: {(left, right): yes | no}."""
    rows = _read(home, "person/answers.sql")
    return {(row["left_member"], row["right_member"]): row["answer"] for row in rows if row["answer"] != "withdrawn"}


def check(
    said: dict[tuple[str, str], str], left: str, right: str, answer: str, is_number: Callable[[str], bool]
) -> None:
    """VahtiError if an answer contradicts an earlier one: on the pair itself, or on others that make the two
    one person, or keep them apart. `is_number`: whether a member is a customer number rather than a record."""
    old = said.get(pair(left, right))
    if old and answer != "withdrawn" and old != answer:
        raise VahtiError(
            f"contradicts the earlier answer, which was {old}",
            place=f"{left} and {right}",
            remedy=f"withdraw that one first: vahti subject decide {left} {right} withdrawn",
        )
    mine, theirs = _joined(said, left), _joined(said, right)
    apart = next((f"{a} and {b}" for a in sorted(mine) for b in sorted(theirs) if said.get(pair(a, b)) == "no"), "")
    if answer == "yes" and apart:
        raise VahtiError(
            "contradicts an earlier no: both would be one person",
            place=apart,
            remedy="withdraw one of the answers that do not go together",
        )
    if answer == "yes" and right not in mine and not (is_number(left) and is_number(right)):
        _check_owner(left, right, [sorted(filter(is_number, some)) for some in (mine, theirs)])
    if answer == "no" and right in mine:
        raise VahtiError(
            "contradicts earlier answers, which make them one person",
            place=f"{left} and {right}",
            remedy="withdraw one of those: vahti subject links --all",
        )


def _check_owner(left: str, right: str, numbers: list[list[str]]) -> None:
    """VahtiError if a record already answered as one person's would become another's too, and so merge them."""
    if all(numbers):
        one, other = numbers[0][0], numbers[1][0]
        raise VahtiError(
            f"contradicts an earlier yes: {one} and {other} would be one person",
            place=f"{left} and {right}",
            remedy=f"withdraw that one, or, if they are one person, say so first: vahti subject decide {one} {other} yes",
        )


def _joined(said: dict[tuple[str, str], str], member: str) -> set[str]:
    """Everybody joined to a member by the officer's yes, the member included."""
    found, waiting = {member}, [member]
    while waiting:
        one = waiting.pop()
        for (a, b), answer in said.items():
            other = b if a == one else a if b == one else ""
            if answer == "yes" and other and other not in found:
                found.add(other)
                waiting.append(other)
    return found


def decide(home: Home, left: str, right: str, answer: str, at: str, by: str, why: str) -> None:
    """Adds an answer: yes, no, or withdrawn."""
    first, second = pair(left, right)
    _add(home, "insert into subject_answers values (?, ?, ?, ?, ?, ?)", [at, by, why, first, second, answer])


def redactions(home: Home) -> dict[str, str]:
    """The newest answer on every place of the data that has one: {id: release | redact | withhold}."""
    rows = _read(home, "person/redactions.sql")
    return {row["place"]: row["answer"] for row in rows if row["answer"] != "withdrawn"}


def add_redaction(home: Home, member: str, field: str, place: str, answer: str, at: str, by: str, why: str) -> None:
    """Adds an answer on what may go out of a field with the value that it has; `place`: its id."""
    _add(
        home, "insert into subject_redactions values (?, ?, ?, ?, ?, ?, ?)", [at, by, why, member, field, place, answer]
    )


def secret(home: Home) -> bytes:
    """The home's secret, with which what must not be guessed is summed."""
    with store.looking(home) as connection:
        return str(one_value(connection, "select secret from ledger.secrets")).encode()


def labels(home: Home) -> dict[tuple[str, str], str]:
    """The newest label for every pair that has one: {(left, right): yes | no | do not know}."""
    return {(row["left_member"], row["right_member"]): row["answer"] for row in _read(home, "person/labels.sql")}


def add_label(home: Home, left: str, right: str, answer: str, at: str, by: str) -> None:
    """Adds a label."""
    _add(home, "insert into subject_labels values (?, ?, ?, ?, ?)", [at, by, *pair(left, right), answer])


def add_package(
    home: Home, at: str, by: str, request: str, number: str, period: str, records: int, digest: str
) -> None:
    """Adds a package that was made, for a request or for none (empty)."""
    _add(
        home,
        "insert into subject_packages values (?, ?, ?, ?, ?, ?, ?)",
        [at, by, request, number, period, records, digest],
    )


def packages(home: Home) -> list[dict]:
    """All packages made, oldest first."""
    return _read(home, "person/packages.sql")


def _add(home: Home, sql: str, values: list) -> None:
    with store.locked(home), store.workbench(home) as connection:
        run_script(connection, render("person/tables.sql"))
        connection.execute(sql, values)


def _read(home: Home, name: str) -> list[dict]:
    if not home.workbench.exists():
        return []
    with store.looking(home) as connection:
        try:
            found = connection.execute(render(name))
        except duckdb.CatalogException:  # this home has no answers yet
            return []
        names = [item[0] for item in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
