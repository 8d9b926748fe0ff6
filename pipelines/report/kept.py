"""The blocks of a drawn report, kept in the period's database: a decision draws some of them anew, and leaves the others as they were.

Of a report that could not be drawn, only that is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# A row is one block of a report, by the report's name without what follows the point.
TABLE = "create table if not exists results.report_blocks (report varchar, block varchar, markup varchar)"
UNDRAWN = "undrawn"


def keep(connection: DuckDBPyConnection, report: str, drawn: dict[str, str]) -> None:
    """Keeps the blocks of a report in place of those before."""
    connection.execute(TABLE)
    connection.execute("delete from results.report_blocks where report = $1", [report])
    connection.execute(
        "insert into results.report_blocks select $1, unnest($2), unnest($3)",
        [report, list(drawn), list(drawn.values())],
    )


def kept(connection: DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """{report: {block: markup}} of the period in the current database."""
    connection.execute(TABLE)
    rows = connection.execute("from results.report_blocks").fetchall()
    found: dict[str, dict[str, str]] = {}
    for report, block, markup in rows:
        found.setdefault(report, {})[block] = markup
    return found
