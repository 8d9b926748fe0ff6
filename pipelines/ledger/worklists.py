"""Worklists: what the keeper of each system has to fix and by when: a sheet to hand over, and the same as CSV for programs.

A row is one open finding or task for whoever acts on it, gravest first. It has no personal value but the record's key. The
keeper reports in two columns; no cell can be read as a formula.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import outputs
from pipelines.language.languages import Language, kept_language
from pipelines.ledger import worklist_sheets
from pipelines.ledger.looking import rows as rows_of
from pipelines.ledger.tasks import TASKS
from pipelines.sql import insert, one_value

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# The CSV file's headers, and their contents; the last two are the keeper's.
COLUMNS = {
    "Fingerprint": "fingerprint", "Period": "period", "System": "system", "Dataset": "dataset", "Record": "record_key",
    "Field": "field", "Severity": "severity", "What is wrong": "title", "What to do": "todo", "Last day": "due_on",
    "By": "act_by", "State": "state", "Rule": "rule", "Tehty": "", "Huomautus": "remark",
}  # fmt: skip


def write(connection: DuckDBPyConnection, reports: Path) -> list[Path]:
    """Writes `worklists/<keeper>.xlsx`, in the keeper's language, and `.csv` of the open period, one pair per keeper with
    something to do."""
    paths = []
    for keeper in keepers(connection):
        name, rows = slug(keeper), entries(connection, keeper)
        sheet = worklist_sheets.workbook(handing(connection, keeper), rows)
        paths.append(outputs.write_bytes(reports / "worklists", f"{name}.xlsx", sheet))
        paths.append(outputs.write_text(reports / "worklists", f"{name}.csv", text(rows)))
    return paths


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


def entries(connection: DuckDBPyConnection, keeper: str) -> list[dict[str, Any]]:
    """The rows of one keeper's list, gravest first; late items move up."""
    connection.execute("create or replace temp table task_texts (rule varchar, title varchar, todo varchar)")
    insert(connection, "task_texts", [(rule, task.title, task.todo) for rule, task in TASKS.items()])
    return rows_of(
        connection,
        """
        select
            s.fingerprint, s.period, coalesce(y.name, s.system) as system, s.dataset, s.record_key, s.field, s.severity,
            coalesce(r.title, t.title, s.rule) as title,
            trim(regexp_replace(coalesce(r.todo, t.todo, ''), '\\s+', ' ', 'g')) as todo,
            s.due_on, s.act_by, s.state, s.rule, s.remark
        from ledger.states as s
        left join ledger.systems as y on y.system = s.system
        left join results.rules as r on r.rule = s.rule
        left join task_texts as t on t.rule = s.rule
        where s.who = $1 and s.is_open
        order by s.rank, s.risk, s.act_by, s.rule, s.dataset, s.record_key, s.field, s.fingerprint
        """,
        [keeper],
    )


def slug(keeper: str) -> str:
    """A file name: letters, digits and hyphens."""
    return re.sub(r"[^\w]+", "-", keeper.lower()).strip("-") or "keeper"


def text(rows: list[dict[str, Any]]) -> str:
    """The same as CSV, comma and LF; cells that a spreadsheet would run as a formula get an apostrophe."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    writer.writerows([outputs.guarded(_cell(row, name)) for name in COLUMNS.values()] for row in rows)
    return target.getvalue()


def _cell(row: dict[str, Any], name: str) -> str:
    value = row.get(name)  # Tehty is still empty
    return "" if value is None else str(value)
