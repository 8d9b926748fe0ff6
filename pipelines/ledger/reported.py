"""Worklists read back: what their keepers reported done. Rows are added, never changed.

Affected outputs are marked stale, and `pipelines.job.refresh` writes them again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.errors import WorklistError
from pipelines.home import store
from pipelines.ledger import worklist_files
from pipelines.ledger.looking import make_stale, newest, rows
from pipelines.sql import render
from pipelines.text import masked, one_line

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DONE_WORDS = {"k", "kyllä", "x", "tehty", "ok", "y", "yes", "done", "1", "true", "✓", "✔", "j", "ja", "klart", "klar"}
NOT_DONE_WORDS = {"e", "ei", "n", "no", "0", "false", "ei tehty", "nej", "inte klart"}
# Of a remark so many characters are kept.
MOST_OF_A_REMARK = 2_000
NAMES = {"No.": "number", "Line": "number_again"}


@dataclass(frozen=True)
class Imported:
    """The result of importing one worklist. `questions`: a sentence for every row that was not taken as it is."""

    done: int
    not_done: int
    remarks: int
    untouched: int
    questions: tuple[str, ...]


def import_worklist(home: store.Home, path: Path) -> Imported:
    """Reads a worklist into the ledger. Rows that are unclear come back as questions, the others count.

    WorklistError for a file that is not a worklist of this home; then nothing changes.
    """
    file = worklist_files.read(path)
    with store.locked(home):
        period, _ = newest(home)
        with store.workbench(home) as connection:
            judged = judge(connection, file)
            unknown = sum(1 for row in judged if row["verdict"] == "unknown")
            if judged and unknown == len(judged):
                raise WorklistError(
                    "none of its fingerprints is this home's",
                    file=path,
                    remedy="import it into the home that wrote it: name that with --home; nothing was taken in",
                )
            taken, outcome = sort_out(judged)
            with store.transaction(connection):
                record(connection, period, file, taken)
                make_stale(connection, period)
    return outcome


def judge(connection: DuckDBPyConnection, file: worklist_files.WorklistFile) -> list[dict[str, Any]]:
    """The file's rows with a verdict each: fits, unknown, or differs (from what its fingerprint names)."""
    import pandas

    columns = ["line", *(NAMES.get(name, name.lower()) for name in worklist_files.READ)]
    frame = pandas.DataFrame(file.rows, columns=columns).astype(dict.fromkeys(columns[1:], "str"))
    connection.register("sheet", frame)
    tests = " and ".join(
        f"same(s.{head.lower()}, f.{column})"
        for head, column in zip(worklist_files.IDENTITY, ("dataset", "record_key", "field", "rule"), strict=True)
        if head not in file.lacks
    )
    connection.execute(render("ledger/same.sql"))
    return rows(
        connection,
        f"""
        with known as (
            select fingerprint, any_value(dataset) as dataset, any_value(record_key) as record_key,
                any_value(field) as field,
                any_value(rule) as rule
            from ledger.found group by fingerprint
        )
        select s.line, s.fingerprint, s.tehty, ltrim(s.huomautus, '''') as huomautus,
            case when f.fingerprint is null then 'unknown'
                when s.number <> '' and s.number_again <> '' and not same(s.number, s.number_again) then 'differs'
                when {tests or "true"} then 'fits' else 'differs' end as verdict
        from sheet as s
        left join known as f on f.fingerprint = s.fingerprint
        order by s.line
    """,
    )


def sort_out(judged: list[dict[str, object]]) -> tuple[dict[str, tuple], Imported]:
    """({fingerprint: (is_done, remark)}, sentences about it)."""
    taken: dict[str, tuple[bool | None, str]] = {}
    questions, untouched = [], 0
    for row in judged:
        said, remark = understood(str(row["tehty"])), str(row["huomautus"])
        done = None if isinstance(said, str) else said
        if row["verdict"] != "fits":
            if row["tehty"] or remark or row["verdict"] == "differs":
                questions.append(
                    f"row {row['line']}: "
                    + (
                        "its fingerprint is unknown here; not taken"
                        if row["verdict"] == "unknown"
                        else "its columns name another record than its fingerprint (sorted apart?); not taken"
                    )
                )
            continue
        if said == "?":
            questions.append(
                f"row {row['line']}: {len(str(row['tehty']))} characters under Tehty are neither K nor E;"
                " kept as a remark"
            )
            remark = f"{row['tehty']} {remark}"
        if remark != (remark := masked(remark)):
            questions.append(
                f"row {row['line']}: the remark holds what looks like an identity code, phone, email or account number;"
                " it was masked before it was kept"
            )
        if len(remark) > MOST_OF_A_REMARK:
            questions.append(f"row {row['line']}: of the remark {MOST_OF_A_REMARK} characters are kept")
        remark = one_line(remark, MOST_OF_A_REMARK)
        before = taken.get(str(row["fingerprint"]))
        if before and done is not None and before[0] is not None and before[0] != done:
            questions.append(
                f"row {row['line']}: says otherwise than an earlier row of the same finding; the earlier one was taken"
            )
            continue
        if done is None and not remark:
            untouched += 1
            continue
        if before:
            done, remark = before[0] if done is None else done, remark or before[1]
        taken[str(row["fingerprint"])] = (done, remark)
    flags = [done for done, _ in taken.values()]
    remarks = sum(1 for _, remark in taken.values() if remark)
    return taken, Imported(flags.count(True), flags.count(False), remarks, untouched, tuple(questions))


def understood(text: str) -> bool | str | None:
    """True, False, None for an empty cell, `?` for anything else. A date means that it was done that day."""
    word = text.strip().lstrip("'").strip().lower().rstrip(".!")
    if not word:
        return None
    if word in DONE_WORDS or is_day(word):
        return True
    return False if word in NOT_DONE_WORDS else "?"


def is_day(word: str) -> bool:
    """Whether a cell is a date, ISO or Finnish."""
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S"):
        try:
            dt.datetime.strptime(word, pattern)
            return True
        except ValueError:
            continue
    return False


def record(
    connection: DuckDBPyConnection, period: str, file: worklist_files.WorklistFile, taken: dict[str, tuple]
) -> None:
    """What differs from the last answers in the ledger, as new rows; the same file twice adds nothing."""
    import pandas

    frame = pandas.DataFrame(
        [(mark, None if done is None else str(done).lower(), remark) for mark, (done, remark) in taken.items()],
        columns=["fingerprint", "done", "remark"],
        dtype="str",
    )
    connection.register("taken", frame)
    connection.execute(
        """
        insert into ledger.reports
        select (select coalesce(max(number), 0) from ledger.reports) + row_number() over (order by t.fingerprint),
            t.fingerprint, $1, try_cast(t.done as boolean), t.remark, $2
        from taken as t
        left join (
            select fingerprint, arg_max(is_done, number) as is_done, arg_max(remark, number) as remark
            from ledger.reports where period = $1 group by fingerprint
        ) as b on b.fingerprint = t.fingerprint
        where (try_cast(t.done as boolean) is not null and b.is_done is distinct from try_cast(t.done as boolean))
           or (t.remark <> '' and b.remark is distinct from t.remark)
        """,
        [period, f"{file.name} {file.sha256[:12]}"],
    )
