"""Listings: rows as a table, CSV or JSON, and files of record keys that are read for them."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from pathlib import Path

from pipelines.commands import spoken
from pipelines.commands.headings import cell, heading
from pipelines.commands.spoken import ngettext


class Format(StrEnum):
    """How a listing is printed."""

    table = "table"
    csv = "csv"
    json = "json"


def show(rows: list[dict[str, object]], columns: tuple[str, ...], form: Format, searched: str = "") -> None:
    """Rows as a table, CSV or JSON on standard output; below the table, or on stderr, what was searched for them."""
    import csv
    import json
    import sys

    kept = [{column: "" if row[column] is None else row[column] for column in columns} for row in rows]
    if form is Format.json:
        print(json.dumps(kept, default=str, ensure_ascii=False, indent=1))
    elif form is Format.csv:
        writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: guarded(value) for name, value in row.items()} for row in kept)
    else:
        from rich import box
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        from pipelines.text import visible

        table = Table(*map(heading, columns), box=box.SIMPLE_HEAD, pad_edge=False)
        for row in kept:
            table.add_row(*(Text(visible(cell(value))) for value in row.values()))
        Console(width=None if sys.stdout.isatty() else 200, highlight=False).print(table)
        print(searched or ngettext("%(n)s row", "%(n)s rows", len(kept)))
        return
    if searched and not kept:
        print(searched, file=sys.stderr)


def guarded(value: object) -> object:
    """Text that no spreadsheet takes for a formula, and no terminal for a command."""
    from pipelines import outputs
    from pipelines.text import visible

    return outputs.guarded(visible(value)) if isinstance(value, str) else value


def shown_day(value: dt.date | str) -> str:
    """A day as the language of the command writes it."""
    return spoken.speech().typed_day(value)


def lines(path: Path) -> list[str]:
    """The record keys of a file, without blank lines."""
    from pipelines.errors import VahtiError

    try:
        return [line.strip() for line in path.read_text("utf-8-sig").splitlines() if line.strip()]
    except FileNotFoundError:
        from pipelines.known import beside
        from pipelines.sentence import Sentence

        raise VahtiError(
            "there is no such file", file=path, remedy=Sentence("name a file of keys%(beside)s", beside=beside(path))
        ) from None
    except (OSError, UnicodeDecodeError):
        raise VahtiError(
            "cannot be read as text", file=path, remedy="name a UTF-8 file with a record key on every line"
        ) from None
