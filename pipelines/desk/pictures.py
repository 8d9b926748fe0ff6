"""The desk's figures: the numbers of a workbench's tables, drawn by `figures`, with words for who cannot see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pipelines.desk import notice as desk_notice
from pipelines.desk.tables import Picture, picture
from pipelines.expectations.rule import CATEGORIES, SEVERITIES
from pipelines.report import figures
from pipelines.report.statement_grid import statement_grid

if TYPE_CHECKING:
    from pipelines.desk.workbench import Workbench

MONTHS_DRAWN = 24


class Figures:
    """`wb.figures`: every figure has its table among the members of the workbench."""

    def __init__(self, workbench: Workbench) -> None:
        self.workbench = workbench

    def systems(self) -> Picture:
        """Open findings and tasks by system and category; its table: `systems()`."""
        found = self.workbench.systems().df.set_index("system")
        counts = found[list(CATEGORIES)]
        alt = f"Heat map of {found.open.sum()} open findings and tasks by system and category. {_most(found.open)}"
        svg = figures.heat_map(list(counts.index), [name.capitalize() for name in CATEGORIES], counts.values.tolist())
        return picture(svg, "Open findings and tasks by system and category", alt)

    def rules(self, category: str) -> Picture:
        """Open findings of a category by rule and severity; its table: `rules(category)`."""
        rules = self.workbench.rules(category).df.set_index("rule")
        rules = rules[rules.findings > 0].sort_values(["findings", "high"], ascending=False, kind="stable")
        alt = f"Bars of {int(rules.findings.sum())} open findings by rule. {_most(rules.findings)}"
        return picture(_bars(rules), f"Open findings of {category} by rule and severity", alt)

    def trends(self) -> Picture:
        """Findings that each period's exports show, by severity; its table: `trends()`."""
        counts = self.workbench.trends().df.set_index("severity").T
        sums = ", ".join(f"{period}: {total}" for period, total in counts.sum(axis=1).items())
        alt = f"Bars of the findings that the exports show, by period: {sums}"
        return picture(_bars(counts), "Findings that the exports show, by period and severity", alt)

    def statements(self) -> Picture:
        """Every statement of the privacy notice in every period; the newest period's table: `notice()`."""
        page = desk_notice.page(self.workbench)
        svg = statement_grid([row["id"] for row in page["statements"]], page["periods"], page["grid"], page["words"])
        counts = ", ".join(f"{number} {status}" for status, number in page["counts"].items() if number)
        return picture(
            svg, "Every statement in every period", f"Grid of statements by period. {self.workbench.period}: {counts}."
        )

    def timeline(self, months: int = MONTHS_DRAWN) -> Picture:
        """Records by the month of their last day, what is past in one column; its table: `timeline()`."""
        rows = self.workbench.timeline(months).df
        past, coming = int(rows[rows.is_past].records.sum()), rows[~rows.is_past].set_index("month").records
        first = pd.Timestamp(self.workbench.as_of).to_period("M")
        shown = [first + place for place in range(months + 1)]
        values = {pd.Timestamp(month).to_period("M"): int(count) for month, count in coming.items()}
        bars = [("past", "", past, True), *((str(m.month), str(m.year), values.get(m, 0), False) for m in shown)]
        title = "Records by the month of their last day"
        alt = f"Columns. {title}: {past} past, {sum(values.values())} in the next {months} months. {_most(coming)}"
        return picture(figures.columns_over_time(bars), title, alt)

    def ages(self, relation: str, column: str) -> Picture:
        """Records by full years since a date; its table: `ages(relation, column)`."""
        table = self.workbench.ages(relation, column)
        known = table.df.dropna(subset="years")
        counts = {int(years): int(count) for years, count in zip(known.years, known.records, strict=True)}
        bars = [(str(years), "years", counts.get(years, 0), False) for years in range(max(counts, default=0) + 1)]
        missing = int(table.df.records.sum()) - sum(counts.values())
        bars += [("none", "", missing, True)] if missing else []
        alt = "; ".join(f"{upper} {lower}: {value}".replace(" :", ":") for upper, lower, value, _ in bars)
        alt = f"Columns of {table.caption}: {alt}"
        return picture(figures.columns_over_time(bars), table.caption.capitalize(), alt)


def _bars(counts: pd.DataFrame) -> str:
    """One bar per row, stacked by severity."""
    parts = [(s, figures.SEVERITY_COLOURS[s], [int(value) for value in counts[s]]) for s in SEVERITIES]
    return figures.stacked_bars([str(name) for name in counts.index], parts)


def _most(counts: pd.Series) -> str:
    return f"Most: {counts.idxmax()} with {int(counts.max())}." if len(counts) and counts.max() else "There are none."
