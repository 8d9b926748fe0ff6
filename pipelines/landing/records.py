"""The records of a file, split into cells: those of the right width go to the raw table, the rest is rejected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from pipelines.expectations.contract import Contract
from pipelines.landing import dialect, headers, mending, quoting
from pipelines.landing.headers import Header
from pipelines.landing.lines import CARRIAGE_RETURN, SEPARATOR, TOO_LONG, UNDECODABLE, Source
from pipelines.landing.straight import Straight
from pipelines.sql import ident, literal, one_row, one_value, render, run_script

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MARKS = {
    "undecodable": UNDECODABLE, "too_long": TOO_LONG, "carriage_return": CARRIAGE_RETURN, "separator": SEPARATOR,
}  # fmt: skip


@dataclass(frozen=True)
class Fit:
    """What a header does to the records: how many are registered, and SQL of why another is not."""

    header: Header
    columns: headers.Columns
    registered: int
    verdict: str


def fitted(
    connection: DuckDBPyConnection, contract: Contract, source: Source, header: Header, rows: Straight, rows_read: int
) -> Fit:
    """The raw table of the records that fit the header, with the rows read directly. Reads records."""
    fit = _fill(connection, contract, source, header, header.width)
    if rows.count:
        registered = fit.registered + rows.count
        if registered * 2 >= rows_read and not fit.columns.has_one_too_many:
            rows.merge(source)
            return replace(fit, registered=registered)
        rows.pour()
        fit = _fill(connection, contract, source, header, header.width)
    if contract.kind != "csv" or not rows_read:
        return fit
    width: int | None = header.width
    if fit.columns.undeclared:
        mended = None if fit.registered else _mended(connection, contract, source, header, rows_read)
        if mended:
            return mended
        width = None if _is_moved(connection, contract, fit, rows_read) else width
    elif fit.registered * 2 < rows_read:
        width = _other_width(connection, fit, rows_read)
    return fit if width == header.width else _fill(connection, contract, source, header, width)


def _mended(
    connection: DuckDBPyConnection, contract: Contract, source: Source, header: Header, rows_read: int
) -> Fit | None:
    """The same with a repaired header that fits most rows, down to the last cell if that has to be checked. None if there is
    none: then the records are as they were."""
    mended, is_sure = mending.by_one_delimiter(contract, header)
    if mended is None:
        return None
    mended = _cut_anew(connection, contract, source, mended)
    fit = _fill(connection, contract, source, mended, mended.width)
    if fit.registered * 2 > rows_read and (is_sure or _reaches_the_end(connection, contract, fit)):
        return fit
    _cut_anew(connection, contract, source, header)
    return None


def _cut_anew(connection: DuckDBPyConnection, contract: Contract, source: Source, header: Header) -> Header:
    header = quoting.join_lines(connection, header, dialect.delimiter(contract))
    cut(connection, contract, source, header)
    return header


def _fill(connection: DuckDBPyConnection, contract: Contract, source: Source, header: Header, width: int | None) -> Fit:
    """The raw table of all records with `width` cells, none filled beyond the last header."""
    columns = headers.columns(contract, header)
    unfit = source.replaced & {UNDECODABLE, TOO_LONG}
    cells = [_literal(cell) for cell in header.cells]
    verdict = render(
        "landing/verdict.sql",
        headers=cells,
        width=width,
        marks=MARKS,
        unfit=unfit,
        returns=CARRIAGE_RETURN in source.replaced,
        any_doubtful=header.any_doubtful,
    )
    table = render(
        "landing/table.sql",
        table=contract.raw,
        file=contract.file,
        sha256=source.sha256,
        columns=columns.raw,
        verdict=verdict,
        restore=bool(source.replaced & {CARRIAGE_RETURN, SEPARATOR}),
        outward=partial(dialect.outward, contract),
    )
    return Fit(header, columns, one_value(connection, table), verdict)


def _other_width(connection: DuckDBPyConnection, fit: Fit, rows_read: int) -> int | None:
    """How many cells a row must have if the header fits less than half of the rows.

    If every row has the same surplus of empty cells at its end, that many. A single row cannot settle it, since a surplus
    delimiter would move its cells into the wrong columns. None if most rows have a surplus that differs: a row that fits
    the header may have lost a delimiter.
    """
    least, most, rows, surplus, filled = one_row(
        connection,
        "select min(len(cells)), max(len(cells)), count(*), count(*) filter (verdict = 'too many cells'),"
        " count(*) filter (verdict = 'cell beyond the last header')"
        f" from (select cells, {fit.verdict} as verdict from records) as judged"
        " where verdict in ('too few cells', 'too many cells', 'cell beyond the last header')",
    )
    if not fit.registered and rows > 1 and least == most and least >= len(fit.header.names) and not filled:
        return least
    return None if (surplus + filled) * 2 > rows_read else fit.header.width


def _is_moved(connection: DuckDBPyConnection, contract: Contract, fit: Fit, rows_read: int) -> bool:
    """Whether the header itself may have a missing or surplus delimiter, so that no row is under its own headers: it fits
    less than half of the rows, or has one name too many and an empty last column."""
    if fit.registered * 2 < rows_read:
        return True
    if not fit.columns.has_one_too_many:
        return False
    return not _reaches_the_end(connection, contract, fit)


def _reaches_the_end(connection: DuckDBPyConnection, contract: Contract, fit: Fit) -> bool:
    """Whether the last column has any value."""
    last = f"select 1 from raw.{ident(contract.raw)} where trimmed({ident(fit.columns.raw[-1])}) <> '' limit 1"
    return bool(connection.execute(last).fetchall())


def cut(
    connection: DuckDBPyConnection, contract: Contract, source: Source, header: Header, lines_table: str = "lines"
) -> None:
    """The view `records` over the lines, or over those of them in another table."""
    connection.execute(
        render(
            "landing/records.sql",
            delimiter=dialect.delimiter(contract),
            first_line=header.first_line,
            lines=lines_table,
            line_end=source.line_end,
            pattern=quoting.patterns(dialect.delimiter(contract)),
            any_quoted=header.any_quoted,
            any_multi_line=header.any_multi_line,
        )
    )


def _literal(cell: str) -> str:
    """SQL of a text from a file; the parser stops at a NUL."""
    return " || chr(0) || ".join(literal(part) for part in cell.split("\0"))


def reject(connection: DuckDBPyConnection, contract: Contract, source: Source, fit: Fit) -> int:
    """Puts the records that became no row into tables of the file's own; returns how many. Only the few lines left are
    split and judged again."""
    left = render("landing/left_lines.sql", table=contract.raw, any_multi_line=fit.header.any_multi_line)
    run_script(connection, left)
    if contract.kind == "csv":
        cut(connection, contract, source, fit.header, "left_lines")
    else:
        left_rows = (
            f"select * from rows where line >= {fit.header.first_line} and line in (select line from left_lines)"
        )
        connection.execute(f"create or replace temp view records as {left_rows}")
    rejected = render(
        "landing/rejected.sql",
        table=contract.raw,
        system=contract.system,
        dataset=contract.dataset,
        file=contract.file,
        verdict=fit.verdict,
        marks=MARKS,
        returns=CARRIAGE_RETURN in source.replaced,
        delimiter=dialect.delimiter(contract),
        any_multi_line=fit.header.any_multi_line,
        outward=partial(dialect.outward, contract),
    )
    connection.execute(rejected)
    return one_value(connection, f"select count(*) from raw.{ident('rejected of ' + contract.raw)}")
