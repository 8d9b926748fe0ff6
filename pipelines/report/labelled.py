"""Table cells that name their column, so that a narrow screen can show a row as a card."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

HEAD = re.compile(r"<th scope=\"col\"[^>]*>(.*?)</th>", re.DOTALL)
ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)
CELL = re.compile(r"<(t[hd])(?P<rest>[^>]*)>")
SPAN = re.compile(r"colspan=\"(\d+)\"")


def labelled(table: str) -> Markup:
    """The markup of a table with `data-label`, its column's heading, on every data cell below the head."""
    head, parted, body = str(table).partition("<tbody>")
    labels = [Markup(text).striptags() for text in HEAD.findall(head)]
    return Markup(head + parted + ROW.sub(lambda row: _row(row[0], labels), body))


def _row(row: str, labels: list[str]) -> str:
    place = 0

    def cell(match: re.Match[str]) -> str:
        nonlocal place
        here, span = place, SPAN.search(match["rest"])
        place += int(span[1]) if span else 1
        if match[1] == "th" or span or here >= len(labels):
            return match[0]
        return f'<td{match["rest"]} data-label="{escape(labels[here])}">'

    return CELL.sub(cell, row)
