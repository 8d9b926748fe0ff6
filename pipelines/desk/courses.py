"""How long things are kept, and what became of the findings from period to period."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from pipelines.desk.queries import Queries, whole
from pipelines.desk.tables import Said, Table
from pipelines.errors import VahtiError
from pipelines.expectations.rule import CATEGORIES, SEVERITIES, STATES
from pipelines.home import store
from pipelines.language.languages import N_
from pipelines.rules.explain import explain

MONTHS_SHOWN = 36


class Courses(Queries):
    """The part of the workbench on the disposal schedule and the ledger."""

    # How long things are kept

    def overdue(self) -> Table:
        """Findings whose last day is past, the oldest first."""
        return self._table(
            self._frame("desk/overdue.sql"), self.words.put(N_("Past their last day on %(day)s"), day=self.as_of)
        )

    def retention(self) -> Table:
        """The disposal schedule: records of each class by state."""
        return self._table(
            self._frame("desk/retention.sql"), self.words.put(N_("Disposal schedule, records by state")), rows=None
        )

    def timeline(self, months: int = MONTHS_SHOWN) -> Table:
        """Records by the month of their last day, what is past and so many months ahead, and the classes concerned."""
        whole("months", months)
        until = (pd.Timestamp(self.as_of) + pd.DateOffset(months=months)).date()
        rows = self._frame("desk/timeline.sql", until=until)
        months_shown = rows.groupby(["month", "is_past"]).agg(records=("records", "sum"), classes=("class", list))
        return self._table(
            months_shown.reset_index(), self.words.put(N_("What falls due by %(day)s, by month"), day=until)
        )

    def holds(self) -> Table:
        """Legal holds in force, and how many records each keeps."""
        return self._table(
            self._frame("desk/holds.sql"), self.words.put(N_("Legal holds in force on %(day)s"), day=self.as_of)
        )

    def explain(self, dataset: str | None = None, key: str | None = None) -> Said:
        """Until when a record may be kept, and why; of the record longest past its last day where none is named."""
        if dataset is None:
            due = "select dataset, record_key from registry.retention where state = 'due'"
            rows = self._query(f"{due} order by last_day, dataset, record_key limit 1")
            if not len(rows):
                return Said(
                    "", (("", self.words.put(N_("No record is past its last day on %(day)s."), day=self.as_of)),)
                )
            dataset, key = rows.iloc[0]
        if key is None:
            raise VahtiError("explains no record", remedy=f'name its key: wb.explain("{dataset}", "KEY")')
        with self.opened.reading() as connection:
            found = explain(connection, self.as_of, dataset, str(key))
        return Said("", tuple(("", line) for item in found for line in (item.sentence, *item.holds)))

    # Across periods

    def trends(self, by: str = "severity") -> Table:
        """Findings that every period's exports show, by severity, category, rule, system or dataset; those that the ledger
        knows by then, by their state or age."""
        self._known("trend", by, ("severity", "category", "rule", "system", "dataset", "state", "age"))
        fixed = {"severity": SEVERITIES, "category": CATEGORIES}
        counts = self._ledger_counts(by) if by in ("state", "age") else self._counts(by)
        order = list(fixed.get(by) or sorted({value for found in counts.values() for value in found}))
        columns = {period: [found.get(value, 0) for value in order] for period, found in counts.items()}
        what = N_("Findings in the ledger") if by in ("state", "age") else N_("Findings that the exports show")
        by_both = self.words.joined(map(self.words.heading, (by, "period")))
        caption = self.words.put(N_("%(caption)s, by %(columns)s"), caption=self.words.put(what), columns=by_both)
        return self._table(pd.DataFrame({by: order} | columns), caption, rows=None)

    def states(self, state: str | None = None) -> Table:
        """One row per finding that the ledger knows: new, open, reappeared, accepted, resolved …, and since when."""
        states = self._frame("desk/states.sql")
        states = states if state is None else states[states.state == self._known("state", state, STATES)]
        caption = self.words.put(
            N_("%(caption)s, the longest open first"),
            caption=self.words.put(N_("Findings in the ledger")) + self.words.of(state),
        )
        return self._table(states.reset_index(drop=True), caption)

    def mending(self) -> Table:
        """One row per system: findings and tasks mended so far, and how many days they had stood."""
        caption = self.words.put(
            N_("Findings and tasks mended by %(day)s, and the days they had stood"), day=self.period
        )
        return self._table(self._frame("desk/mending.sql"), caption)

    def promises(self) -> Table:
        """One row per period and system with findings reported done: how many, and what the next export showed."""
        return self._table(
            self._frame("desk/promises.sql"), self.words.put(N_("What was reported done, and whether it held"))
        )

    def late(self) -> Table:
        """One row per period and severity: findings to be mended, and how many of them past the day set for it."""
        return self._table(
            self._frame("desk/late.sql"), self.words.put(N_("Findings past the day they were to be mended by"))
        )

    def changes(self) -> Table:
        """One row per rule or kind of task: open and new, back, or open since before; mended since the period before."""
        if not self.opened.earlier:
            nothing = pd.DataFrame(
                {name: [] for name in ("rule", "new", "back", "since_before", "mended", "not_observable")}
            )
            note = self.words.put(N_("This is the first period: there is nothing to compare it with."))
            return self._table(nothing, self.words.put(N_("Changes")), note)
        counted = self._frame("desk/changes.sql", period=self.name)
        caption = N_("What changed between %(first)s and %(last)s, by rule")
        return self._table(
            counted, self.words.put(caption, first=dt.date.fromisoformat(self.opened.earlier[-1]), last=self.period)
        )

    def _counts(self, by: str) -> dict[str, dict[str, int]]:
        """By period up to this one, its findings by one of their columns; from the ledger, which keeps those of purged ones."""
        counts: dict[str, dict[str, int]] = {period: {} for period in [*self.opened.earlier, self.name]}
        query = f"select period, {by}, count(*) from ledger.found where kind = 'finding' group by period, {by}"
        with store.looking(self.home) as connection:
            for period, value, findings in connection.execute(query).fetchall():
                if period in counts:
                    counts[period][value] = findings
        return counts

    def _ledger_counts(self, by: str) -> dict[str, dict[str, int]]:
        """By period up to this one, the ledger's findings by state or age."""
        view = "standing" if by == "state" else "trend_ages"
        counted = f"cast(sum({'items' if by == 'state' else 'findings'}) as bigint) as findings"
        sql = f"select period, {by}, {counted} from ledger.{view} where kind = 'finding'"
        rows = self._query(f"{sql} group by period, {by} order by period, {by}")
        counts: dict[str, dict[str, int]] = {}
        for period, value, findings in zip(rows.period, rows[by], rows.findings, strict=True):
            counts.setdefault(str(period)[:10], {})[value] = int(findings)
        return counts
