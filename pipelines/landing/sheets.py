"""Converts worksheets to the text that the same export would hold as CSV, using calamine. Only for the separate reading
process (landing/reading.py): a workbook can crash or hang whatever opens it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import python_calamine

from pipelines.expectations import dates

# All cells of a sheet are in memory at once, empty ones too.
MOST_CELLS, MOST_COLUMNS = 50_000_000, 16_384
MOST_BYTES = 2 * 2**30
DATE_FORMATS = {"d.M.yyyy": "{0.day}.{0.month}.{0.year:04d}", "yyyy-MM-dd": "{0:%Y-%m-%d}", "yyyy-MM": "{0:%Y-%m}"}
# What a workbook reader raises for a damaged file or one that is not a workbook.
UNREADABLE = (python_calamine.CalamineError, zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError)


class TooLarge(Exception):
    """A workbook too large for memory."""


@dataclass(frozen=True)
class Form:
    """How the native cells of a column are written: dates by `format` (of a contract), numbers, yes and no."""

    format: str | None = None
    separator: str = ","
    yes: str = "K"
    no: str = "E"


def workbook(content: bytes) -> python_calamine.CalamineWorkbook:
    """Opens the workbook; TooLarge if the archive declares an excessive unpacked size."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
            raise TooLarge
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))


def rows(sheet: python_calamine.CalamineSheet) -> Iterator[tuple[int, list[object]]]:
    """The sheet's rows with their numbers, from its first cell on, all of equal length."""
    if sheet.start is None or sheet.end is None:
        return
    height, width = (last + 1 for last in sheet.end)
    if width > MOST_COLUMNS or height * width > MOST_CELLS:
        raise TooLarge
    margin: list[object] = [""] * sheet.start[1]
    for line, row in enumerate(sheet.iter_rows(), 1):
        yield line, [*margin, *row]


def text(cell: object, form: Form) -> str:
    """A native cell as its column is written in CSV."""
    match cell:
        case str():
            return cell
        case bool():
            return form.yes if cell else form.no
        case int() | float():
            return _number(cell, form.separator)
        case dt.date():
            return _moment(cell, form.format)
        case _:
            return str(cell)


@lru_cache(10_000)  # the same days recur
def _moment(value: dt.date, form: str | None) -> str:
    """A date, with its time if it has one."""
    if form == "yyyy-MM-dd HH:mm:ss":
        return f"{value:%Y-%m-%d %H:%M:%S}"
    found = dates.pattern(form) if form and form not in (*DATE_FORMATS, "d.M.yyyy H:mm") else None
    if form and isinstance(found, dates.Pattern):
        moment = value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day)
        timeless = dates.kind(found) != "timestamp" and moment.time() != dt.time(0)
        return dates.written(form, moment) + (f" {moment:%H:%M}" if timeless else "")
    day = DATE_FORMATS.get(form or "", DATE_FORMATS["d.M.yyyy"]).format(value)
    if isinstance(value, dt.datetime) and value.time() != dt.time(0):
        return f"{day} {value.hour}:{value.minute:02d}"
    return day + (" 0:00" if form == "d.M.yyyy H:mm" else "")


def _number(value: float, separator: str) -> str:
    """Without exponent and without `,0`: as a number was typed into a text column. Excel keeps 15 digits."""
    return format(Decimal(format(value, ".15g")), "f").replace(".", separator)
