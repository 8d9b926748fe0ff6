"""Faults of whole files: one missing, one empty, columns in another order, one undeclared, one missing.

They fall in the second and third period, so a single period has all its files and columns, but for the undeclared
column, which comes in the last of up to three.
"""

from __future__ import annotations

from pipelines.samples.key import AnswerKey
from pipelines.samples.layout import LAYOUTS, Layout

MISSING_FILE = (1, "e_invoice_addresses")
EMPTY_FILE = (2, "consents")
MISSING_COLUMN = (1, "accounts", "phone")
SHUFFLED = (1, "consumption")
UNDECLARED_HEADER = "Markkinointilupa"
# Findings name an undeclared column by its position in the file.
UNDECLARED_PLACE = "column 12"


class Upsets:
    """Which fault happens in which of `periods` periods; none if the world is to be unspoilt."""

    def __init__(self, periods: int, planted: bool) -> None:
        self._periods, self._planted = periods, planted
        self._undeclared = (min(2, periods - 1), "customers")

    def is_missing(self, period: int, dataset: str) -> bool:
        return self._planted and (period, dataset) == MISSING_FILE

    def is_empty(self, period: int, dataset: str) -> bool:
        return self._planted and (period, dataset) == EMPTY_FILE

    def lacks(self, period: int, dataset: str, column: str) -> bool:
        """Whether the period's files lack the dataset, or this column of it."""
        return (
            self.is_missing(period, dataset)
            or self.is_empty(period, dataset)
            or (self._planted and (period, dataset, column) == MISSING_COLUMN)
        )

    def order(self, period: int, layout: Layout) -> tuple[list[int] | None, str]:
        """The positions of the file's columns, empty if they are as declared, and the undeclared header."""
        places = list(range(len(layout.columns)))
        if not self._planted:
            return None, ""
        if (period, layout.name) == SHUFFLED:
            return places[2:] + places[:2], ""
        if (period, layout.name) == MISSING_COLUMN[:2]:
            places.remove(layout.places[MISSING_COLUMN[2]])
            return places, ""
        if (period, layout.name) == self._undeclared:
            return [*places[:11], -1, *places[11:]], UNDECLARED_HEADER
        return None, ""

    def note(self, key: AnswerKey) -> None:
        for period in range(self._periods):
            for dataset in ("connections", "agreements"):
                key.expect(
                    period,
                    "retention-criterion-missing",
                    dataset,
                    "",
                    why="the disposal schedule keeps this class until further notice",
                )
            if not self._planted:
                continue
            for dataset in LAYOUTS:
                if self.is_missing(period, dataset):
                    key.expect(period, "missing-export", dataset, "", why="the file is left out of the folder")
                if self.is_empty(period, dataset):
                    key.expect(period, "missing-export", dataset, "", why="the file is there and has no header line")
            if period == MISSING_COLUMN[0]:
                dataset, column = MISSING_COLUMN[1:]
                header = LAYOUTS[dataset].headers[LAYOUTS[dataset].places[column]]
                key.expect(period, "missing-column", dataset, header, column, why="the column is left out of the file")
            if period == self._undeclared[0]:
                key.expect(
                    period,
                    "undeclared-column",
                    self._undeclared[1],
                    UNDECLARED_PLACE,
                    UNDECLARED_PLACE,
                    why="a marketing permission that no contract declares",
                )
