"""Answers to the worklists: who has answered, who has not, and a folder in the home whose files are read in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import VahtiError, WorklistError
from pipelines.home import store
from pipelines.ledger import reported
from pipelines.ledger.looking import deriving, newest, rows
from pipelines.sql import one_value

NOTHING, PART, ALL = "not answered", "answered in part", "answered"
# Temporary files that programs leave beside an open document.
BESIDE = ("~$", ".~lock", ".")
KINDS = (".xlsx", ".xlsm", ".ods", ".csv", ".txt")
READ = "read"


@dataclass(frozen=True)
class Answer:
    """One keeper's list in a period: its `rows`; of these, reported `done`, `not_done`, or with only a `remark`; the rest is `waiting`.

    `return_by`: the day it is due back, None if the period's database was purged or is older; `files`: those read in.
    """

    keeper: str
    rows: int
    done: int
    not_done: int
    remark: int
    waiting: int
    return_by: dt.date | None
    files: tuple[str, ...]

    @property
    def state(self) -> str:
        """How much of it has come back."""
        return ALL if not self.waiting else NOTHING if self.waiting == self.rows else PART


def answered(home: store.Home, period: str | None = None) -> list[Answer]:
    """Every keeper with a list in the period, the newest by default; those who have not answered come first."""
    name, _ = newest(home, period)
    with deriving(home, name) as connection:
        found = rows(connection, WHO, [name])
    day = return_by(home, name)
    made = [Answer(**row | {"files": tuple(row["files"]), "return_by": day}) for row in found]
    order = (NOTHING, PART, ALL)
    return sorted(made, key=lambda answer: (order.index(answer.state), -answer.waiting, answer.keeper))


# A row is one keeper: the items to do or reported done in the period, by the keeper's last answer on each.
WHO = """
    with said as (
        select
            fingerprint, arg_max(is_done, number) filter (where is_done is not null) as is_done,
            max(length(remark)) > 0 as has_remark, list_distinct(list(split_part(source, ' ', 1))) as files
        from workbench.ledger.reports where period = $1 group by fingerprint
    )
    select
        s.who as keeper, count(*) as rows, count(*) filter (where r.is_done) as done,
        count(*) filter (where not r.is_done) as not_done,
        count(*) filter (where r.is_done is null and r.has_remark) as remark,
        count(*) filter (where r.fingerprint is null) as waiting,
        list_sort(list_distinct(flatten(list(coalesce(r.files, []))))) as files
    from drafts.ledger.states as s
    left join said as r on r.fingerprint = s.fingerprint
    where s.period = $1 and (s.is_open or s.state = 'reported done')
    group by s.who order by s.who
"""


def return_by(home: store.Home, period: str) -> dt.date | None:
    """The day by which the period's worklists are due back; None if its database is missing or has none."""
    if not home.database(period).exists():
        return None
    with store.reading(home, period) as connection:
        known = (
            "select count(*) from information_schema.tables where table_schema = 'ledger' and table_name = 'handing'"
        )
        if not one_value(connection, known):
            return None
        return one_value(connection, "select return_by from ledger.handing")


@dataclass(frozen=True)
class ReadIn:
    """One file of a folder: its result, or why it could not be read in and was left in place."""

    name: str
    outcome: reported.Imported | None
    fault: VahtiError | None = None


def folder(home: store.Home) -> Path:
    """The folder in the home where answers are dropped."""
    return home.path / "answers"


def import_folder(home: store.Home, path: Path) -> Iterator[ReadIn]:
    """Reads every worklist of a folder, by name; files read in are moved to its `read/`. WorklistError if there is no folder.

    A file that cannot be read in stays, with the reason; the others are read anyway. Reading a file twice changes nothing.
    """
    try:
        names = sorted(
            each.name
            for each in path.iterdir()
            if each.is_file() and each.suffix.lower() in KINDS and not each.name.startswith(BESIDE)
        )
    except OSError as error:
        raise WorklistError(f"cannot be read: {error.strerror}", file=path, remedy="name a folder of answers") from None
    for name in names:
        yield _one(home, path / name)


def _one(home: store.Home, path: Path) -> ReadIn:
    try:
        outcome = reported.import_worklist(home, path)
    except WorklistError as fault:
        return ReadIn(path.name, None, fault)
    _put_away(path)
    return ReadIn(path.name, outcome)


def _put_away(path: Path) -> None:
    """Moves the file to those read, under an unused name."""
    there = path.parent / READ
    there.mkdir(mode=0o700, exist_ok=True)
    target, number = there / path.name, 1
    while target.exists():
        number += 1
        target = there / f"{path.stem} ({number}){path.suffix}"
    path.rename(target)


def as_rows(found: list[Answer]) -> list[dict[str, Any]]:
    """The same for a table."""
    return [
        {
            "keeper": each.keeper,
            "state": each.state,
            "rows": each.rows,
            "done": each.done,
            "not done": each.not_done,
            "remark": each.remark,
            "waiting": each.waiting,
            "return by": each.return_by,
            "files": ", ".join(each.files),
        }
        for each in found
    ]
