"""The desk's figures: the numbers of a workbench's tables, drawn by `figures`, with words for who cannot see them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from pipelines.desk import notice as desk_notice
from pipelines.desk.tables import Picture, picture
from pipelines.expectations.rule import CATEGORIES, SEVERITIES
from pipelines.language.languages import N_
from pipelines.report import figures
from pipelines.report.statement_grid import statement_grid

if TYPE_CHECKING:
    from pipelines.desk.workbench import Workbench

MONTHS_DRAWN = 24


class Figures:
    """`wb.figures`: every figure has its table among the members of the workbench."""

    def __init__(self, workbench: Workbench) -> None:
        self.workbench, self.words, self.put = workbench, workbench.words, workbench.words.put

    def systems(self) -> Picture:
        """Open findings and tasks by system and category; its table: `systems()`."""
        found = self.workbench.systems().df.set_index("system")
        counts = found[list(CATEGORIES)]
        alt = self.put(N_("Heat map of %(n)s open findings and tasks by system and category."), n=found.open.sum())
        names = [self.words.cell(name, "category").capitalize() for name in CATEGORIES]
        svg = figures.heat_map(self._named(counts, "system"), names, counts.values.tolist())
        title = self.put(N_("Open findings and tasks by system and category"))
        return picture(svg, title, f"{alt} {self._most(found.open, 'system')}")

    def rules(self, category: str) -> Picture:
        """Open findings of a category by rule and severity; its table: `rules(category)`."""
        rules = self.workbench.rules(category).df.set_index("rule")
        rules = rules[rules.findings > 0].sort_values(["findings", "high"], ascending=False, kind="stable")
        alt = self.put(N_("Bars of %(n)s open findings by rule."), n=int(rules.findings.sum()))
        title = self.put(N_("Open findings of %(category)s by rule and severity"), category=self.words.inline(category))
        return picture(self._bars(rules, "rule"), title, f"{alt} {self._most(rules.findings, 'rule')}")

    def trends(self) -> Picture:
        """Findings that each period's exports show, by severity; its table: `trends()`."""
        counts = self.workbench.trends().df.set_index("severity").T
        sums = ((self.words.cell(period, "period"), total) for period, total in counts.sum(axis=1).items())
        alt = self.put(N_("Bars of the findings that the exports show, by period: %(sums)s"), sums=_listed(sums))
        title = self.put(N_("Findings that the exports show, by period and severity"))
        return picture(self._bars(counts, "period"), title, alt)

    def statements(self) -> Picture:
        """Every statement of the privacy notice in every period; the newest period's table: `notice()`."""
        page = desk_notice.page(self.workbench)
        periods = [self.words.cell(period, "period") for period in page["periods"]]
        svg = statement_grid([row["id"] for row in page["statements"]], periods, page["grid"], page["words"])
        said = ((self.words.cell(status, "status"), number) for status, number in page["counts"].items() if number)
        alt = self.put(
            N_("Grid of statements by period. %(period)s: %(counts)s."),
            period=self.workbench.period,
            counts=", ".join(f"{number} {status}" for status, number in said),
        )
        return picture(svg, self.put(N_("Every statement in every period")), alt)

    def timeline(self, months: int = MONTHS_DRAWN) -> Picture:
        """Records by the month of their last day, what is past in one column; its table: `timeline()`."""
        rows = self.workbench.timeline(months).df
        past, coming = int(rows[rows.is_past].records.sum()), rows[~rows.is_past].set_index("month").records
        first = pd.Timestamp(self.workbench.as_of).to_period("M")
        shown = [first + place for place in range(months + 1)]
        values = {pd.Timestamp(month).to_period("M"): int(count) for month, count in coming.items()}
        bars = [
            (self.put(N_("past")), "", past, True),
            *((str(m.month), str(m.year), values.get(m, 0), False) for m in shown),
        ]
        title = self.put(N_("Records by the month of their last day"))
        alt = self.put(
            N_("Columns. %(title)s: %(past)s past, %(coming)s in the next %(months)s months."),
            title=title,
            past=past,
            coming=sum(values.values()),
            months=months,
        )
        return picture(figures.columns_over_time(bars), title, f"{alt} {self._most(coming, 'month')}")

    def ages(self, relation: str, column: str) -> Picture:
        """Records by full years since a date; its table: `ages(relation, column)`."""
        table = self.workbench.ages(relation, column)
        known = table.df.dropna(subset="years")
        counts = {int(years): int(count) for years, count in zip(known.years, known.records, strict=True)}
        word = self.words.heading("years")
        bars = [(str(years), word, counts.get(years, 0), False) for years in range(max(counts, default=0) + 1)]
        missing = int(table.df.records.sum()) - sum(counts.values())
        bars += [(self.put(N_("none")), "", missing, True)] if missing else []
        said = _listed(((f"{upper} {lower}".strip(), value) for upper, lower, value, _ in bars), "; ")
        alt = self.put(N_("Columns of %(caption)s: %(counts)s"), caption=table.caption, counts=said)
        return picture(figures.columns_over_time(bars), table.caption[:1].upper() + table.caption[1:], alt)

    def _named(self, counts: pd.DataFrame, kind: str) -> list[str]:
        return [self.words.cell(name, kind) for name in counts.index]

    def _bars(self, counts: pd.DataFrame, kind: str) -> str:
        """One bar per row, stacked by severity."""
        colours = figures.SEVERITY_COLOURS
        parts = [(self.words.cell(s, "severity"), colours[s], [int(value) for value in counts[s]]) for s in SEVERITIES]
        return figures.stacked_bars(self._named(counts, kind), parts)

    def _most(self, counts: pd.Series, kind: str) -> str:
        if not len(counts) or not counts.max():
            return self.put(N_("There are none."))
        most = self.words.cell(counts.idxmax(), kind)
        return self.put(N_("Most: %(what)s with %(n)s."), what=most, n=int(counts.max()))


def _listed(counts: Iterable[tuple[str, int]], between: str = ", ") -> str:
    return between.join(f"{name}: {number}" for name, number in counts)
