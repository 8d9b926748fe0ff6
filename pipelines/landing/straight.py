"""The direct way into a raw table, for unambiguous lines: split at their delimiters by DuckDB, in parallel.

In a line without quotes and replacement marks (lone carriage returns included), the cells are the text between the delimiters.
If it has as many as the header, and begins with a key, it is a row and goes here. All other lines are left to records.py, which
would have made the same rows of these. If a line leaves a quote open, or its quotes cannot be trusted, the lines beside it are in
doubt too: then the whole file goes to records.py, and the rows already read are put back.
"""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.expectations.contract import Contract
from pipelines.landing import dialect, headers, lines, mending, quoting
from pipelines.landing.headers import FIRST_LINES, Header
from pipelines.landing.lines import Source
from pipelines.sql import ident, literal, one_row

if TYPE_CHECKING:
    import numpy as np
    from duckdb import DuckDBPyConnection

# A smaller file is faster without this.
LEAST_BYTES = 2**20
# If more than this share of a piece's lines do not qualify, all its lines are left.
MOST_LEFT = 0.25
# Stands for a line that is left.
LEFT = "\x02"
# A line that qualifies has no quote, NUL, this, or a mark (U+FDD0 to U+FDEF, by their first byte).
QUOTE = ord('"')
STRANGE = (QUOTE, 0, ord(LEFT), lines.UNDECODABLE.encode()[0])
# How many bytes are examined at a time.
CHUNK = 2**22
READ = "auto_detect = false, header = false, quote = '', escape = '', new_line = '\\n', null_padding = false, parallel = true"
LINES = f"read_csv($name, columns = {{'text': 'varchar'}}, delim = {literal(lines.READER_DELIMITER)}, {READ})"


def lay(connection: DuckDBPyConnection, piece: bytes, before: int, scratch: Path) -> None:
    """Puts the lines of a piece into `lines`; `before`: how many lines precede it in the file."""
    with lines.readable(piece, scratch) as name:
        connection.execute(
            f"insert into lines select row_number() over () + $before, text from {LINES}",
            {"before": before, "name": name},
        )


class Straight:
    """The rows of one file that were read directly; `count`: how many."""

    def __init__(self, connection: DuckDBPyConnection, contract: Contract, scratch: Path) -> None:
        self.connection, self.contract, self.scratch = connection, contract, scratch
        self.delimiter = dialect.delimiter(contract)
        self.is_open = dialect.is_plain(contract) and self.delimiter.isascii()
        self.table = f"raw.{ident('straight of ' + contract.raw)}"
        self.count = 0
        self.header: Header | None = None
        self.columns: tuple[str, ...] = ()

    def take(self, piece: bytes, before: int) -> bool:
        """Whether the piece was taken: its rows are in this file's table, its other lines in `lines`."""
        if not self.is_open or piece.startswith(codecs.BOM_UTF8):
            return False
        if self.header is None and not self._begin(piece):
            self.is_open = False
            return False
        return self._split(piece, before)

    def _begin(self, piece: bytes) -> bool:
        """Finds the header in the first lines of the first piece; False if the whole file has to be searched."""
        if len(piece) < LEAST_BYTES:
            return False
        end = 0
        for _ in range(FIRST_LINES):
            end = piece.find(b"\n", end) + 1 or len(piece)
        lay(self.connection, piece[:end], 0, self.scratch)
        header = headers.find(self.connection, self.contract, quoting.patterns(self.delimiter))
        self.connection.execute("delete from lines")
        if header is None or not 1 < header.width == len(header.names) or header.first_line > FIRST_LINES // 2:
            return False
        header = mending.without_stray_quotes(self.contract, header)
        self.header, self.columns = header, headers.columns(self.contract, header).raw
        cells = ", ".join(f"{ident(column)} varchar" for column in self.columns)
        self.connection.execute(
            f"create or replace table {self.table} (file varchar, sha256 varchar, line bigint, {cells})"
        )
        return True

    def _split(self, piece: bytes, before: int) -> bool:
        """Sorts the lines of a piece."""
        import numpy as np  # slow to import, and most files never get here

        starts, ends, fitting, closed = self._looked_at(piece, before)
        if not closed:
            self.pour()
            return False
        left = np.flatnonzero(~fitting)
        rows = len(fitting) - len(left)
        if len(left) > MOST_LEFT * len(fitting) or not rows:
            return False
        filler = (LEFT + self.delimiter * (len(self.columns) - 1) + "\n").encode()
        parts, leaving, at = [], [], 0
        for start, end in zip(starts[left].tolist(), (ends[left] + 1).tolist(), strict=True):
            parts += [piece[at:start], filler]
            leaving.append(piece[start:end])
            at = end
        if not self._enter(b"".join([*parts, piece[at:]]) if parts else piece, before, rows):
            return False
        last = before + 1 + int(np.flatnonzero(fitting)[-1])
        found, line = one_row(self.connection, f"select count(*), max(line) from {self.table} where line > {before}")
        if (found, line) != (rows, last):
            self.connection.execute(f"delete from {self.table} where line > {before}")
            return False
        self.count += rows
        if leaving:
            self._leave(b"".join(leaving), (left + before + 1).tolist())
        return True

    def _looked_at(self, piece: bytes, before: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, bool]:
        """Where lines start and end, which are certainly rows (of the header's width, no special characters, a first cell that
        begins with a printable character and is not the header's own), and whether quotes are paired on every line."""
        import numpy as np  # as above

        assert self.header is not None
        text, cut = np.frombuffer(piece, np.uint8), ord(self.delimiter)
        ends, widths, strange, carried = [], [], [np.empty(0, np.int64)], 0
        for at in range(0, len(text), CHUNK):
            chunk = text[at : at + CHUNK]
            odd = np.logical_or.reduce([chunk == mark for mark in STRANGE])
            if odd.any():
                strange.append(np.flatnonzero(odd) + at)
            marks = np.flatnonzero((chunk == cut) | (chunk == 10))
            closing = np.flatnonzero(chunk[marks] == 10)
            if not len(closing):
                carried += len(marks)
                continue
            ends.append(marks[closing] + at)
            widths.append(np.diff(closing, prepend=-1 - carried))
            carried = len(marks) - 1 - int(closing[-1])
        end, width = np.concatenate(ends), np.concatenate(widths)
        start = np.concatenate(([0], end[:-1] + 1))
        first = text[start]
        fitting = (width == len(self.columns)) & (first >= ord("!")) & (first < ord("~")) & (first != cut)
        found = np.concatenate(strange)
        fitting[np.searchsorted(end, found)] = False
        quotes = np.bincount(np.searchsorted(end, found[text[found] == QUOTE]))
        fitting[: max(self.header.first_line - 1 - before, 0)] = False
        alike = np.flatnonzero(fitting)
        for place, letter in enumerate(self.header.cells[0].encode()):
            alike = alike[text[np.minimum(start[alike] + place, len(text) - 1)] == letter]
        fitting[alike] = False
        return start, end, fitting, not (quotes & 1).any()

    def _enter(self, piece: bytes, before: int, rows: int) -> bool:
        """Adds the rows of a piece to the table; False if DuckDB does not read it."""
        import duckdb  # as above

        names = [f"c{place}" for place in range(len(self.columns))]
        columns = ", ".join(f"'{name}': 'varchar'" for name in names)
        not_null = ", ".join(map(literal, names))
        source = f"read_csv($name, columns = {{{columns}}}, delim = {literal(self.delimiter)}, force_not_null = [{not_null}], {READ})"
        with lines.readable(piece, self.scratch) as name:
            try:
                self.connection.execute(
                    f"insert into {self.table} select {literal(self.contract.file)}, '', line, {', '.join(names)}"
                    f" from (select row_number() over () + $before as line, * from {source}) where c0 <> chr({ord(LEFT)})",
                    {"before": before, "name": name},
                )
            except duckdb.Error:
                return False
        return True

    def _leave(self, text: bytes, numbers: list[int]) -> None:
        """Adds lines with their numbers to `lines`. DuckDB strips a byte order mark from every file."""
        text = codecs.BOM_UTF8 + text if text.startswith(codecs.BOM_UTF8) else text
        with lines.readable(text, self.scratch) as name:
            self.connection.execute(
                f"insert into lines select n.line, t.text from (select row_number() over () as place, text from {LINES}) as t"
                " join (select unnest($numbers) as line, generate_subscripts($numbers, 1) as place) as n on n.place = t.place",
                {"name": name, "numbers": numbers},
            )

    def pour(self) -> None:
        """Puts everything back into `lines`, in file order; no line is read directly from here on."""
        self.is_open = False
        if self.count:
            text = f"concat_ws({literal(self.delimiter)}, {', '.join(map(ident, self.columns))})"
            self.connection.execute(
                "create or replace temp table lines as select * from"
                f" (from lines union all select line, {text} as text from {self.table}) order by line"
            )
        self.count = 0
        self.drop()

    def merge(self, source: Source) -> None:
        """One raw table from the rows of records.py and these."""
        raw = f"raw.{ident(self.contract.raw)}"
        self.connection.execute(f"update {self.table} set sha256 = {literal(source.sha256)}")
        self.connection.execute(f"insert into {self.table} from {raw}")
        self.connection.execute(f"drop table {raw}")
        self.connection.execute(f"alter table {self.table} rename to {ident(self.contract.raw)}")

    def drop(self) -> None:
        """Drops everything."""
        if self.header:
            self.connection.execute(f"drop table if exists {self.table}")
