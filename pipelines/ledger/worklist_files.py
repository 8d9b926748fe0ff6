"""Converts a worklist file, as its keeper saved it, to rows of text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import ExportsError, WorklistError
from pipelines.known import beside
from pipelines.landing import apart
from pipelines.landing.lines import Source

# Headers of the sheet given to a keeper, by language. They are read back: sheets sent out must be recognised for years, so
# the headers are here and in no catalogue. `Line` and `Fingerprint` are hidden.
HEADERS = {
    "No.": {"en": "No.", "fi": "Nro", "sv": "Nr"},
    "Where": {"en": "Where", "fi": "Missä", "sv": "Var"},
    "Record": {"en": "Record", "fi": "Tietue", "sv": "Post"},
    "Field": {"en": "Field", "fi": "Tieto", "sv": "Uppgift"},
    "What is wrong": {"en": "What is wrong", "fi": "Mikä on pielessä", "sv": "Vad som är fel"},
    "What to do": {"en": "What to do", "fi": "Mitä pitää tehdä", "sv": "Vad som ska göras"},
    "Deadline": {"en": "Deadline", "fi": "Määräaika", "sv": "Tidsfrist"},
    "Mend by": {"en": "Mend by", "fi": "Korjattava viimeistään", "sv": "Åtgärdas senast"},
    "Done": {"en": "Done", "fi": "Tehty", "sv": "Klart"},
    "Remark": {"en": "Remark", "fi": "Huomautus", "sv": "Anmärkning"},
    "Line": {"en": "Line", "fi": "Line", "sv": "Line"},
    "Fingerprint": {"en": "Fingerprint", "fi": "Fingerprint", "sv": "Fingerprint"},
}
FINGERPRINT, DONE, REMARK = "Fingerprint", "Tehty", "Huomautus"
# Columns that identify a row's finding; they reveal a row that was sorted apart from its fingerprint.
IDENTITY = ("Dataset", "Record", "Field", "Rule")
# The same for files that repeat the row's number beside its fingerprint.
NUMBERS = ("No.", "Line")
READ = (FINGERPRINT, DONE, REMARK, *IDENTITY, "Period", *NUMBERS)
# Other words for a header: the CSV file has the internal names of fields and datasets, the sheet everyday words, so that
# in the sheet only record and number show whether a row was sorted apart.
CALLED = {
    DONE: set(HEADERS["Done"].values()),
    REMARK: set(HEADERS["Remark"].values()),
    "Record": set(HEADERS["Record"].values()),
    "No.": set(HEADERS["No."].values()),
}
MOST_BYTES = 200_000_000
NO_WORKLIST = {
    "workbook": ("is not a readable spreadsheet", "save it again as .xlsx without a password"),
    "text": ("is neither a spreadsheet nor text", "save it as .xlsx or as CSV in UTF-8"),
    "CSV": ("is not readable as CSV", "save it as .xlsx or as CSV in UTF-8"),
}
SAYS = {apart.LARGE: "is too large to read", apart.SLOW: "takes too long to read", apart.ENDED: "ends its reader"}


@dataclass(frozen=True)
class WorklistFile:
    """Rows of READ and the line of each; `lacks`: columns of IDENTITY that the file no longer has."""

    name: str
    sha256: str
    rows: list[tuple[int | str, ...]]
    lacks: tuple[str, ...]


def read(path: Path) -> WorklistFile:
    """The non-empty rows; WorklistError if the file cannot be a worklist."""
    source = Source(path)
    rows = _rows(source)
    start = next((number for number, row in enumerate(rows) if FINGERPRINT in {cell.strip() for cell in row}), None)
    heads = [] if start is None else [_header(cell) for cell in rows[start]]
    if start is None or DONE not in heads:
        raise WorklistError(
            f"is no worklist: no row has the headers {FINGERPRINT} and {', '.join(HEADERS['Done'].values())}",
            file=path,
            remedy="put the headers back as `vahti` wrote them, the hidden columns at the end too, or name another file",
        )
    if NUMBERS[1] in heads:  # the sheet: its fields have everyday names
        heads = ["" if head in ("Dataset", "Field", "Rule") else head for head in heads]
    twice = sorted({head for head in heads if head in READ and heads.count(head) > 1})
    if twice:
        raise WorklistError(f"has the column {twice[0]} twice", file=path, remedy="remove one of them")
    places = {head: heads.index(head) for head in READ if head in heads}
    found: list[tuple[int | str, ...]] = [
        (start + 2 + number, *(_cell(row, places.get(head)) for head in READ))
        for number, row in enumerate(rows[start + 1 :])
        if any(cell.strip() for cell in row)
    ]
    lacks = tuple(head for head in IDENTITY if head not in places)
    return WorklistFile(path.name, source.sha256, found, lacks)


def _header(cell: str) -> str:
    """Our name for a header, whichever language the sheet is in."""
    text = cell.strip()
    return next((name for name, words in CALLED.items() if text in words), text)


def _cell(row: list[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""


def _rows(source: Source) -> list[list[str]]:
    """The rows of the sheet that holds a worklist, or of a text, read in another process."""
    path, sent_back = source.path, "name the worklist that the keeper sent back"
    try:
        if path.stat().st_size > MOST_BYTES:
            raise WorklistError("is far larger than any worklist", file=path, remedy=sent_back)
        return apart.worklist(source, (FINGERPRINT,))
    except OSError as error:
        problem, remedy = f"cannot be read: {error.strerror}", sent_back + beside(path)
    except ExportsError as error:
        problem, remedy = error.problem, sent_back
    except apart.Unread as end:
        problem, remedy = f"cannot be taken in: it {SAYS[end.status]}", sent_back
    except apart.NotSo as fault:
        problem, remedy = NO_WORKLIST[str(fault)]
    raise WorklistError(problem, file=path, remedy=remedy)
