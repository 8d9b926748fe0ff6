"""Worklists: what the keeper of each system has to fix and by when: a sheet to hand over, and the same as CSV for programs.

A row is one open finding or task for whoever acts on it, gravest first. It has no personal value but the record's key. The
keeper reports in two columns; no cell can be read as a formula.
"""

from __future__ import annotations

import math
import re
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import outputs
from pipelines.language.languages import Language, kept_language
from pipelines.ledger import worklist_overview, worklist_sheets
from pipelines.ledger.looking import rows as rows_of
from pipelines.ledger.tasks import TASKS
from pipelines.sql import ident, insert, literal, one_value, render

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# More rows are unworkable in a spreadsheet, and slow to open.
MOST_ROWS = 5_000
# A run writes no more into sheets, at a third of a millisecond a row.
MOST_IN_SHEETS = 20_000
# The CSV file's headers, and their contents; the last two are the keeper's.
COLUMNS = {
    "Fingerprint": "fingerprint", "Period": "period", "System": "system", "Dataset": "dataset", "Record": "record_key",
    "Field": "field", "Severity": "severity", "What is wrong": "title", "What to do": "todo", "Last day": "due_on",
    "By": "act_by", "State": "state", "Rule": "rule", "Tehty": "", "Huomautus": "remark",
}  # fmt: skip

# A row of `parts`; the parts of an overview, each with its file.
Part = dict[str, Any]
Overview = list[tuple[str, Part]]


def write(connection: DuckDBPyConnection, reports: Path) -> list[Path]:
    """Writes `worklists/<keeper>.xlsx`, in the keeper's language, and `.csv` of the open period, one pair per keeper with
    something to do. Where a sheet cannot hold all, it is an overview of the files beside it, `<keeper>-<number>-<dataset>`:
    sheets, and CSV files for what is beyond MOST_IN_SHEETS."""
    folder, paths = reports / "worklists", []
    for keeper in keepers(connection):
        to, name = handing(connection, keeper), slug(keeper)
        for file, part in files(connection, to, name, MOST_IN_SHEETS):
            paths.append(folder / file)
            if isinstance(part, dict) and file.endswith(".csv"):
                _write_csv(connection, paths[-1], part)
            else:
                outputs.write_bytes(folder, file, workbook(connection, to, part))
        paths.append(folder / f"{name}.csv")
        _write_csv(connection, paths[-1])
    return paths


def files(
    connection: DuckDBPyConnection, to: worklist_sheets.Handing, name: str, most_in_sheets: float = math.inf
) -> list[tuple[str, Part | Overview | None]]:
    """The files of a keeper's list, called `name`, and what is in each: one sheet with all rows (None), or an overview and a
    file per part. Parts beyond `most_in_sheets` rows are CSV files: no one fills in so many by hand."""
    found = parts(connection, to.keeper)
    if sum(part["rows"] for part in found) <= MOST_ROWS:
        return [(f"{name}.xlsx", None)]
    named: Overview = []
    for number, (part, rows) in enumerate(zip(found, accumulate(part["rows"] for part in found), strict=True), 1):
        kind = "xlsx" if rows <= most_in_sheets else "csv"
        named.append((f"{name}-{number:02}-{slug(to.speech.label(part['dataset']))}.{kind}", part))
    return [(f"{name}.xlsx", named), *named]


def workbook(connection: DuckDBPyConnection, to: worklist_sheets.Handing, part: Part | Overview | None = None) -> bytes:
    """The sheet of a whole list, or of a part, or the overview."""
    if isinstance(part, list):
        return worklist_overview.workbook(to, part)
    return worklist_sheets.workbook(to, entries(connection, to.keeper, part))


def parts(connection: DuckDBPyConnection, keeper: str) -> list[Part]:
    """The parts of one keeper's list, the gravest first: rows of one dataset and rule, at most MOST_ROWS of them."""
    _list(connection, keeper)
    return rows_of(connection, render("ledger/worklist_parts.sql"))


def handing(connection: DuckDBPyConnection, keeper: str) -> worklist_sheets.Handing:
    """How a keeper of the open period gets a worklist."""
    return worklist_sheets.handing(connection, keeper, lambda code: spoken(connection, code))


def spoken(connection: DuckDBPyConnection, code: str) -> Language:
    """A language, with the expectations' words in it from when the open period was taken in."""
    kept = "select count(*) from information_schema.tables where table_schema = 'ledger' and table_name = 'sayings'"
    if not one_value(connection, kept):
        return kept_language(code, {})
    said = connection.execute("select text, said from ledger.sayings where language = $1", [code]).fetchall()
    return kept_language(code, dict(said))


def keepers(connection: DuckDBPyConnection) -> list[str]:
    """Everybody who has to act."""
    rows = connection.execute(
        "select distinct who from ledger.standing where is_open and period = (select period from ledger.periods) order by who"
    ).fetchall()
    return [keeper for (keeper,) in rows]


def entries(connection: DuckDBPyConnection, keeper: str, part: Part | None = None) -> list[dict[str, Any]]:
    """The rows of one keeper's list, gravest first; late items move up. Of `part` alone, one of the `parts` just listed."""
    if part is None:
        _list(connection, keeper)
    return rows_of(connection, _of(part))


def _list(connection: DuckDBPyConnection, keeper: str) -> None:
    """One keeper's list as the temporary table `worklist`: the parts of a long one are read from it."""
    connection.execute("create or replace temp table task_texts (rule varchar, title varchar, todo varchar)")
    insert(connection, "task_texts", [(rule, task.title, task.todo) for rule, task in TASKS.items()])
    connection.execute(render("ledger/worklist.sql", keeper=keeper, most=MOST_ROWS))


def _of(part: Part | None) -> str:
    """SQL of a part of the list, or of all of it."""
    if part is None:
        return "from worklist order by place"
    wanted = f"dataset = {literal(part['dataset'])} and rule = {literal(part['rule'])} and chunk = {part['chunk']}"
    return f"from worklist where {wanted} order by place"


def _write_csv(connection: DuckDBPyConnection, path: Path, part: Part | None = None) -> None:
    """The list just listed, or a part of it, for programs: every cell a text, and those that a spreadsheet would run as a
    formula with an apostrophe."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = [column for column in COLUMNS.values() if column]
    texts = ", ".join(f"coalesce({column}::varchar, '') as {column}" for column in columns)
    guarded = outputs.guarded_rows(f"select {texts} from ({_of(part)})", *columns)
    headed = ", ".join(f"{column or literal('')} as {ident(header)}" for header, column in COLUMNS.items())
    target = f"{literal(path)} (header, delimiter ',', force_quote *)"
    connection.execute(f"copy (select {headed} from ({guarded})) to {target}")


def slug(keeper: str) -> str:
    """A file name: letters, digits and hyphens."""
    return re.sub(r"[^\w]+", "-", keeper.lower()).strip("-") or "keeper"
