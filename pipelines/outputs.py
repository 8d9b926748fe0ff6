"""What leaves the workbench. The only module that writes files outside the databases: keys, kinds, counts and dates
only. The exception is the access package, which names one person and goes where the officer chooses."""

from __future__ import annotations

import os
import re
from pathlib import Path

from pipelines.errors import VahtiError
from pipelines.sql import literal

# How a cell begins that a spreadsheet runs as a formula, or that was already guarded (OWASP, "CSV Injection"): a sign,
# also full-width, after any blanks, line breaks or invisible characters. The same in Python and RE2.
BLANK = "\\x00-\\x20\\x7f-\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u2069\u3000\ufeff"
SIGNS = "=+\\-@'\\t\\r\\n\uff1d\uff0b\uff0d\uff20"
FORMULA = f"^[{BLANK}]*[{SIGNS}]"
GUARD = "'"
# A telephone number or an amount, which no spreadsheet runs.
NUMBER = re.compile(r"[+-][0-9]+(?: [0-9]+)*(?:[.,][0-9]+)?")


def guarded(cell: object, numbers_stay: bool = False) -> object:
    """A cell of a CSV file: text that a spreadsheet would run gets a leading apostrophe, all else is unchanged."""
    if not isinstance(cell, str) or not re.match(FORMULA, cell) or (numbers_stay and NUMBER.fullmatch(cell)):
        return cell
    return GUARD + cell


def guarded_rows(query: str, *columns: str) -> str:
    """The same rows for a CSV file, with values from exports and rules guarded as by `guarded`."""
    texts = ", ".join(
        f"case when regexp_matches({column}, {literal(FORMULA)}) then {literal(GUARD)} || {column} else {column} end"
        f" as {column}"
        for column in columns
    )
    return f"select * replace ({texts}) from ({query})"


def write_bytes(folder: Path, name: str, content: bytes) -> Path:
    """Writes one binary file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return path


def write_text(folder: Path, name: str, text: str) -> Path:
    """Writes one text file, UTF-8 with LF."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def private_folder(folder: Path, home: Path) -> None:
    """A new folder that only its owner can open, for what names a person; VahtiError if it would mix with other files."""
    remedy = "name a new folder, outside the workbench home"
    if folder.resolve().is_relative_to(home.resolve()):
        raise VahtiError("lies in the workbench home", file=folder, remedy=remedy)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.is_symlink() or any(folder.iterdir()):
            raise VahtiError("is not an empty folder", file=folder, remedy=remedy)
        folder.chmod(0o700)
    except OSError as error:
        raise VahtiError(f"cannot be made: {error.strerror}", file=folder, remedy=remedy) from None


def write_private(folder: Path, name: str, content: bytes) -> Path:
    """A new file that only its owner can read; VahtiError if it exists or cannot be written."""
    path = folder / name
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
            handle.write(content)
    except OSError as error:
        raise VahtiError(
            f"cannot be written: {error.strerror}",
            file=path,
            remedy="free disk space, and make the package again in a new folder",
        ) from None
    return path
