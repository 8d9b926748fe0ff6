"""Recognisable values for personal columns, and a search that finds them in whatever a program has written.

`plant(folder, contracts)` puts them into every personal column of every export in a folder, by the contracts alone: a
column that nobody classified is personal, so a new one is planted by itself. Keys, and the numbers that name a data
subject, are left alone: findings and worklists show them by design. `found(name, data)` says where in some bytes a
planted value is, however they are packed.
"""

from __future__ import annotations

import base64
import contextlib
import csv
import html
import io
import itertools
import re
import shutil
import subprocess
import threading
import unicodedata
import urllib.parse
import zipfile
import zlib
from pathlib import Path

import python_calamine
import xlsxwriter

from pipelines.expectations.contract import Column, Contract
from pipelines.landing import apart, sheets

WORD, ACCENTED = "Zqxkanaria", "Zqxkän\u00e4r\u00efa"
# Where lines may be folded: no program of ours writes these four letters by chance.
CORE = "zqxk"
# Valid by their own rules, and of nobody: identity codes with individual numbers from 900 on, no phone's own numbers.
VALID = {
    "identity-code": ("131052-9373", "131052-937"),
    "phone": ("045 773 1926", "457731926"),
    "email": (f"{WORD}@example.fi", WORD),
    "iban": ("FI56 1234 5600 0731 96", "12345600073196"),
    "property-id": ("232-405-7319-6482", "73196482"),
    "reference-number": ("73195264830", "73195264830"),
}
AMOUNT = "7319526483"
DIGITS = tuple(sorted({core for _, core in VALID.values() if core != WORD} | {AMOUNT}))
UNDECLARED = f"131052-9373 {WORD}"
LONGEST = 30_000_000


# Planting


def is_planted(contract: Contract, column: Column, subject: tuple[str, str]) -> bool:
    """Whether a column is personal and its values are for nobody else's eyes."""
    return column.personal and not column.key and column.references != subject


def cells(column: Column) -> list[str]:
    """What is planted into a column: words, and what its type and format take for valid."""
    words = [f"{WORD} {column.name}", f"{ACCENTED} {column.name}", WORD.upper(), WORD.lower()]
    if column.type == "decimal":
        return [AMOUNT + column.decimal_separator + "25", *words]
    if column.type != "text":
        return words
    if column.format in VALID:
        return [VALID[column.format][0], *words]
    return [
        *words,
        f'=HYPERLINK("http://example.fi/{WORD}")',
        f"<script>alert('{WORD}')</script>",
        f"{WORD}; '{ACCENTED}' \"{WORD}\"",
        f"{WORD}\n{ACCENTED}",
        f"soita {WORD} {VALID['phone'][0]}, {VALID['identity-code'][0]}, {VALID['iban'][0]}",
        f"\u202e{WORD}\0{WORD}",
        f"{WORD} " * 1000,
    ]


def plant(folder: Path, contracts: tuple[Contract, ...], subject: tuple[str, str]) -> dict[str, int]:
    """Plants into every file of a period's folder; how many cells by `dataset.column`."""
    planted: dict[str, int] = {}
    for contract in contracts:
        path = folder / contract.file
        if not path.is_file():
            continue
        header, *rows = read(path, contract)
        rows = [row for row in rows if len(row) == len(header)]  # the samples' own broken rows could hold none
        places = {column.header: column for column in contract.columns if is_planted(contract, column, subject)}
        for place, name in enumerate(header):
            column = places.get(" ".join(name.split()))
            for row, cell in zip(rows, cells(column), strict=False) if column else ():
                row[place] = cell
                planted[f"{contract.dataset}.{column.name}"] = planted.get(f"{contract.dataset}.{column.name}", 0) + 1
            for row in rows[12:60:2] if column and column.type == "text" and not column.format else ():
                row[place] = f"{row[place]} {WORD}".strip()
        rows = [[*row, WORD] for row in rows]
        write(path, contract, [[*header, UNDECLARED], *rows])
        if contract.kind == "csv":
            spoil(path, contract, len(header) + 1)
    (folder / f"{WORD}.csv").write_text(f"{WORD};{ACCENTED}\n{WORD};1\n", "utf-8")
    return planted


def spoil(path: Path, contract: Contract, width: int) -> None:
    """Lines that are no rows."""
    d = contract.delimiter
    lines = [WORD, d.join([WORD] * (width + 3)), d.join([WORD] * width) + "\udcff", f'{WORD}{d}"{WORD} never closed']
    lines.insert(2, d.join([WORD] * (width - 1)) + d + WORD * 250_000)
    wrong = b"\x81" if contract.encoding == "windows-1252" else b"\xff"
    with path.open("ab") as file:
        for line in lines:
            file.write(line.replace("\udcff", "\x7f").encode("cp1252", "replace").replace(b"\x7f", wrong) + b"\r\n")


def read(path: Path, contract: Contract) -> list[list[str]]:
    """All rows of an export."""
    if contract.kind == "xlsx":
        rows = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        forms = {column.header: sheets.Form(*apart.form(column)) for column in contract.columns}
        return [
            [
                sheets.text(cell, forms.get(head, sheets.Form(None, ",", "K", "E")))
                for cell, head in zip(row, rows[0], strict=True)
            ]
            for row in rows
        ]
    text = path.read_bytes().decode(codec(contract), "replace").replace("\0", "")
    return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=contract.delimiter) if row]


def write(path: Path, contract: Contract, rows: list[list[str]]) -> None:
    """The export again, with a second sheet, and properties, where it is a workbook."""
    if contract.kind == "xlsx":
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            book.set_properties({"title": WORD, "author": ACCENTED})
            for name, lines in (("Sheet1", rows), (WORD, [[ACCENTED]])):
                sheet = book.add_worksheet(name)
                for place, row in enumerate(lines):
                    for side, cell in enumerate(row):
                        sheet.write_string(place, side, cell.replace("\0", "")[:32_000])
        return
    with path.open("w", encoding=codec(contract), errors="replace", newline="") as file:
        csv.writer(file, delimiter=contract.delimiter).writerows(rows)


def codec(contract: Contract) -> str:
    return (
        "cp1252"
        if contract.encoding == "windows-1252"
        else f"{contract.encoding}-sig"
        if contract.encoding == "utf-8"
        else contract.encoding
    )


# Finding


def _needles() -> dict[bytes, str]:
    """Bytes to look for in lower-cased bytes, and what they are."""
    needles: dict[bytes, str] = {}
    for word in (WORD.lower(), ACCENTED.lower(), ACCENTED.upper(), *DIGITS):
        for form in {word, unicodedata.normalize("NFD", word)}:
            for encoding in ("utf-8", "utf-16-le", "utf-16-be", "latin-1"):
                with contextlib.suppress(UnicodeEncodeError):
                    needles[form.encode(encoding).lower()] = f"{word} in {encoding}"
        needles[word.encode().hex().encode()] = f"{word} in hexadecimal"
    return needles


def _base64_needles() -> dict[bytes, str]:
    """The same in base64, whose letters depend on where in it the word begins."""
    needles = {}
    for word in (WORD, WORD.lower(), WORD.upper(), ACCENTED):
        for before in range(3):
            for encoding in ("utf-8", "latin-1"):
                text = base64.b64encode(b"\0" * before + word.encode(encoding))
                first = -(-before * 4 // 3)
                needles[text[first + (1 if before else 0) : len(text) // 4 * 4 - 4]] = f"{word} in base64"
    return needles


NEEDLES, BASE64 = _needles(), _base64_needles()
RUN = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")
DATA_URI = re.compile(rb"base64,\s*([A-Za-z0-9+/=\s]{24,})")
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def found(name: str, data: bytes, depth: int = 0) -> list[str]:
    """A line for every planted value in `data`, and in whatever is packed into it."""
    lower = data.lower()
    hits = [f"{name}: {what}" for needle, what in NEEDLES.items() if needle in lower]
    hits += [f"{name}: {what}" for needle, what in BASE64.items() if needle in data]
    if depth < 5:
        for part, content in unpacked(data):
            hits += found(f"{name} → {part}", content, depth + 1)
    return hits


def unpacked(data: bytes):
    """(name, content) of everything that is packed, compressed or escaped in some bytes."""
    if data[:4] == b"PK\x03\x04":
        with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                yield f"name of {entry.filename}", entry.filename.encode()
                yield entry.filename, archive.read(entry)
    elif data[:4] == b"\x89PNG":
        yield from png(data)
    elif data[:4] == b"%PDF":
        yield from pdf(data)
    elif data[:4] == b"PAR1":
        yield "rows", parquet(data)
    elif data[:2] == b"\x1f\x8b":
        yield "gzip", zlib.decompress(data, 31)
    elif b"\0" not in data[:1000]:
        yield from escaped(data)


def png(data: bytes):
    place = 8
    while place < len(data) - 8:
        size, kind = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        content = data[place + 8 : place + 8 + size]
        if kind in (b"tEXt", b"iTXt", b"zTXt"):
            for start in range(len(content)):
                with contextlib.suppress(zlib.error):
                    yield kind.decode(), zlib.decompress(content[start:])
        place += 12 + size


def pdf(data: bytes):
    """Its streams; and its text, where there is a program to tell."""
    for number, match in enumerate(STREAM.finditer(data)):
        with contextlib.suppress(zlib.error):
            yield f"stream {number}", zlib.decompress(match[1])
    if shutil.which("pdftotext"):
        told = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=False)
        yield "text", told.stdout


def parquet(data: bytes) -> bytes:
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(io.BytesIO(data))
    return repr((table.schema.metadata, table.to_pylist())).encode()


def escaped(data: bytes):
    """What a reader of JSON, HTML, URLs or base64 would make of the bytes, where that is something else."""
    if re.search(rb"&#?\w+;", data):
        yield "unescaped HTML", html.unescape(data.decode("utf-8", "replace")).encode("utf-8", "replace")
    if re.search(rb"<\w", data):
        yield "without tags", re.sub(rb"<[^>]*>", b"", data)
    if re.search(rb"\\[ux][0-9a-fA-F]{2}", data):
        yield "unescaped", re.sub(rb"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})", _letter, data)
    if re.search(rb"%[0-9a-fA-F]{2}", data):
        yield "unquoted", urllib.parse.unquote_to_bytes(data)
    for number, match in enumerate(itertools.chain(DATA_URI.finditer(data), RUN.finditer(data))):
        text = re.sub(rb"\s|=", b"", match[match.lastindex or 0]).translate(bytes.maketrans(b"-_", b"+/"))
        text = text[:-1] if len(text) % 4 == 1 else text
        yield f"base64 {number}", base64.b64decode(text + b"=" * (-len(text) % 4))


def _letter(match: re.Match) -> bytes:
    return chr(int(match[1] or match[2], 16)).encode("utf-8", "surrogatepass")


def in_folder(folder: Path, but: tuple[str, ...] = ()) -> list[str]:
    """Every planted value in the names and contents of all files of a folder; `but`: names that are left out."""
    hits = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in but):
        name = path.relative_to(folder).as_posix()
        hits += found(f"name of {name}", name.encode()) + found(name, path.read_bytes())
    return hits


class Watch(threading.Thread):
    """Looks into a folder while something runs: what was there for a moment is seen, too."""

    def __init__(self, folder: Path):
        super().__init__(daemon=True)
        self.folder, self.seen, self.ended, self.looks = folder, {}, threading.Event(), 0

    def run(self) -> None:
        while not self.ended.wait(0.02):
            with contextlib.suppress(OSError):  # a folder that goes away while it is read
                self.look()
            self.looks += 1

    def look(self) -> None:
        for path in self.folder.rglob("*"):
            with contextlib.suppress(OSError):
                state = path.stat()
                if path.is_file() and state.st_size < LONGEST:
                    self.seen.setdefault((str(path), state.st_size, state.st_mtime_ns), path.read_bytes())

    def hits(self) -> list[str]:
        """What was seen that should not have been; ends the watch, which must have lasted until now."""
        assert self.is_alive() and self.looks > 100
        self.ended.set()
        self.join()
        return [hit for (path, *_), data in self.seen.items() for hit in found(path, data)]
