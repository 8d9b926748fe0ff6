"""What a file seems to be if it contradicts its contract: detection proposes, the contract decides.

It checks the encoding, line ends, delimiter, header line, number of columns and date formats, on the beginning of the file
(the encoding on all of it). The result names declared headers, numbers and marks; no cell.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, cast

from pipelines.errors import ExportsError
from pipelines.expectations.contract import Contract
from pipelines.landing import apart, dialect, encodings, headers, lines
from pipelines.sentence import Sentence

HEAD_BYTES, MOST_LINES = 2**20, 2000
DELIMITERS = ";,\t|:~^"
NAMES = {"\t": "tab", " ": "blank", "\n": "LF", "\r\n": "CRLF", "\r": "CR"}
# Date formats as contracts name them, most common first.
DAYS = {
    "d.M.yyyy": r"\d{1,2}\.\d{1,2}\.\d{4}", "yyyy-MM-dd": r"\d{4}-\d\d-\d\d", "yyyy-MM": r"\d{4}-\d\d",
    "d.M.yyyy H:mm": r"\d{1,2}\.\d{1,2}\.\d{4} \d{1,2}:\d\d", "yyyy-MM-dd HH:mm:ss": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d",
    "d/M/yyyy or M/d/yyyy": r"\d{1,2}/\d{1,2}/\d{4}", "yyyyMMdd": r"(?:19|20)\d{6}", "d-M-yyyy": r"\d{1,2}-\d{1,2}-\d{4}",
    "d.M.yy": r"\d{1,2}\.\d{1,2}\.\d{2}", "yyyy-MM-ddTHH:mm:ss": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*",
}  # fmt: skip


@dataclass(frozen=True)
class Seeming:
    """`what` (encoding, line ends, delimiter, headers, columns, or a declared header's days) seems to be `seems`."""

    what: str
    seems: str
    declared: str

    @property
    def sentence(self) -> Sentence:
        """All of it."""
        return Sentence(
            "%(what)s: seems to be %(seems)s, the contract says %(declared)s",
            what=self.what,
            seems=self.seems,
            declared=self.declared,
        )

    def __str__(self) -> str:
        return self.sentence


def of(contract: Contract, path: Path) -> list[Seeming]:
    """Where a file and its contract disagree. ExportsError if it cannot be opened or is another kind of file."""
    return list(_of_text(contract, path) if contract.kind == "csv" else _of_file(contract, path))


@contextlib.contextmanager
def _unpacked(contract: Contract, handle: IO[bytes]) -> Iterator[IO[bytes]]:
    """The file, or what a gzip file holds; ExportsError if it is not one."""
    if not contract.layout.is_packed:
        yield handle
        return
    try:
        with gzip.open(handle) as content:
            yield cast("IO[bytes]", content)
    except (OSError, EOFError, zlib.error):
        raise ExportsError(
            "is not a whole gzip file",
            file=contract.file,
            remedy="pack it again, or leave `compression` out of its contract",
        ) from None


def _of_text(contract: Contract, path: Path) -> Iterator[Seeming]:
    seen, head = encodings.Seen(), b""
    with lines.opened(path) as handle, _unpacked(contract, handle) as content:
        while chunk := content.read(lines.PIECE_BYTES):
            head = head or chunk[:HEAD_BYTES]
            seen.look(chunk)
            if contract.layout.is_packed:
                break
    encoding, _ = encodings.judged(seen, contract.encoding)
    if encoding:
        yield Seeming(Sentence("encoding"), encoding, contract.encoding)
    text = head.decode(encoding or contract.encoding, errors="replace").removeprefix("\ufeff")
    end, is_mixed = line_end(text)
    if is_mixed:
        yield Seeming(
            Sentence("line ends"), Sentence("some CR and some LF"), Sentence("nothing: one of them is expected")
        )
    rows = (text.replace("\r\n", "\n").replace("\r", "\n") if end == "\r" else text.replace("\r\n", "\n")).split("\n")
    rows = rows[:-1] if len(head) == HEAD_BYTES else rows  # the last may be truncated
    yield from _of_rows(contract, rows[:MOST_LINES])


def line_end(text: str) -> tuple[str, bool]:
    """What ends most lines, and whether many end in lone carriage returns and many in line feeds."""
    pairs = text.count("\r\n")
    feeds, returns = text.count("\n") - pairs, text.count("\r") - pairs
    many = max(pairs, feeds, returns) / 2
    end = max(("\r\n", pairs), ("\n", feeds), ("\r", returns), key=lambda each: each[1])[0]
    return end, bool(returns and returns > many and pairs + feeds > many)


def _of_rows(contract: Contract, rows: list[str]) -> Iterator[Seeming]:
    own = dialect.inward("\n".join(rows).encode("utf-8", "replace"), contract).decode().split("\n")
    cut = [cells(row, dialect.delimiter(contract)) for row in own]
    other = "" if contract.layout.widths else other_delimiter(contract, rows, cut)
    if other:
        yield Seeming(
            Sentence("delimiter"),
            f"“{NAMES.get(other, other)}”",
            f"“{NAMES.get(contract.delimiter, contract.delimiter)}”",
        )
        cut = [cells(row, other) for row in rows]
    yield from _of_cells(contract, list(enumerate(cut, 1)), contract.layout.skip_rows)


def cells(row: str, delimiter: str) -> list[str]:
    """A line split at its delimiters outside double quotes. A cell over several lines is split: good enough for a sample."""
    parts = (
        re.split(rf"{re.escape(delimiter)}(?=(?:[^\"]*\"[^\"]*\")*[^\"]*\Z)", row)
        if '"' in row
        else row.split(delimiter)
    )
    return [part.strip().strip('"').strip() for part in parts]


def other_delimiter(contract: Contract, rows: list[str], own: list[list[str]]) -> str:
    """The delimiter that splits most lines into as many cells as the contract has columns, or at least into several; '' if
    the contract's own does no worse."""
    wanted, filled = len(contract.columns), [row for row in rows if row.strip()]
    if wanted == 1 or len(filled) < 2:
        return ""

    def fitness(cut: list[list[str]]) -> tuple[bool, float]:
        width, count = usual_width(cut)
        return width == wanted, count / len(filled) if width > 1 else 0

    best, mark = fitness([row for row in own if any(row)]), ""
    if best[0] or best[1] > 0.5:
        return ""
    for each in DELIMITERS:
        if each != contract.delimiter and (found := fitness([cells(row, each) for row in filled])) > max(
            best, (False, 0.5)
        ):
            best, mark = found, each
    return mark


def usual_width(cut: list[list[str]]) -> tuple[int, int]:
    """The most common number of cells per row, and how many rows have it."""
    return Counter(map(len, cut)).most_common(1)[0] if cut else (0, 0)


def _of_cells(contract: Contract, numbered: list[tuple[int, list[str]]], begin: int) -> Iterator[Seeming]:
    filled = [(line, row) for line, row in numbered if any(row)]
    after = next((line for line, _ in filled if line > begin), begin + 1)
    declared = {column.header for column in contract.columns}
    found = next(
        (
            line
            for line, row in filled
            if 2 * len(declared & set(map(headers.single, row))) > min(len(declared), len(row))
        ),
        None,
    )
    is_named, several = contract.layout.header_rows > 0, contract.layout.header_rows > 1
    if is_named and not several and filled and found != after:
        seems = Sentence("in line %(line)s", line=found)
        if not found:
            seems = Sentence("elsewhere, or not there: line %(line)s has none of them", line=after)
        yield Seeming(Sentence("headers"), seems, Sentence("in line %(line)s", line=after))
    elif not is_named and found:
        yield Seeming(Sentence("headers"), Sentence("in line %(line)s", line=found), Sentence("there are none"))
    data = without_surplus([(line, row) for line, row in filled if line > (found or after if is_named else begin)])
    width, _ = usual_width([row for _, row in data])
    header = without_surplus([(line, row) for line, row in filled if line == found and is_named])
    expected = len(header[0][1]) if header else len(declared)
    is_short = width < expected and contract.kind == "csv" and not any(len(row) == expected for _, row in data)
    if data and (is_short or width > expected and len(data) > 1):
        headed = Sentence("%(n)s, and the headers are %(headers)s", n=len(declared), headers=expected)
        yield Seeming(Sentence("columns"), str(width), headed if found else str(expected))
    if contract.kind == "csv":
        yield from _of_days(contract, dict(filled).get(found or 0, []), data)


def without_surplus(data: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """The rows without the trailing positions that are empty in all of them."""
    last = max((place for _, row in data for place, cell in enumerate(row, 1) if cell), default=0)
    return [(line, row[:last]) for line, row in data]


def _of_days(contract: Contract, header: list[str], data: list[tuple[int, list[str]]]) -> Iterator[Seeming]:
    place = {headers.single(text): number for number, text in enumerate(header)}
    missing = {value.lower() for value in contract.missing_values}
    for standing, column in enumerate(contract.columns):
        number = place.get(column.header) if header else standing
        if column.format not in DAYS or number is None:
            continue
        values = [
            row[number] for _, row in data if number < len(row) and row[number].lower() not in missing and row[number]
        ]
        share = {form: sum(bool(re.fullmatch(shape, value)) for value in values) for form, shape in DAYS.items()}
        best = max(share, key=share.__getitem__)
        if 2 * share[column.format] < len(values) and 2 * share[best] > len(values):
            yield Seeming(Sentence("days of “%(header)s”", header=column.header), best, column.format)


def _of_file(contract: Contract, path: Path) -> Iterator[Seeming]:
    layout = contract.layout
    as_it_is = replace(contract, layout=replace(layout, header_rows=0, skip_rows=0, header_row=0))
    numbered: list[tuple[int, list[str]]] = []
    for is_header, said in apart.rows(lines.Source(path), as_it_is):
        if not is_header:
            numbered = [(int(row[0]), [str(cell).strip() for cell in row[1:]]) for row in json.loads(said)][:MOST_LINES]
            break
    # All rows of a sheet have the same number of cells: empty ones at a row's end do not count.
    numbered = [(line, without_surplus([(line, row)])[0][1]) for line, row in numbered]
    yield from _of_cells(contract, numbered, max(layout.header_row - 1, layout.skip_rows))
