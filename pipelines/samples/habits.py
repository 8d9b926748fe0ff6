"""Habits of the systems that no rule reports: variations of a clean row. Chosen by the customer's index alone."""

from __future__ import annotations

from pipelines.samples.layout import PLACEHOLDERS

SPELLINGS = tuple(
    f"{before}{word}{after}"
    for word in PLACEHOLDERS
    for word in dict.fromkeys((word, word.upper(), word.capitalize()))
    for before, after in (("", ""), (" ", "  "))
)
SHAPES = ("after spaces", "quoted", "after blank", "after empty")
EVERY = 10


def has_habit(index: int) -> bool:
    """Whether this customer's rows are varied: one customer in ten."""
    return index % EVERY == 3


def dressed(index: int, cells: list, is_workbook: bool) -> tuple[list, str]:
    """The cells and the shape in which this customer's rows are written; the values themselves are unchanged."""
    turn = index // EVERY
    kind = turn % 6
    if kind < 4:
        shape = SHAPES[kind]
        return cells, "plain" if is_workbook and shape == "quoted" else shape
    if kind == 4:
        start = turn // 6 * 11 + len(cells)
        return [
            SPELLINGS[(start + place * 5) % len(SPELLINGS)] if cell == "" else cell for place, cell in enumerate(cells)
        ], "plain"
    return [
        f"{' ' * (place % 3)}{cell} " if isinstance(cell, str) and cell else cell for place, cell in enumerate(cells)
    ], "plain"
