"""The layout of a file that is not a plain table with one header line: options of a contract's `customProperties`."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

NAMES = {
    "skipRows", "headerRows", "header", "quote", "escape", "decimal", "thousands", "widths", "headerRow", "cellRange",
    "compression",
}  # fmt: skip
WHOLE = ("skipRows", "headerRows", "headerRow")
RANGE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6}):([A-Z]{1,3})([1-9]\d{0,6})")
MARK = r"[!-/:-@\[-`{-~ \t]"


@dataclass(frozen=True)
class Layout:
    """`skip_rows`: lines before the header; `header_rows`: header lines, joined cell by cell, 0 if columns are known by
    position; `quote` and `escape`: '' for none; `widths`: characters per column of a file without a delimiter.

    `is_packed`: by gzip.

    For workbooks: `header_row`, the sheet row of the header, and `cell_range`: (first row, last row, first column, last column).
    """

    skip_rows: int = 0
    header_rows: int = 1
    quote: str = '"'
    escape: str = ""
    widths: tuple[int, ...] = ()
    header_row: int = 0
    cell_range: tuple[int, int, int, int] | None = None
    is_packed: bool = False


def read(options: dict, fail: Callable[[str, str, str], NoReturn]) -> Layout:
    """The layout in a contract's options; `fail(option, problem, remedy)` raises."""
    quote, escape = options.get("quote", '"'), options.get("escape", "")
    for name, mark in (("quote", quote), ("escape", escape)):
        if mark not in ("", "none") and not re.fullmatch(MARK, mark):
            fail(name, "must be one ASCII character, no letter or digit", "such as `'`, or `none`")
    header_rows = 0 if options.get("header") == "none" else options.get("headerRows", 1)
    if options.get("header", "none") != "none":
        fail("header", "can only be `none`", "leave it out where the file has a header")
    if options.get("compression", "gzip") != "gzip":
        fail("compression", "can only be `gzip`", "leave it out where the file is not packed")
    widths = tuple(options.get("widths", ()))
    if not all(isinstance(width, int) and not isinstance(width, bool) and width > 0 for width in widths):
        fail("widths", "is no list of whole numbers", "write `[8, 30, 12]`")
    return Layout(
        options.get("skipRows", 0),
        header_rows,
        "" if quote == "none" or widths else quote,
        "" if escape == "none" else escape,
        widths,
        options.get("headerRow", 0),
        _cells(options.get("cellRange"), fail),
        "compression" in options,
    )


def _cells(text: str | None, fail: Callable[[str, str, str], NoReturn]) -> tuple[int, int, int, int] | None:
    if text is None:
        return None
    match = RANGE.fullmatch(text)
    if not match:
        fail("cellRange", f"{text!r} is no range of cells", "write such as `B3:H500`")
    first, last = _column(match[1]), _column(match[3])
    if first > last or int(match[2]) > int(match[4]):
        fail("cellRange", f"{text!r} ends before it begins", "write such as `B3:H500`")
    return int(match[2]), int(match[4]), first, last


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def canonical(encoding: str) -> str:
    """One name for an encoding with several, preferring those that contracts use."""
    name = codecs.lookup(encoding).name
    return {"utf-8-sig": "utf-8", "cp1252": "windows-1252", "iso8859-1": "iso-8859-1"}.get(name, name)


def is_encoding(name: str) -> bool:
    """Whether Python has a text encoding with that name."""
    try:
        return bool(codecs.lookup(name)._is_text_encoding)
    except LookupError:
        return False
