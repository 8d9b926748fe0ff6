"""Files whose cells have types, Parquet and JSON lines, to the text that the same export would hold as CSV. Only for the process
that reads apart (landing/reading.py)."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pipelines.landing import sheets
from pipelines.landing.sheets import Form

# Rows of a Parquet file that are in memory as Python's own at once.
BATCH = 5_000


class Unfit(Exception):
    """What keeps such a file from being read: `file`, `nested NAME`, or `line NUMBER`."""


def parquet(content: bytes) -> Iterator[list[Any]]:
    """The names of the columns, then every row; Unfit for a damaged file, and for a column that holds more than one value."""
    import pyarrow as arrow  # only where there is such a file: it takes longer to import than most exports to read
    from pyarrow import parquet as files

    arrow.set_memory_pool(arrow.system_memory_pool())
    try:
        file = files.ParquetFile(io.BytesIO(content), pre_buffer=False)
        for column in file.schema_arrow:
            if arrow.types.is_nested(column.type) or arrow.types.is_binary(column.type):
                raise Unfit(f"nested {column.name}")
        yield list(file.schema_arrow.names)
        for batch in file.iter_batches(BATCH, use_threads=False):
            columns = [_values(column) for column in batch.columns]
            yield from (list(row) for row in zip(*columns, strict=True))
    except MemoryError:  # Arrow's own is one of its exceptions, too
        raise
    except (arrow.ArrowException, ValueError, OSError, OverflowError):
        raise Unfit("file") from None


def _values(column: Any) -> list[Any]:
    """A column's cells as Python's own: moments to the microsecond, those of a zone in UTC, whatever zone it is."""
    import pyarrow as arrow  # as above

    kind = column.type
    if not arrow.types.is_timestamp(kind):
        return column.to_pylist()
    found = column.cast(arrow.timestamp("us", kind.tz), safe=False).cast(arrow.int64()).to_pylist()
    zone = dt.UTC if kind.tz else None
    begin = dt.datetime(1970, 1, 1, tzinfo=zone)
    return [None if value is None else begin + dt.timedelta(microseconds=value) for value in found]


def json_lines(content: bytes) -> Iterator[list[Any]]:
    """The names that the objects have, in the order in which they first come, then every line; None for a blank one.

    Numbers keep the look they have. Unfit for a line that is no object, names one thing twice, or holds lists or objects.
    """
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    if lines[-1].strip() == b"":
        lines.pop()
    names: dict[str, None] = {}
    for number, line in enumerate(lines, 1):
        names |= dict.fromkeys(_object(line, number))
    yield list(names)
    for number, line in enumerate(lines, 1):
        found = _object(line, number)
        yield [found.get(name) for name in names]


def _object(line: bytes, number: int) -> dict[str, Any]:
    if not line.strip():
        return {}
    try:
        found = json.loads(line, parse_float=Number, parse_int=Number, parse_constant=Number, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise Unfit(f"line {number}") from None
    if not isinstance(found, dict):
        raise Unfit(f"line {number}")
    for name, value in found.items():
        if isinstance(value, dict | list):
            raise Unfit(f"nested {name}")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name twice")
    return found


class Number(str):
    """A number as it stands in the file."""


def text(cell: object, form: Form) -> str:
    """A cell as its column writes it in CSV; nothing for null. A moment with a zone is written in full, for no pattern says it."""
    match cell:
        case None:
            return ""
        case Number():
            return cell.replace(".", form.separator)
        case Decimal():
            return format(cell, "f").replace(".", form.separator)
        case dt.datetime() if cell.tzinfo:
            return cell.isoformat()
        case dt.time() | dt.timedelta():
            return str(cell)
        case _:
            return sheets.text(cell, form)
