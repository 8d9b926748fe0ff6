"""What must hold of the reader for any bytes whatever."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from unittest.mock import patch

from conftest import NOTES

from pipelines.errors import BooksError, VahtiError
from pipelines.landing import straight

ENCODINGS = ("utf-8", "windows-1252", "iso-8859-1")
DELIMITERS = (";", ",", "\t", "|")
SHEET = replace(NOTES, file="vihko.xlsx", kind="xlsx")


def check(land, data: bytes, kind: int) -> None:
    """Lands the bytes as a file of one of many kinds. AssertionError where a line is lost or stands twice."""
    contract = replace(NOTES, encoding=ENCODINGS[kind % 3], delimiter=DELIMITERS[kind // 3 % 4])
    landed = land(data, contract)
    with patch.object(straight, "LEAST_BYTES", 0):
        assert land(data, contract) == landed  # the straight way and the judge's
    if landed.status != "read":
        assert landed.rows == landed.rejected == []
        return
    there, rejected = [row[0] for row in landed.rows], [line for line, _ in landed.rejected]
    assert len(there) == len(set(there)) and not set(there) & set(rejected)
    assert landed.books == (len(there) + len(rejected), len(there), len(rejected))
    lines = data.count(b"\n") + (bool(data) and not data.endswith(b"\n"))
    assert landed.lines == lines and all(1 < line <= lines for line in (*there, *rejected))
    if b'"' not in data:
        _every_line_once(data, contract, {*there, *rejected})


def _every_line_once(data: bytes, contract, found: set[int]) -> None:
    """Without quotes a line is a record: every line after the header that is not blank is there, or rejected."""
    blank = bytes.maketrans(contract.delimiter.encode(), b" ")
    whole = [
        number
        for number, line in enumerate(data.split(b"\n"), 1)
        if line.translate(blank).strip(b" \t\r\x0b\x0c\x1c\x1d\x1e\x1f")
    ]
    later = set(whole[1:])
    # White space of other alphabets, and a mark of the byte order, may leave nothing of a line.
    unclear = {number for number in later - found if not _has_visible(data.split(b"\n")[number - 1], contract)}
    assert later - found <= unclear, sorted(later - found)
    assert found <= later


def _has_visible(line: bytes, contract) -> bool:
    codec = "cp1252" if contract.encoding == "windows-1252" else contract.encoding
    text = line.decode(codec, "replace").replace(contract.delimiter, "")
    return any(not letter.isspace() and letter != "\ufeff" for letter in text)


def check_sheet(land, parts: dict[str, bytes]) -> None:
    """The same for a workbook of any parts: rows, or a message."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    try:
        landed = land(buffer.getvalue(), SHEET)
    except BooksError:
        raise
    except VahtiError as error:
        assert "Remedy" in str(error)
        return
    if landed.status == "read":
        assert landed.books[0] == len(landed.rows) + len(landed.rejected)
