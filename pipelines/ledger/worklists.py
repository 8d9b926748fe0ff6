"""Worklists: what the keeper of each system is to mend and by when, as XLSX and CSV, and the same files read back.

A row is one open finding or task of who is to act on it, the gravest first. No personal value is in it but the record's key. The
keeper writes into the last two columns; nothing in a cell can be taken for a formula.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import outputs
from pipelines.ledger.tasks import TASKS
from pipelines.sql import insert

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Header and width of every column; the keeper fills in the last two.
COLUMNS = {
    "Fingerprint": 20, "Period": 11, "System": 16, "Dataset": 20, "Record": 22, "Field": 20, "Severity": 9,
    "What is wrong": 48, "What to do": 60, "Last day": 11, "By": 11, "State": 14, "Rule": 26, "Tehty": 10,
    "Huomautus": 40,
}  # fmt: skip
DONE, REMARK = "Tehty", "Huomautus"
# More rows are not workable in a spreadsheet, and take long to write; the CSV file has them all.
MOST_ROWS = 20_000


def write(connection: DuckDBPyConnection, reports: Path) -> list[Path]:
    """`worklists/<keeper>.xlsx` and `.csv` of the period that is open, one pair per keeper with something to do."""
    paths = []
    for keeper in keepers(connection):
        name, rows = slug(keeper), entries(connection, keeper)
        paths.append(outputs.write_bytes(reports / "worklists", f"{name}.xlsx", workbook(keeper, rows)))
        paths.append(outputs.write_text(reports / "worklists", f"{name}.csv", text(rows)))
    return paths


def keepers(connection: DuckDBPyConnection) -> list[str]:
    """Everybody who has to act."""
    rows = connection.execute(
        "select distinct who from ledger.standing where is_open and period = (select period from ledger.periods) order by who"
    ).fetchall()
    return [keeper for (keeper,) in rows]


def entries(connection: DuckDBPyConnection, keeper: str) -> list[tuple[str, ...]]:
    """The rows of one keeper's list as text, the gravest first; what is past its day rises."""
    connection.execute("create or replace temp table task_texts (rule varchar, title varchar, todo varchar)")
    insert(connection, "task_texts", [(rule, task.title, task.todo) for rule, task in TASKS.items()])
    return connection.execute(
        """
        select
            s.fingerprint, s.period, coalesce(y.name, s.system), s.dataset, s.record_key, s.field, s.severity,
            coalesce(r.title, t.title, s.rule), trim(regexp_replace(coalesce(r.todo, t.todo, ''), '\\s+', ' ', 'g')),
            coalesce(cast(s.due_on as varchar), ''), cast(s.act_by as varchar), s.state, s.rule, '', s.remark
        from ledger.states as s
        left join ledger.systems as y on y.system = s.system
        left join results.rules as r on r.rule = s.rule
        left join task_texts as t on t.rule = s.rule
        where s.who = $1 and s.is_open
        order by s.rank, s.risk, s.act_by, s.rule, s.dataset, s.record_key, s.field, s.fingerprint
        """,
        [keeper],
    ).fetchall()


def slug(keeper: str) -> str:
    """A file name: letters, digits and hyphens."""
    return re.sub(r"[^\w]+", "-", keeper.lower()).strip("-") or "keeper"


def workbook(keeper: str, rows: list[tuple[str, ...]]) -> bytes:
    """An XLSX of text cells; the same rows, the same bytes. Its last row says so where it does not hold them all."""
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    })  # fmt: skip
    book.set_properties({"title": f"Worklist: {keeper}", "created": dt.datetime(2000, 1, 1)})
    sheet = book.add_worksheet("Worklist")
    head = book.add_format({"bold": True, "bg_color": "#d5dde2", "text_wrap": True, "valign": "top"})
    plain, open_ = (
        book.add_format({"num_format": "@", "valign": "top"}),
        book.add_format({"num_format": "@", "bg_color": "#fff7df", "valign": "top"}),
    )
    for place, (header, width) in enumerate(COLUMNS.items()):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, header, head)
    left_out, rows = len(rows) - MOST_ROWS, rows[:MOST_ROWS]
    if left_out > 0:
        sheet.write_string(
            len(rows) + 1, list(COLUMNS).index("What is wrong"), f"{left_out} more, less urgent, are in the CSV file"
        )
    for line, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            sheet.write_string(line, place, printable(cell), open_ if place >= len(COLUMNS) - 2 else plain)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(rows), 1), len(COLUMNS) - 1)
    if rows:
        place = list(COLUMNS).index(DONE)
        sheet.data_validation(1, place, len(rows), place, {
            "validate": "list", "source": ["K", "E"], "error_type": "information", "ignore_blank": True,
            "error_message": "K: tehty. E: ei tehty. Muu teksti luetaan huomautuksena.",
        })  # fmt: skip
    book.close()
    return target.getvalue()


def printable(cell: str) -> str:
    """Without the control characters that no XLSX can hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", cell)[:32_000]


def text(rows: list[tuple[str, ...]]) -> str:
    """The same as CSV, comma and LF; what a spreadsheet would take for a formula begins with an apostrophe."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    writer.writerows([outputs.guarded(cell) for cell in row] for row in rows)
    return target.getvalue()
