"""Files to records: every line that is not blank becomes a record or a rejected row."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

import python_calamine

from .layouts import Dataset
from .values import READERS, as_text, is_missing

BOM = b"\xef\xbb\xbf"


@dataclass
class Record:
    dataset: Dataset
    line: int
    values: dict[str, object]  # registry name → typed value; a missing one is None; an absent column is no key
    unreadable: set[str]

    def __getitem__(self, name: str):
        return self.values.get(name)

    @property
    def key(self) -> str:
        return self[self.dataset.key] or f"{self.dataset.file}:{self.line}"


@dataclass
class Table:
    dataset: Dataset
    present: bool = False  # the file is there and has a header line
    columns: set[str] = field(default_factory=set)
    undeclared: list[str] = field(default_factory=list)  # each by its place in the file, from 1
    refused: bool = False  # its lines, its cells or its letters are not what the layout says
    mismatch: bool = False  # its letters are in another encoding than the layout says
    records: list[Record] = field(default_factory=list)
    rejected: list[int] = field(default_factory=list)
    rejected_cells: set[str] = field(default_factory=set)

    def reject(self, line: int, cells: list[str]) -> None:
        self.rejected.append(line)
        self.rejected_cells.update(cells)


@dataclass
class Row:
    """A row of the file; `cells` is None where it could not be read, `loose` what can be guessed of them."""

    line: int
    cells: list[object] | None
    loose: list[str]

    def is_blank(self) -> bool:
        return self.cells is not None and all(cell == "" for cell in self.cells)


# CSV: quotes are special only at the start of a cell; bytes are split first and decoded cell by cell.


def _quoted_cell(data: bytes, place: int) -> tuple[bytes, int] | None:
    """The cell whose opening quote is at `place`, and the place after its closing quote; None if never closed."""
    pieces, start = [], place + 1
    while (quote := data.find(b'"', start)) >= 0:
        pieces.append(data[start:quote])
        if data[quote + 1 : quote + 2] != b'"':
            return b"".join(pieces), quote + 1
        pieces.append(b'"')
        start = quote + 2
    return None


def _plain_cell(data: bytes, place: int, delimiter: bytes) -> tuple[bytes, int]:
    line_end = data.find(b"\n", place)
    line_end = len(data) if line_end < 0 else line_end
    end = data.find(delimiter, place, line_end)
    end = line_end if end < 0 else end
    return data[place:end], end


def _csv_record(data: bytes, place: int, delimiter: bytes) -> tuple[list[bytes], int] | None:
    """Cells of the record at `place` and where the next one starts; None where the quoting is malformed."""
    cells, plain, start = [], [], place
    while True:
        quoted = data[place : place + 1] == b'"'
        cell = _quoted_cell(data, place) if quoted else _plain_cell(data, place, delimiter)
        if cell is None:
            return None
        cells.append(cell[0])
        plain.append(b"" if quoted else cell[0])
        place = cell[1]
        if data[place : place + 1] == delimiter:
            place += 1
            continue
        for line_end in (b"\r\n", b"\n"):
            if data.startswith(line_end, place):
                return None if _is_glued(plain, data[start:place]) else (cells, place + len(line_end))
        return (cells, place) if place == len(data) and not _is_glued(plain, data[start:place]) else None


def _is_glued(plain: list[bytes], text: bytes) -> bool:
    """A text in quotes that lost the delimiter before it, and is cut by its own: an unquoted cell with a quote in it, and a
    later one that ends with a quote."""
    if b"\n" in text:
        return False
    opened = [n for n, cell in enumerate(plain) if cell.count(b'"') == 1 and cell.partition(b'"')[2].strip(b" \t")]
    closed = [n for n, cell in enumerate(plain) if cell.count(b'"') == 1 and cell.rstrip(b" \t").endswith(b'"')]
    return bool(opened and closed and min(opened) < max(closed))


def _loose_cells(raw: bytes, encoding: str, delimiter: str) -> list[str]:
    text = raw.decode(encoding, errors="replace")
    return [cell.strip().strip('"').strip() for line in text.split("\n") for cell in line.split(delimiter)]


def csv_rows(data: bytes, encoding: str, delimiter: str):
    if encoding == "utf-8":
        data = data.removeprefix(BOM)
    if b"\n" not in data:  # a carriage return is a line end where there is no other
        data = data.replace(b"\r", b"\n")
    place, line = 0, 1
    while place < len(data):
        record = _csv_record(data, place, delimiter.encode())
        first_line_end = data.find(b"\n", place) + 1 or len(data)
        end = record[1] if record else first_line_end
        try:
            cells = [cell.decode(encoding).strip() for cell in record[0]] if record else None
        except UnicodeDecodeError:
            cells = None
        yield Row(line, cells, _loose_cells(data[place:end], encoding, delimiter))
        line += data.count(b"\n", place, end)
        place = end


def _native(cell: object) -> object:
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date()
    return cell if isinstance(cell, (dt.date, float)) else as_text(cell)


def xlsx_rows(path: Path):
    try:
        sheet = python_calamine.load_workbook(path).get_sheet_by_index(0)
    except python_calamine.CalamineError:  # an empty or broken file has no header line
        return
    for number, row in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        cells = [_native(cell) for cell in row]
        yield Row(number, cells, [as_text(cell) for cell in cells])


def _rows(path: Path, dataset: Dataset) -> list[Row]:
    if not path.is_file():
        return []
    rows = (
        xlsx_rows(path) if path.suffix == ".xlsx" else csv_rows(path.read_bytes(), dataset.encoding, dataset.delimiter)
    )
    return [row for row in rows if not row.is_blank()]


# Rows to records.


def _without_empty_end(cells: list[object]) -> list[str]:
    texts = [as_text(cell) for cell in cells]
    while texts and texts[-1] == "":
        texts.pop()
    return texts


def width_of_rows(header: Row, rows: list[Row]) -> int:
    """How many cells a row must have: as many as the header, unless every row has the same surplus of empty cells."""
    names, wide, every = _without_empty_end(header.cells), len(header.cells), len(rows)
    rows = [row for row in rows if row.cells is not None and _without_empty_end(row.cells) != names]
    widths = {len(row.cells) for row in rows}
    # Of one row alone nobody can tell whether it has a surplus or was moved.
    empty_ends = all(len(_without_empty_end(row.cells)) <= len(names) for row in rows)
    if len(rows) > 1 and len(widths) == 1 and max(widths) >= len(names) and empty_ends:
        return widths.pop()
    surplus = [r for r in rows if len(r.cells) > wide and len(_without_empty_end(r.cells)) <= len(names)]
    # Where most rows have a surplus, one that has none may have lost a delimiter.
    return -1 if 2 * len(surplus) > every else wide


def may_be_moved(rows: list[Row], header: list[str], undeclared: list, missing: int) -> bool:
    """Whether a delimiter too many or too few may stand in the header itself: where it has headers that nobody knows, and
    fits less than half of the rows, or has one too many and nothing in its last column."""
    wide, fitting = len(rows[0].cells), []
    for row in rows[1:]:
        cells = None if row.cells is None else _without_empty_end(row.cells)
        if cells is not None and len(row.cells) == wide and len(cells) <= len(header) and cells != header:
            fitting.append(row.cells)
    if 2 * len(fitting) < len(rows) - 1:
        return True
    one_too_many = "" in header or len(undeclared) > missing > 0
    return one_too_many and len(rows) > 1 and all(cells[len(header) - 1] == "" for cells in fitting)


def is_in_another_encoding(data: bytes, encoding: str) -> bool:
    """UTF-8 where the layout says one byte a letter, or one byte a letter where it says UTF-8; more of it than of the other."""
    letters = broken = 0
    text = data.decode("utf-8", errors="surrogateescape")
    for letter in text:
        broken += "\udc80" <= letter <= "\udcff"
        letters += letter > "\x7f" and not "\udc80" <= letter <= "\udcff"
    return broken > letters if encoding == "utf-8" else letters > broken


def _record(dataset: Dataset, row: Row, places: dict[str, int]) -> Record:
    values, unreadable = {}, set()
    for column in dataset.columns:
        if column.name not in places:
            continue
        cell, values[column.name] = row.cells[places[column.name]], None
        if is_missing(cell):
            continue
        try:
            value = READERS[column.type](cell)
            if column.values and value not in column.values:
                raise ValueError("not in the closed list")
            values[column.name] = value
        except ValueError:
            unreadable.add(column.name)
    return Record(dataset, row.line, values, unreadable)


def read_table(folder: Path, dataset: Dataset) -> Table:
    """The dataset's file of this period; an unreadable header rejects every line of its file."""
    table = Table(dataset)
    rows = _rows(folder / dataset.file, dataset)
    if not rows or rows[0].cells is None:
        for row in rows:
            table.reject(row.line, row.loose)
        return table
    header = _without_empty_end(rows[0].cells)
    names = {column.header: column.name for column in dataset.columns}
    if any("\r" in title for title in header) or len(header) > 3 * len(names):
        table.refused = True
        return table
    places: dict[str, int] = {}
    for place, title in enumerate(header):
        if title in names and names[title] not in places:
            places[names[title]] = place
        else:
            table.undeclared.append(f"column {place + 1}")
    table.present, table.columns = True, set(places)
    if not dataset.file.endswith(".xlsx"):
        table.mismatch = is_in_another_encoding((folder / dataset.file).read_bytes(), dataset.encoding)
    wide = len(rows[0].cells)
    if not table.undeclared and not dataset.file.endswith(".xlsx"):
        wide = width_of_rows(rows[0], rows[1:])
    elif not dataset.file.endswith(".xlsx"):
        missing = len(set(names) - set(header))
        wide = -1 if may_be_moved(rows, header, table.undeclared, missing) else wide
    for row in rows[1:]:
        cells = None if row.cells is None else _without_empty_end(row.cells)
        if cells is None or len(row.cells) != wide or len(cells) > len(header) or cells == header:
            table.reject(row.line, row.loose)
        else:
            table.records.append(_record(dataset, row, places))
    return table
