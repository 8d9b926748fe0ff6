"""Worksheets to the text that the same export would hold as CSV. pandas and calamine at the edge."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.contracts import Contract
from pipelines.errors import ExportsError
from pipelines.lines import Source, opened

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Headers:
    """The first row that is not empty: its sheet row and its cells."""

    line: int
    cells: list[str]


def read(source: Source, contract: Contract) -> tuple[pandas.DataFrame | None, Headers | None]:
    """All rows of the sheet as text, `line` first then c1, c2, …; and the headers. (None, None) for an empty sheet."""
    import pandas

    rows = _rows(source, contract)
    source.lines = len(rows)
    text = [[_text(cell) for cell in row] for row in rows]
    headers = next((Headers(line, row) for line, row in enumerate(text, 1) if any(cell.strip() for cell in row)), None)
    if headers is None:
        return None, None
    frame = pandas.DataFrame(text, columns=[f"c{number}" for number in range(1, len(text[0]) + 1)], dtype=object)
    frame.insert(0, "line", range(1, len(text) + 1))
    return frame, headers


def _rows(source: Source, contract: Contract) -> list[list[object]]:
    import python_calamine

    with opened(source.path) as handle:
        content = handle.read()
    source.size, source.sha256 = len(content), hashlib.sha256(content).hexdigest()
    if not content:
        return []
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(source.path))
        sheet = workbook.get_sheet_by_name(contract.sheet) if contract.sheet else workbook.get_sheet_by_index(0)
        return sheet.to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, python_calamine.WorksheetNotFound, OSError, ValueError):
        raise ExportsError(
            "is not a readable XLSX workbook", file=source.path.name, remedy="save it again as .xlsx without a password"
        ) from None


def _text(cell: object) -> str:
    """A cell in the habits of the CSV exports: dates d.m.yyyy, decimal comma, K and E."""
    match cell:
        case str():
            return cell
        case bool():
            return "K" if cell else "E"
        case int():
            return str(cell)
        case float():
            return _number(cell)
        case dt.datetime():
            day = f"{cell.day}.{cell.month}.{cell.year:04d}"
            return day if cell.time() == dt.time(0) else f"{day} {cell.hour}:{cell.minute:02d}"
        case dt.date():
            return f"{cell.day}.{cell.month}.{cell.year:04d}"
        case _:
            return str(cell)


def _number(value: float) -> str:
    """Without exponent and without `,0`: what a number typed into a text column was."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return format(value, ".15g").replace(".", ",") if "e" not in format(value, ".15g") else format(value, "f").replace(".", ",")
