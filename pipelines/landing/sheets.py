"""Worksheets to the text that the same export would hold as CSV. pandas and calamine at the edge."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from pipelines.errors import ExportsError
from pipelines.expectations.contract import Column, Contract
from pipelines.expectations.layout import Layout
from pipelines.landing.lines import Source, opened

if TYPE_CHECKING:
    import pandas

# A sheet's cells are all in memory at once, empty ones too: one cell in its far corner would end the process.
MOST_CELLS = 50_000_000
MOST_BYTES = 2 * 2**30
DATE_FORMATS = {"d.M.yyyy": "{0.day}.{0.month}.{0.year:04d}", "yyyy-MM-dd": "{0:%Y-%m-%d}", "yyyy-MM": "{0:%Y-%m}"}


@dataclass(frozen=True)
class Headers:
    """The row of the headers: its sheet row (the last of several) and its cells."""

    line: int
    cells: list[str]


def read(source: Source, contract: Contract) -> tuple[pandas.DataFrame | None, Headers | None]:
    """All rows of the sheet as text, `line` first then c1, c2, …; and the headers. (None, None) for an empty sheet."""
    import pandas

    rows = _within(_rows(source, contract), contract.layout)
    source.lines = len(rows)
    headers = _headers(rows, contract)
    if headers is None:
        return None, None
    declared = {column.header: column for column in contract.columns}
    columns = [declared.get(" ".join(header.split())) for header in headers.cells]
    text = [
        [cell if cell.__class__ is str else _text(cell, column) for cell, column in zip(row, columns, strict=True)]
        for row in rows
    ]
    frame = pandas.DataFrame(text, columns=[f"c{number}" for number in range(1, len(text[0]) + 1)], dtype=object)
    frame.insert(0, "line", range(1, len(text) + 1))
    return frame, headers


def _headers(rows: list[list[object]], contract: Contract) -> Headers | None:
    """The headers, and the last sheet row of them: of several rows, what stands above each other; without any, the contract's
    columns by their place."""
    layout, width = contract.layout, len(rows[0]) if rows else 0
    begin = max(layout.header_row - 1, layout.skip_rows)
    if not layout.header_rows:
        cells = [column.header for column in contract.columns]
        return Headers(begin, (cells + [""] * width)[:width]) if width else None
    first = next((n for n, row in enumerate(rows, 1) if n > begin and any(_text(cell).strip() for cell in row)), None)
    if first is None:
        return None
    last = first + layout.header_rows - 1
    parts = zip(*([_text(cell) for cell in row] for row in rows[first - 1 : last]), strict=True)
    return Headers(last, [" ".join(part) if layout.header_rows > 1 else part[0] for part in parts])


def _within(rows: list[list[object]], layout: Layout) -> list[list[object]]:
    """The rows of the contract's range of cells; those before it are empty, so that every row keeps its number."""
    if not layout.cell_range:
        return rows
    top, bottom, left, right = layout.cell_range
    width = right - left + 1
    inside = [(row[left - 1 : right] + [""] * width)[:width] for row in rows[top - 1 : bottom]]
    return [[""] * width for _ in rows[: top - 1]] + inside


def _rows(source: Source, contract: Contract) -> list[list[object]]:
    import python_calamine

    with opened(source.path) as handle:
        content = handle.read()
    source.size, source.sha256 = len(content), hashlib.sha256(content).hexdigest()
    if not content:
        return []
    try:
        problem, remedy = too_large(content), "delete the empty rows and columns around the data, or export CSV"
        if problem:
            raise ExportsError(problem, file=source.path.name, remedy=remedy)
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = workbook.get_sheet_by_name(contract.sheet) if contract.sheet else workbook.get_sheet_by_index(0)
        return sheet.to_python(skip_empty_area=False)
    except python_calamine.WorksheetNotFound:
        problem, remedy = f"has no sheet {contract.sheet!r}", "name the sheet as the contract does"
    except (
        python_calamine.CalamineError, zipfile.BadZipFile, zlib.error, struct.error, OSError, ValueError, NotImplementedError,
        RuntimeError,
    ):  # fmt: skip
        problem, remedy = "is not a readable XLSX workbook", "save it again as .xlsx without a password"
    raise ExportsError(problem, file=source.path.name, remedy=remedy)


def too_large(content: bytes) -> str:
    """Why a workbook would not fit into memory, '' where it would: a zip bomb, a cell typed by mistake far down, or a long
    text that a million cells repeat. BadZipFile where its parts are larger than they say."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        if sum(entry.file_size for entry in entries) > MOST_BYTES:
            return f"unpacks to more than {MOST_BYTES // 2**30} GiB"
        for entry in entries:
            if not _is_as_large_as_it_says(content, entry):
                raise zipfile.BadZipFile(entry.filename)
        names = archive.namelist()
        sheets = [name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        spans = [_span(archive, name) for name in sheets]
        cells = max((cells for cells, _ in spans), default=0)
        if cells > MOST_CELLS:
            return f"spans {cells} cells"
        shared = [name for name in names if name.lower().endswith("sharedstrings.xml")]
        lengths = _lengths(archive, shared[0]) if shared else []
        repeated = max(lengths, default=0) * sum(references for _, references in spans)
        if repeated > MOST_BYTES and _repeated(archive, sheets, lengths) > MOST_BYTES:
            return f"holds more than {MOST_BYTES // 2**30} GiB of text"
    return ""


def _is_as_large_as_it_says(content: bytes, entry: zipfile.ZipInfo) -> bool:
    """Whether an entry unpacks to no more than the archive says: the reader behind us unpacks until the data ends."""
    start = entry.header_offset
    start += 30 + sum(struct.unpack("<HH", content[start + 26 : start + 30]))
    packed = content[start : start + entry.compress_size]
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        return len(packed) <= entry.file_size
    inflate, size = zlib.decompressobj(-zlib.MAX_WBITS), 0
    while packed and not inflate.eof and size <= entry.file_size:
        size += len(inflate.decompress(packed, 2**20))
        packed = inflate.unconsumed_tail
    return size <= entry.file_size


def _span(archive: zipfile.ZipFile, name: str) -> tuple[int, int]:
    """Rows by columns that a worksheet spans, from the references of its cells, which stand in order of rows; and how many
    of its cells refer to shared texts. Up to Z all columns count as 26: to tell them apart would take longer than to read them."""
    rows, columns, tail, shared = 0, {b"Z"}, b"", 0
    with archive.open(name) as sheet:
        while chunk := sheet.read(2**20):
            columns.update(re.findall(rb'\br="([A-Z]{2,3})\d', tail + chunk))
            rows = max([rows, *map(int, re.findall(rb'\br="[A-Z]*(\d+)"', (tail + chunk)[-5000:]))])
            shared += chunk.count(b't="s"')
            tail = chunk[-20:]
    widest = max((column.rjust(3) for column in columns), default=b"")
    return rows * sum((letter - 64) * 26**place for place, letter in enumerate(reversed(widest.strip()))), shared


def _lengths(archive: zipfile.ZipFile, name: str) -> list[int]:
    """Bytes of every shared text."""
    found, open_ = [], 0
    with archive.open(name) as texts:
        while chunk := texts.read(2**20):
            *whole, rest = chunk.split(b"</si>")
            for text in whole:
                found.append(open_ + len(text))
                open_ = 0
            open_ += len(rest)
    return [*found, open_]


def _repeated(archive: zipfile.ZipFile, sheets: list[str], lengths: list[int]) -> int:
    """Bytes of text that the cells of all sheets hold, each time that it is repeated."""
    size = 0
    for name in sheets:
        tail = b""
        with archive.open(name) as sheet:
            while chunk := sheet.read(2**20):
                *cells, tail = (tail + chunk).split(b"</c>")
                for cell in cells:
                    match = re.search(rb'<c\b[^>]*t="s"[^>]*>\s*<v>(\d{1,9})', cell)
                    size += lengths[int(match[1])] if match and int(match[1]) < len(lengths) else 0
                if size > MOST_BYTES:
                    return size
    return size


def _text(cell: object, column: Column | None = None) -> str:
    """A native cell as its column writes it in CSV; where the column does not say: d.m.yyyy, decimal comma, K and E."""
    match cell:
        case str():
            return cell
        case bool():
            yes, no = (column.true_value, column.false_value) if column and column.type == "boolean" else ("K", "E")
            return yes if cell else no
        case int() | float():
            return _number(cell, column.decimal_separator if column and column.type == "decimal" else ",")
        case dt.date():
            return _moment(cell, column.format if column else None)
        case _:
            return str(cell)


@lru_cache(10_000)  # the same days come again and again
def _moment(value: dt.date, form: str | None) -> str:
    """A date, with its time where it has one."""
    if form == "yyyy-MM-dd HH:mm:ss":
        return f"{value:%Y-%m-%d %H:%M:%S}"
    day = DATE_FORMATS.get(form, DATE_FORMATS["d.M.yyyy"]).format(value)
    has_time = isinstance(value, dt.datetime) and value.time() != dt.time(0)
    midnight = " 0:00" if form == "d.M.yyyy H:mm" else ""
    return f"{day} {value.hour}:{value.minute:02d}" if has_time else day + midnight


def _number(value: float, separator: str) -> str:
    """Without exponent and without `,0`: what a number typed into a text column was. Excel keeps 15 digits."""
    return format(Decimal(format(value, ".15g")), "f").replace(".", separator)
