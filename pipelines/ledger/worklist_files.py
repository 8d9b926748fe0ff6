"""A worklist file, as its keeper saved it, to rows of text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import ExportsError, WorklistError
from pipelines.known import beside
from pipelines.landing import apart
from pipelines.landing.lines import Source

NEEDED = ("Fingerprint", "Tehty")
# Columns that say which finding a row is about; a row that was sorted apart from its fingerprint shows by them.
IDENTITY = ("Dataset", "Record", "Field", "Rule")
READ = (*NEEDED, "Huomautus", *IDENTITY, "Period")
MOST_BYTES = 200_000_000
NO_WORKLIST = {
    "workbook": ("is not a readable spreadsheet", "save it again as .xlsx without a password"),
    "text": ("is neither a spreadsheet nor text", "save it as .xlsx or as CSV in UTF-8"),
    "CSV": ("is not readable as CSV", "save it as .xlsx or as CSV in UTF-8"),
}
SAYS = {apart.LARGE: "is too large to read", apart.SLOW: "takes too long to read", apart.ENDED: "ends its reader"}


@dataclass(frozen=True)
class WorklistFile:
    """Rows of READ and the line each stands on; `lacks`: columns of IDENTITY that the file no longer has."""

    name: str
    sha256: str
    rows: list[tuple[int | str, ...]]
    lacks: tuple[str, ...]


def read(path: Path) -> WorklistFile:
    """The rows with anything in them; WorklistError where the file cannot be a worklist."""
    source = Source(path)
    rows = _rows(source)
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
    found: list[tuple[int | str, ...]] = [
        (start + 2 + number, *(_cell(row, places.get(head)) for head in READ))
        for number, row in enumerate(rows[start + 1 :])
        if any(cell.strip() for cell in row)
    ]
    lacks = tuple(head for head in IDENTITY if head not in places)
    return WorklistFile(path.name, source.sha256, found, lacks)


def _cell(row: list[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""


def _rows(source: Source) -> list[list[str]]:
    """The rows of the sheet that holds a worklist, or of a text, read in another process."""
    path, sent_back = source.path, "name the worklist that the keeper sent back"
    try:
        if path.stat().st_size > MOST_BYTES:
            raise WorklistError("is far larger than any worklist", file=path, remedy=sent_back)
        return apart.worklist(source, NEEDED)
    except OSError as error:
        problem, remedy = f"cannot be read: {error.strerror}", sent_back + beside(path)
    except ExportsError as error:
        problem, remedy = error.problem, sent_back
    except apart.Unread as end:
        problem, remedy = f"cannot be taken in: it {SAYS[end.status]}", sent_back
    except apart.NotSo as fault:
        problem, remedy = NO_WORKLIST[str(fault)]
    raise WorklistError(problem, file=path, remedy=remedy)
