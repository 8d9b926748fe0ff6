"""The files of one period: CSV tables that know their physical line, and workbooks written row by row.

`write(cells, shape)` takes cells in the layout's order and returns the line (in a workbook, the sheet row) on which the
record starts. Of the shapes, `plain`, `quoted`, `after blank`, `after spaces` and `after empty` are habits of the systems;
`short`, `long`, `surplus` (empty cells that the other rows do not have) and `header` cannot be read as rows. A lone
surrogate `\\udc81` in a cell becomes the raw byte 0x81, which the file's encoding cannot decode.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import xlsxwriter

from pipelines.samples.layout import Layout

_EXCEL_DAY_ZERO = 693_594  # ordinal of 30 December 1899
_FLUSH_AT = 5_000
SHEET_ROWS = 1_048_576


class Table:
    """One CSV file. `order`: positions of its columns in this period, -1 for an undeclared one."""

    def __init__(self, path: Path, layout: Layout, order: list[int] | None = None, extra: str = "") -> None:
        self.layout, self.order, self.encoding = layout, order, layout.encoding.replace("-sig", "")
        self.delimiter, self.newline = layout.delimiter, layout.newline
        self._file = path.open("wb")
        if layout.encoding == "utf-8-sig":
            self._file.write(b"\xef\xbb\xbf")
        self.lines: list[str] = []
        self._written = 0
        self._tick = 0
        self.headers = [extra if place < 0 else layout.headers[place] for place in order or range(len(layout.headers))]
        self.surplus = ""
        self.lines.append(self.line(self.headers))
        self.surplus = self.delimiter * layout.surplus

    def line(self, cells: list[str]) -> str:
        """The cells as one record, quoted if the delimiter, a quote or a line end requires it."""
        plain = self.delimiter.join(cells)
        if plain.count(self.delimiter) < len(cells) and '"' not in plain and "\n" not in plain:
            return plain + self.surplus
        return self.delimiter.join(self._quoted(cell) for cell in cells) + self.surplus

    def _quoted(self, cell: str) -> str:
        needs = self.delimiter in cell or '"' in cell or "\n" in cell
        return quoted(cell) if needs else cell

    def append(self, line: str) -> None:
        """A record rendered earlier, for tables in the layout's own order."""
        self.lines.append(line)
        if len(self.lines) > _FLUSH_AT:
            self.flush()

    def write(self, cells: list[str], shape: str = "plain", where: bool = False) -> int:
        """Writes one record; counts the lines before it (which flushes them) only on request."""
        cells = self._ordered(cells)
        if shape == "after blank":
            self.append("")
        elif shape == "after spaces":
            self.append("  ")
        elif shape == "after empty":
            self.append(self.delimiter * (len(self.headers) - 1))
        elif shape == "surplus":
            cells = [*cells, "", ""]
        elif shape == "short":
            cells = cells[:-2]
        elif shape == "long":
            cells = [*cells, "ylimääräinen"]
        elif shape == "header":
            cells = self.headers
        place = self.next_line() if where else 0
        self.append(self.delimiter.join(map(quoted, cells)) + self.surplus if shape == "quoted" else self.line(cells))
        return place

    def _ordered(self, cells: list[str]) -> list[str]:
        if self.order is None:
            return cells
        self._tick += 1
        return [("", "E", "K")[self._tick % 3] if place < 0 else cells[place] for place in self.order]

    def next_line(self) -> int:
        self.flush()
        return self._written + 1

    def flush(self) -> None:
        if self.lines:
            text = self.newline.join(self.lines) + self.newline
            self._written += text.count("\n")
            self._file.write(text.encode(self.encoding, "surrogateescape"))
            self.lines.clear()

    def close(self) -> None:
        self.flush()
        self._file.close()


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


class Sheet:
    """One workbook of one sheet, without a trace of when or where it was made."""

    def __init__(self, path: Path, layout: Layout) -> None:
        self.layout = layout
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_numbers": False})
        self._book.set_properties({"created": datetime(2025, 1, 1), "author": "Rekisterivahti", "title": layout.name})
        self._sheet = self._book.add_worksheet("Taul1")
        self._day = self._book.add_format({"num_format": "d.m.yyyy"})
        self._dates = {place for column, place in layout.places.items() if column.endswith("_on")}
        self._row = 0
        self.headers = list(layout.headers)
        self.write(self.headers)

    def write(self, cells: list, shape: str = "plain", where: bool = False) -> int:
        """Writes one sheet row: texts as texts, ordinals in date columns as native dates, other numbers as numbers."""
        if shape in ("after blank", "after spaces", "after empty"):
            self._row += 1
        elif shape == "header":
            cells = self.headers
        elif shape == "long":
            cells = [*cells, "ylimääräinen"]
        row, string, number = self._row, self._sheet.write_string, self._sheet.write_number
        if row >= SHEET_ROWS:
            raise ValueError(f"{self.layout.file}: a sheet holds {SHEET_ROWS} rows; ask for fewer customers")
        for column, cell in enumerate(cells):
            if cell.__class__ is str:
                if cell:
                    string(row, column, cell)
            elif column in self._dates:
                number(row, column, cell - _EXCEL_DAY_ZERO, self._day)
            else:
                number(row, column, cell)
        self._row += 1
        return row + 1

    def close(self) -> None:
        self._book.close()
