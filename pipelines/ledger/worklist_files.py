"""A worklist file, as its keeper saved it, to rows of text."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import WorklistError

NEEDED = ("Fingerprint", "Tehty")
# Columns that say which finding a row is about; a row that was sorted apart from its fingerprint shows by them.
IDENTITY = ("Dataset", "Record", "Field", "Rule")
READ = (*NEEDED, "Huomautus", *IDENTITY, "Period")
MOST_BYTES = 200_000_000


@dataclass(frozen=True)
class WorklistFile:
    """Rows of READ and the line each stands on; `lacks`: columns of IDENTITY that the file no longer has."""

    name: str
    sha256: str
    rows: list[tuple[int, ...]]
    lacks: tuple[str, ...]


def read(path: Path) -> WorklistFile:
    """The rows with anything in them; WorklistError where the file cannot be a worklist."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise WorklistError(
                "is far larger than any worklist", file=path, remedy="name the worklist that the keeper sent back"
            )
        content = path.read_bytes()
    except OSError as error:
        raise WorklistError(
            f"cannot be read: {error.strerror}", file=path, remedy="name the worklist that the keeper sent back"
        ) from None
    rows = _sheet(path, content) if content[:2] == b"PK" else _text(path, content)
    start = next((number for number, row in enumerate(rows) if set(NEEDED) <= {cell.strip() for cell in row}), None)
    if start is None:
        raise WorklistError(
            f"is no worklist: no row has the headers {' and '.join(NEEDED)}", file=path,
            remedy="put the headers back as `vahti` wrote them, or name another file",
        )  # fmt: skip
    heads = [cell.strip() for cell in rows[start]]
    twice = sorted({head for head in heads if head in READ and heads.count(head) > 1})
    if twice:
        raise WorklistError(f"has the column {twice[0]} twice", file=path, remedy="remove one of them")
    places = {head: heads.index(head) for head in READ if head in heads}
    found = [
        (start + 2 + number, *(_cell(row, places.get(head)) for head in READ))
        for number, row in enumerate(rows[start + 1 :])
        if any(cell.strip() for cell in row)
    ]
    lacks = tuple(head for head in IDENTITY if head not in places)
    return WorklistFile(path.name, hashlib.sha256(content).hexdigest(), found, lacks)


def _cell(row: list[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""


def _sheet(path: Path, content: bytes) -> list[list[str]]:
    import python_calamine

    from pipelines.landing import sheets as workbooks

    try:
        if problem := workbooks.too_large(content):
            raise WorklistError(problem, file=path, remedy="name the worklist that the keeper sent back")
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]
    except (
        python_calamine.CalamineError,
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        OSError,
        ValueError,
        RuntimeError,
    ):
        raise WorklistError(
            "is not a readable spreadsheet", file=path, remedy="save it again as .xlsx without a password"
        ) from None
    sheets = [[[_as_text(cell) for cell in row] for row in rows] for rows in sheets]
    return next((rows for rows in sheets if any(set(NEEDED) <= {cell.strip() for cell in row} for row in rows)), [])


def _as_text(cell: object) -> str:
    match cell:
        case bool():
            return "K" if cell else "E"
        case float() if cell.is_integer():
            return str(int(cell))
        case dt.datetime():
            return cell.date().isoformat()
        case _:
            return str(cell)


def _text(path: Path, content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "windows-1252"):
        try:
            text = content.decode("utf-16") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise WorklistError(
            "is neither a spreadsheet nor text", file=path, remedy="save it as .xlsx or as CSV in UTF-8"
        )
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    try:
        return list(csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter))
    except csv.Error:
        raise WorklistError("is not readable as CSV", file=path, remedy="save it as .xlsx or as CSV in UTF-8") from None
