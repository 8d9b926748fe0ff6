"""Quotes: which lines are records by themselves, which form one together, and which cannot be trusted.

A missing or surplus delimiter or quote beside a quoted text can leave a row with the right number of cells and the wrong
contents: such a row is doubtful, and rejected. What goes undetected is a fault that makes another sound file, with paired
quotes and every row of one width: the same bytes could be an undamaged table (`make mutations`).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.landing.headers import Header
from pipelines.sql import insert, one_row, render

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# A quoted cell over more lines than this is an unclosed quote.
LONGEST_CELL_LINES = 100_000
# How many lines before a lone closing quote are searched for the row it belongs to.
LONGEST_TEXT = 50


def patterns(delimiter: str) -> dict[str, str]:
    """Regular expressions (RE2) over one line; a cell is quoted, or does not begin with a quote."""
    d = f"\\x{{{ord(delimiter):x}}}"
    blanks = " \t".replace(delimiter, "")
    closed = rf'"(?:[^"]|"")*"[{blanks}]*'
    cell = f'(?:{closed}|[^"{d}][^{d}]*|)'
    opened = r'"(?:[^"]|"")*'
    rest = rf'(?:[^"]|"")*"[{blanks}]*'
    return {
        "split": f'{d}({closed}|[^"{d}][^{d}]*|)',
        "whole": f"{cell}(?:{d}{cell})*",
        "opens": f"(?:{cell}{d})*{opened}",
        "closes": f"{rest}(?:{d}{cell})*",
        "reopens": f"{rest}{d}(?:{cell}{d})*{opened}",
        "inside": r'(?:[^"]|"")*',
        # A quoted text that a missing delimiter glued to the cell before it: its own delimiters would split it.
        # The same if the text goes on in other lines: a quote between two letters of a cell that does not begin with one,
        # and doubled quotes, which occur inside quotes only.
        "opened_late": f'(?:^|{d})[^"{d}{blanks}][^"{d}]*"[\\pL\\pN](?:[^{d}]*|.*{d}[^"{d}][^{d}]*)""[\\pL\\pN]',
        # The same with doubled quotes in the text.
        "glued_doubled": f'(?:^|{d})[^"{d}][^"{d}]*"[{blanks}]*(?:[^"{d}{blanks}]|"")(?:[^"]|"")*{d}(?:[^"]|"")*(?:[^"{d}]|"")"[{blanks}]*(?:{d}|$)',
        # A text that begins with the delimiter; two cells of inches side by side look the same, and are rejected too.
        "glued_first": f'(?:^|{d})[^"{d}]*[^"{d}{blanks}]"{d}(?:[^"]|"")*"[{blanks}]*(?:{d}|$)',
        # A text that begins in the middle of a cell: right after a letter, and not followed by a blank, unlike inches.
        "late": f'(?:^|{d})[^"{d}][^"{d}]*"+[^"{d}{blanks}]',
        "glued": f'(?:^|{d})[^"{d}][^"{d}]*"[^"{d}]*[^"{d}{blanks}][^"{d}]*{d}(?:.*{d})?[^"{d}][^"{d}]*"[{blanks}]*(?:{d}|$)',
    }


def join_lines(connection: DuckDBPyConnection, header: Header, delimiter: str) -> Header:
    """Finds which lines form a record together, which open a quote that never closes well, and which records are doubtful.

    Returns the header with the findings. Loops only over lines that do not stand alone, and over flags.
    """
    connection.execute("create or replace temp table multi_line_records (first_line bigint, last_line bigint)")
    connection.execute("create or replace temp table malformed_lines (line bigint)")
    any_quoted, any_lone, suspects = one_row(
        connection,
        "select count(*) > 0, count(*) filter (is_lone and line >= $1) > 0,"
        " list(line order by line) filter (not is_whole and line >= $1) from quoted_lines",
        [header.first_line],
    )
    records = _records(connection, suspects) if suspects else []
    any_doubtful = bool(suspects or any_lone) and _doubt(connection, header, delimiter)
    return replace(header, any_quoted=any_quoted, any_multi_line=bool(records), any_doubtful=any_doubtful)


def are_open(connection: DuckDBPyConnection, header: Header) -> bool:
    """Whether any line's quotes affect the lines beside it."""
    query = "select 1 from quoted_lines where line >= $1 and (is_lone or not is_whole) limit 1"
    return bool(connection.execute(query, [header.first_line]).fetchall())


def _doubt(connection: DuckDBPyConnection, header: Header, delimiter: str) -> bool:
    """Whether any record may result from a missing or surplus delimiter or quote."""
    doubtful = render(
        "landing/doubtful_records.sql",
        delimiter=delimiter,
        first_line=header.first_line,
        width=header.width,
        near=LONGEST_TEXT,
        split=patterns(delimiter)["split"],
    )
    connection.execute(doubtful)
    return bool(connection.execute("select 1 from doubtful_records limit 1").fetchall())


def _records(connection: DuckDBPyConnection, suspects: list[int]) -> list[tuple[int, int]]:
    """The records of several lines, as first and last line; unclosed openings go to malformed_lines."""
    flags = connection.execute(
        "select line, opens, closes, reopens, inside from quoted_lines where line >= $1 order by line", [suspects[0]]
    ).fetchnumpy()
    records, malformed, last = [], [], 0
    for suspect in suspects:
        if suspect <= last:
            continue
        end = _end_of_record(flags, suspect)
        if end:
            records.append((suspect, end))
            last = end
        else:
            malformed.append((suspect,))
    insert(connection, "multi_line_records", records)
    insert(connection, "malformed_lines", malformed)
    return records


def _end_of_record(flags: dict, line: int) -> int | None:
    """The line that closes the cell which `line` leaves open; None if it opens none or none closes it."""
    numbers = flags["line"]
    at = bisect_right(numbers, line)
    if not flags["opens"][at - 1]:
        return None
    for later in range(at, len(numbers)):
        if numbers[later] - line > LONGEST_CELL_LINES:
            return None
        if flags["closes"][later]:
            return int(numbers[later])
        if not flags["reopens"][later] and not flags["inside"][later]:
            return None
    return None
