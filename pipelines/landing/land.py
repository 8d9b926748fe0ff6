"""Stage 1: exports into `raw.*`, every cell as text with file, line and SHA-256; the rest into `raw.rejected_rows`.

Driven by the contracts alone. Physical lines are landed first and split into cells in SQL, so that every line is accounted for;
DuckDB reads unambiguous rows directly (straight.py). Python decides which lines belong together only where quoted cells run over
several lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import together
from pipelines.errors import BooksError, ExportsError
from pipelines.expectations.contract import Contract
from pipelines.landing import apart, dialect, encodings, headers, mending, quoting, records, straight
from pipelines.landing.headers import MENDED, WHITESPACE, Header
from pipelines.landing.lines import Source
from pipelines.landing.straight import Straight
from pipelines.sql import insert, one_row, render, run_script

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# White space as a regular expression character class.
WHITESPACE_CLASS = "".join(f"\\x{{{ord(c):x}}}" for c in WHITESPACE)


@dataclass(frozen=True)
class Landed:
    """What to record about a file: its row of `feed.files`, its columns, and whether it has rejected rows."""

    file: tuple
    columns: headers.Columns = headers.Columns((), (), ())
    any_rejected: bool = False


def prepare(connection: DuckDBPyConnection) -> None:
    """Creates the schemas, tables and macros that landing needs, in the current database."""
    run_script(connection, render("landing/schema.sql"))
    prepare_macros(connection)


def prepare_macros(connection: DuckDBPyConnection) -> None:
    """Only the temporary macros, for another connection."""
    macros = render("landing/macros.sql", marks=records.MARKS, whitespace=WHITESPACE, whitespace_class=WHITESPACE_CLASS)
    connection.execute(macros)


def land(connection: DuckDBPyConnection, contracts: tuple[Contract, ...], folder: Path, scratch: Path) -> None:
    """Lands every contract's file of one period in `raw` and `feed`. `scratch`: a folder for temporary files.

    Files land in parallel, the largest first; shared tables are written in the order of the contracts.
    """
    waiting = sorted(contracts, key=lambda contract: -_weight(folder / contract.file))
    jobs = [partial(take_file, contract=contract, path=folder / contract.file, scratch=scratch) for contract in waiting]
    landed = dict(
        zip((contract.id for contract in waiting), together.run(connection, jobs, prepare_macros), strict=True)
    )
    note_files(connection, [(contract, landed[contract.id]) for contract in contracts])


def note_rows_before(connection: DuckDBPyConnection, feeds: str, period: str) -> None:
    """How many rows each export had when it last had any, from a table of feeds (period, dataset, rows_registered)."""
    connection.execute(
        "update feed.files set rows_before = (select max_by(b.rows_registered, b.period)"
        f" from {feeds} as b where b.dataset = feed.files.dataset and b.period < $1 and b.rows_registered > 0)",
        [period],
    )


def _weight(path: Path) -> int:
    """Rough cost in bytes: a workbook is compressed, and read by one thread."""
    try:
        return path.stat().st_size * (20 if path.suffix in (".xlsx", ".parquet") else 1)
    except OSError:
        return 0


def land_file(connection: DuckDBPyConnection, contract: Contract, path: Path, scratch: Path) -> None:
    """Lands one export; a missing or headless file leaves no table but a row in `feed.files`."""
    note_files(connection, [(contract, take_file(connection, contract, path, scratch))])


def take_file(connection: DuckDBPyConnection, contract: Contract, path: Path, scratch: Path) -> Landed:
    """Lands one export in its raw table; rejected rows go into tables of its own until they are recorded.

    A file that crashes its reader is refused and has no rows; nothing else is lost.
    """
    source = Source(path)
    if not is_file(path):
        return _landed(contract, source, "missing")
    rows = Straight(connection, contract, scratch)
    try:
        header = (
            _read_lines(connection, contract, source, rows, scratch)
            if contract.kind == "csv"
            else _read_rows(connection, contract, source)
        )
        return _judged(connection, contract, source, header, rows)
    except apart.Unread as end:
        return _landed(contract, source, "refused", reason=end.status)
    finally:
        rows.drop()


def _judged(
    connection: DuckDBPyConnection, contract: Contract, source: Source, header: Header | None, rows: Straight
) -> Landed:
    """The raw table of a file that was read to its end, or why there is none."""
    refused = source.refused or (headers.refusal(contract, header) if header else "")
    if refused:
        return _landed(contract, source, "refused", reason=refused)
    if header is None or not set(header.names) & {column.header for column in contract.columns}:
        return _landed(contract, source, "no header line")
    rows_read, rejected = _count_read(connection, contract, source, header, rows.count), 0
    fit = records.fitted(connection, contract, source, header, rows, rows_read)
    if rows_read != fit.registered:
        rejected = records.reject(connection, contract, source, fit)
    if rows_read != fit.registered + rejected:
        problem = f"{rows_read} rows read, but {fit.registered} registered and {rejected} rejected"
        raise BooksError(problem, file=contract.file, remedy="report this fault; nothing was taken in")
    reason = MENDED if fit.header.is_mended else ""
    return _landed(contract, source, "read", (rows_read, fit.registered, rejected), fit.columns, reason)


def note_files(connection: DuckDBPyConnection, files: Sequence[tuple[Contract, Landed]]) -> None:
    """Adds what is known of files to the tables that all files share."""
    insert(connection, "feed.files", [landed.file for _, landed in files])
    insert(connection, "feed.columns", [row for _, landed in files for row in landed.columns.feed])
    insert(connection, "raw.undeclared_headers", [row for _, landed in files for row in landed.columns.undeclared])
    for contract, landed in files:
        if landed.any_rejected:
            run_script(connection, render("landing/note_rejected.sql", table=contract.raw))


def is_file(path: Path) -> bool:
    """Whether it exists; ExportsError for a link out of its folder and for what cannot be accessed."""
    try:
        if path.is_symlink() and path.resolve().parent != path.parent.resolve():
            raise ExportsError("is a link out of the folder", file=path.name, remedy="put the file itself there")
        return path.is_file()
    except RuntimeError:  # the message of pathlib up to Python 3.12
        raise ExportsError("is a link that leads nowhere", file=path.name, remedy="put the file itself there") from None
    except OSError as error:
        raise ExportsError(f"cannot be looked at: {error.strerror}", file=path.name, remedy="grant access") from None


def _read_lines(
    connection: DuckDBPyConnection, contract: Contract, source: Source, rows: Straight, scratch: Path
) -> Header | None:
    """Fills lines, quoted_lines, multi_line_records, malformed_lines and records from a delimited file, except for the rows
    that DuckDB read directly."""
    connection.execute("create or replace temp table lines (line bigint, text varchar)")
    before = 0
    is_plain = dialect.is_plain(contract)
    for piece in apart.pieces(source, contract.encoding, contract.layout.is_packed):
        piece = piece if is_plain else dialect.inward(piece, contract)
        if not rows.take(piece, before):
            straight.lay(connection, piece, before, scratch)
        before = source.lines
    source.seems, refused = encodings.judged(source.seen, contract.encoding)
    if refused:
        source.refused = f"{encodings.REFUSED}{source.seems}"
        return None
    pattern = quoting.patterns(dialect.delimiter(contract))
    connection.execute(render("landing/quoted_lines.sql", pattern=pattern, delimiter=dialect.delimiter(contract)))
    header = headers.find(connection, contract, pattern)
    if header is None:
        return None
    if rows.count and quoting.are_open(connection, header):
        rows.pour()
    header = mending.with_own_delimiter(contract, mending.without_stray_quotes(contract, header))
    header = quoting.join_lines(connection, header, dialect.delimiter(contract))
    records.cut(connection, contract, source, header)
    return header


def _read_rows(connection: DuckDBPyConnection, contract: Contract, source: Source) -> Header | None:
    """The same tables from a worksheet, a Parquet file or JSON lines, where each row is a line."""
    connection.execute("create or replace temp table lines (line bigint, text varchar)")
    connection.execute("create or replace temp table malformed_lines (line bigint)")
    connection.execute("create or replace temp table rows (line bigint, text varchar, cells varchar[])")
    header = None
    for is_header, said in apart.rows(source, contract):
        if is_header:
            header = headers.named(said["cells"], said["line"], contract)
            continue
        connection.execute(
            "insert into rows select row[1]::bigint, '', row[2:]"
            """ from (select unnest(from_json($rows, '[["VARCHAR"]]')) as row)""",
            {"rows": said.decode()},
        )
    connection.execute("insert into lines select line, array_to_string(cells, '') from rows")
    connection.execute("create or replace temp view records as from rows")
    return header


def _landed(
    contract: Contract,
    source: Source,
    status: str,
    counts: tuple[int | None, ...] = (None, None, None),
    columns: headers.Columns | None = None,
    reason: str = "",
) -> Landed:
    file = (
        contract.system,
        contract.dataset,
        contract.file,
        status,
        source.sha256 or None,
        source.size or None,
        source.lines or None,
        *counts,
        reason,
        source.seems,
        None,
    )
    return Landed(file, columns or headers.Columns((), (), ()), any_rejected=bool(counts[2]))


def _count_read(
    connection: DuckDBPyConnection, contract: Contract, source: Source, header: Header, straight_rows: int
) -> int:
    """Non-blank records, counted from the physical lines."""
    books = render(
        "landing/books.sql",
        kind=contract.kind,
        delimiter=dialect.delimiter(contract),
        first_line=header.first_line,
        any_quoted=header.any_quoted,
        any_multi_line=header.any_multi_line,
    )
    read, landed = one_row(connection, books)
    if contract.kind == "csv" and landed + straight_rows != source.lines:
        raise BooksError(
            f"{source.lines} lines in the file, {landed + straight_rows} arrived",
            file=contract.file,
            remedy="report this fault",
        )
    return read + straight_rows
