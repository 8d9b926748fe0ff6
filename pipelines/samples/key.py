"""The answer key: which findings a right workbench reports on the samples, and why."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from pipelines.samples.layout import LAYOUTS, RULES

COLUMNS = ("period", "rule", "category", "severity", "system", "dataset", "record_key", "field", "customer_number",
           "due_on", "why")


class AnswerKey:
    """Expected findings, one per (period, rule, dataset, record key, field).

    `lacks(period, dataset, column)` says what a period's files do not hold: a rule is not evaluated there.
    """

    def __init__(self, periods: list[str], lacks: Callable[[int, str, str], bool]) -> None:
        self._periods, self._lacks = periods, lacks
        self._rows: dict[tuple[str, ...], tuple[str, ...]] = {}

    def expect(self, period: int, rule: str, dataset: str, record_key: str, field: str = "", customer: str = "",
               due_on: str = "", why: str = "", severity: str = "", reads: tuple[tuple[str, str], ...] = ()) -> None:
        """Note one finding, unless the period lacks what the rule reads (the field's column, and `reads`)."""
        structural = rule in ("missing-export", "missing-column", "undeclared-column", "retention-criterion-missing")
        if not structural and any(self._lacks(period, *source) for source in ((dataset, field), *reads)):
            return
        category, usual = RULES[rule]
        named = (self._periods[period], rule, dataset, record_key, field)
        self._rows.setdefault(named, (
            self._periods[period], rule, category, severity or usual, LAYOUTS[dataset].system, dataset, record_key,
            field, customer, due_on, why))

    def write(self, path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(self._rows[named] for named in sorted(self._rows))
