"""The answer key: the findings that a correct workbench reports on the samples, and why."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from pipelines.samples.catalogue import RULES
from pipelines.samples.layout import LAYOUTS

COLUMNS = (
    "period",
    "rule",
    "category",
    "severity",
    "system",
    "dataset",
    "record_key",
    "field",
    "customer_number",
    "due_on",
    "why",
    "state",
)
# What became, by each period, of earlier findings that it no longer has.
STATE_COLUMNS = ("period", "rule", "dataset", "record_key", "field", "state")
# Rules about the file, not its rows: a missing column does not silence them; the first two do not even need the file.
STRUCTURAL = ("missing-export", "retention-criterion-missing", "missing-column", "undeclared-column")


class AnswerKey:
    """Expected findings, one per (period, rule, dataset, record key, field).

    `lacks(period, dataset, column)` tells what a period's files do not have: a rule is not evaluated there.
    """

    def __init__(self, periods: list[str], lacks: Callable[[int, str, str], bool]) -> None:
        self._periods, self._lacks = periods, lacks
        self._rows: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._reads: dict[tuple[str, ...], tuple[tuple[str, str], ...]] = {}
        self._restored: dict[tuple[str, str], int] = {}

    def expect(
        self,
        period: int,
        rule: str,
        dataset: str,
        record_key: str,
        field: str = "",
        customer: str = "",
        due_on: str = "",
        why: str = "",
        severity: str = "",
        reads: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Notes one finding, unless the period lacks what the rule reads (the field's column, and `reads`)."""
        self._reads.setdefault((rule, dataset, record_key, field), reads)
        if rule not in STRUCTURAL and any(self._lacks(period, *source) for source in ((dataset, field), *reads)):
            return
        category, usual = RULES[rule]
        named = (self._periods[period], rule, dataset, record_key, field)
        self._rows.setdefault(
            named,
            (
                self._periods[period],
                rule,
                category,
                severity or usual,
                LAYOUTS[dataset].system,
                dataset,
                record_key,
                field,
                customer,
                due_on,
                why,
            ),
        )

    def restore(self, period: int, dataset: str, record_key: str) -> None:
        """Notes that a record which vanished too early is in the exports again from a period on."""
        self._restored[dataset, record_key] = period

    def states(self) -> dict[tuple[str, ...], str]:
        """{(period, rule, dataset, record key, field): state}, for every period from the finding's first on.

        A missing finding is resolved, unless the period lacks what its rule reads: then it is unknown. A record that was erased
        too early stays missing until its last day.
        """
        found: dict[tuple[str, ...], str] = {}
        for identity in dict.fromkeys(named[1:] for named in sorted(self._rows)):
            seen = gone = False
            for number, period in enumerate(self._periods):
                row = self._rows.get((period, *identity))
                if row:
                    found[period, *identity] = ("reappeared" if gone else "open") if seen else "new"
                    seen, gone, due = True, False, row[9]
                elif seen:
                    gone = gone or (
                        not self._silenced(number, *identity) and not self._still_missing(number, identity, due)
                    )
                    silent = "open" if identity[0] == "deleted-early" else "not observable"
                    found[period, *identity] = "resolved" if gone else silent
        return found

    def _silenced(self, period: int, rule: str, dataset: str, record_key: str, field: str) -> bool:
        """Whether the period lacks what the rule reads."""
        if rule in STRUCTURAL[:2]:
            return False
        own = (dataset, "") if rule in STRUCTURAL else (dataset, field)
        return any(self._lacks(period, *source) for source in (own, *self._reads[rule, dataset, record_key, field]))

    def _still_missing(self, period: int, identity: tuple[str, ...], due: str) -> bool:
        """Whether a record that vanished too early is neither back nor past its last day."""
        rule, dataset, record_key, _ = identity
        back = self._restored.get((dataset, record_key), len(self._periods)) <= period
        return rule == "deleted-early" and not back and not (due and due < self._periods[period])

    def write(self, path: Path) -> None:
        """The findings with their states, together with what became of those that are gone."""
        states = self.states()
        rows = [(*self._rows[named], states[named]) for named in sorted(self._rows)]
        gone = [(*named, state) for named, state in sorted(states.items()) if named not in self._rows]
        for target, columns, content in (
            (path, COLUMNS, rows),
            (path.with_name("expected_states.csv"), STATE_COLUMNS, gone),
        ):
            with target.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(columns)
                writer.writerows(content)
