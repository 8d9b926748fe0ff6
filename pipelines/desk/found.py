"""What there is and what was found: exports, rules, findings, records, and who has to act."""

from __future__ import annotations

import datetime as dt

import duckdb
import pandas as pd

from pipelines.desk.queries import Queries
from pipelines.desk.tables import Said, Table
from pipelines.errors import VahtiError
from pipelines.expectations.rule import CATEGORIES, SEVERITIES
from pipelines.language.languages import N_
from pipelines.person.headers import undeclared
from pipelines.registry.build import NORMAL_FORMS
from pipelines.sql import ident, render


class Findings(Queries):
    """The part of the workbench on exports, rules and findings."""

    # What there is

    def periods(self) -> Table:
        """One row per period taken in: files that arrived, rows read and registered, findings by severity."""
        rows = [
            {"period": dt.date.fromisoformat(name), "as_of": dt.date.fromisoformat(note["as_of"])}
            | {"exports": note["counts"]["files"], "expected": note["counts"]["files_expected"]}
            | {key: note["counts"][key] for key in ("rows_read", "rows_rejected", *SEVERITIES, "not_evaluated")}
            for name, note in self.opened.known.items()
        ]
        return self._table(pd.DataFrame(rows), self.words.put(N_("Periods taken in")))

    def feed(self) -> Table:
        """One row per file: whether it came, and what became of its rows."""
        return self._table(
            self._frame("desk/feed.sql"), self.words.put(N_("Files of %(day)s"), day=self.period), rows=None
        )

    def headers(self, dataset: str | None = None, why: str = "") -> Table:
        """One row per undeclared column, with what its header says; `why` goes to the log of look-ups.

        Everything else calls the column by its place: a header may be a person's name.
        """
        columns = ["system", "dataset", "file", "position", "header"]
        rows = undeclared(self.home, self.name, dataset, why=why)
        caption = self.words.put(N_("Headers of undeclared columns"))
        return self._table(pd.DataFrame(rows, columns=columns), caption, rows=None, holds_values=True)

    def rules(self, category: str | None = None) -> Table:
        """One row per rule: its open findings, among how many records, the most severe and frequent first."""
        rules = self._frame("report/rules.sql")
        rules = rules[rules.category == self._known("category", category, CATEGORIES)] if category else rules
        worst = pd.concat([rules[severity] > 0 for severity in SEVERITIES], axis=1).idxmax(axis=1) if len(rules) else []
        rules = rules.assign(worst=worst).assign(order=rules.severity.map(SEVERITIES.index))
        rules = rules.sort_values(["high", "findings", "order", "rule"], ascending=[False, False, True, True])
        shown = rules[["rule", "title", "severity", "records", "findings", *SEVERITIES]]
        note = self._not_seen(category=category)
        caption = self.words.put(N_("Rules and their open findings")) + self.words.of(category)
        return self._table(shown.reset_index(drop=True), caption, note, rows=None)

    def rule(self, name: str) -> Said:
        """Why a rule is there, what to do about its findings, and on whose word."""
        rules = self._frame("report/rules.sql").set_index("rule")
        rule = rules.loc[self._known("rule", name, rules.index)]
        lines = {
            N_("Why"): rule.why,
            N_("What to do"): rule.todo,
            N_("Who"): rule.owner,
            N_("Mandate"): rule.mandate,
            N_("Notice"): ", ".join(rule.notice) or self.words.put(N_("no statement")),
        }
        said = tuple((self.words.put(term), self.speech.said(text)) for term, text in lines.items())
        return Said(f"{name}: {self.speech.said(rule.title)}", said)

    def reasons(self, category: str) -> Table:
        """One row per rule of a category that found something: why it is there, and what to do."""
        found = self.rules(category).df
        rules = self._frame("report/rules.sql").set_index("rule").loc[found.rule[found.findings > 0]]
        shown = rules[["why", "todo"]].map(lambda text: " ".join(text.split())).rename(columns={"todo": "what_to_do"})
        return self._table(
            shown.reset_index(), self.words.put(N_("Why, and what to do")) + self.words.of(category), rows=None
        )

    # What was found

    def findings(
        self,
        rule: str | None = None,
        system: str | None = None,
        category: str | None = None,
        severity: str | None = None,
        dataset: str | None = None,
        field: str | None = None,
    ) -> Table:
        """One row per finding that this period's exports show, accepted ones too; of a rule, system, category, severity, dataset
        or field only, where one is named."""
        wanted = {"rule": rule, "system": system, "category": category, "severity": severity, "dataset": dataset}
        found = self._frame("desk/findings.sql")
        for column, value in wanted.items():
            if value is not None:
                found = found[found[column] == self._known(column, value, self._values(column))]
        found = found if field is None else found[found.field == self._known("field", field, self._values("field"))]
        given = {name: value for name, value in (wanted | {"field": field}).items() if value is not None}
        note = self._not_seen(rule=rule, category=category, system=system, dataset=dataset)
        caption = self.words.put(N_("Findings that the exports show")) + self.words.of(*given.values(), kinds=given)
        return self._table(found.reset_index(drop=True), caption, note)

    def checks(self, category: str) -> Table:
        """One row per rule of a category, dataset and field: records looked at, and findings among them."""
        checks = self._frame("desk/checks.sql")
        shown = checks[checks.category == self._known("category", category, CATEGORIES)].drop(columns="category")
        caption = self.words.put(
            N_("Checks of %(category)s, the most findings first"), category=self.words.inline(category)
        )
        return self._table(shown.reset_index(drop=True), caption)

    def completeness(self) -> Table:
        """What must be there and is not, by dataset and field."""
        return self.checks("completeness")

    def staleness(self) -> Table:
        """What is out of date, by rule and dataset."""
        return self.checks("staleness")

    def mismatches(self) -> Table:
        """Where systems disagree on the same customer: record, customer and field, never the values."""
        found = self._frame("desk/findings.sql")
        columns = ["customer_number", "system", "dataset", "record_key", "field", "rule", "detail"]
        shown = found[(found.category == "consistency") & (found.customer_number != "")][columns]
        shown = shown.sort_values(columns[:6], ignore_index=True)
        return self._table(
            shown, self.words.put(N_("Where systems disagree, by customer")), self._not_seen(category="consistency")
        )

    def copies(self) -> Table:
        """What two datasets both hold of the same people, and for how many they differ."""
        rows = self._query(render("desk/copies.sql", kinds=list(NORMAL_FORMS)))
        return self._table(rows, self.words.put(N_("Copies of the same people's data, compared in their normal form")))

    def ages(self, relation: str, column: str) -> Table:
        """Records of a dataset or relation by full years since a date."""
        sql = render("desk/ages.sql", relation=f"registry.{ident(relation)}", column=ident(column))
        caption = N_("%(what)s by full years since %(since)s")
        caption = self.words.put(caption, what=self.words.label(relation), since=self.words.label(column))
        self._check_relation(relation, column)
        try:
            return self._table(self._query(sql), caption)
        except (duckdb.BinderException, duckdb.CatalogException):
            nothing = pd.DataFrame({"years": [], "records": [], "share": []})
            note = N_("This period has no %(what)s with %(column)s: nothing could be looked at.")
            return self._table(
                nothing, caption, self.words.put(note, what=self.words.label(relation), column=self.words.label(column))
            )

    def records(self, dataset: str | None = None, **wanted: str) -> Table:
        """One row per record with findings (filtered as in `findings`): what of it is not personal, and the rules.

        Of the dataset with the most of these findings where none is named.
        """
        found = self.findings(dataset=dataset, **wanted)
        dataset = dataset or (found.count("dataset").df.dataset[0] if len(found) else "")
        rules = found.df[found.df.dataset == dataset].groupby("record_key").rule
        rules = rules.agg(lambda names: ", ".join(sorted(set(names)))).rename("found_by")
        open_columns = [ident(column.name) for column in self._open_columns(dataset) if not column.key]
        columns = ", ".join(["record_key", *open_columns])
        try:
            rows = self._query(f"select {columns} from latest.{ident(dataset)} order by record_key")
        except (duckdb.BinderException, duckdb.CatalogException):
            rows = pd.DataFrame({"record_key": pd.Series(dtype="str")})
        shown = rows.merge(rules.reset_index(), on="record_key").sort_values("record_key", ignore_index=True)
        caption = self.words.put(N_("Records")) + self.words.of(
            dataset or None, *wanted.values(), kinds=("dataset", *wanted)
        )
        data = tuple(name for name in rows.columns if name != "record_key")
        return self._table(shown, caption, found.note, data=data)

    def groups(self, dataset: str, *columns: str) -> Table:
        """Records of a dataset counted by columns that its contract calls not personal."""
        if not columns:
            raise VahtiError("groups by no column", remedy=f'name some, such as wb.groups("{dataset}", "city")')
        for column in columns:
            self._known("column that is not personal", column, [each.name for each in self._open_columns(dataset)])
        names = ", ".join(map(ident, columns))
        by = self.words.joined(map(self.words.label, columns))
        caption = self.words.put(N_("%(what)s by %(columns)s"), what=self.words.label(dataset), columns=by)
        try:
            sql = f"select {names}, count(*) as records from registry.{ident(dataset)}"
            return self._table(self._query(f"{sql} group by {names} order by {names}"), caption, data=columns)
        except (duckdb.BinderException, duckdb.CatalogException):
            nothing = pd.DataFrame(columns=[*columns, "records"])
            note = N_("This period has no %(what)s with these columns: nothing could be looked at.")
            return self._table(nothing, caption, self.words.put(note, what=self.words.label(dataset)))

    def systems(self) -> Table:
        """One row per system: open findings and tasks by category, the most first."""
        rows = self._frame("desk/systems.sql", period=self.name)
        counts = rows.pivot_table("open", "system", "category", aggfunc="sum", fill_value=0)
        counts = counts.reindex(columns=list(CATEGORIES), fill_value=0).assign(open=counts.sum(axis=1)).reset_index()
        counts = counts.sort_values(["open", "system"], ascending=[False, True], ignore_index=True).rename_axis(
            columns=None
        )
        caption = self.words.put(N_("Open findings and tasks by system and category"))
        return self._table(counts, caption, self._not_seen(), rows=None)

    def owners(self, category: str | None = None) -> Table:
        """One row per person or office that has to act: open findings and tasks by severity, urgent, late, deadlines passed."""
        rows = self._frame("desk/owners.sql", period=self.name)
        rows = rows[rows.category == self._known("category", category, CATEGORIES)] if category else rows
        sums = rows.drop(columns="category").groupby("who").sum().reset_index()
        sums = sums.sort_values(["urgent", *SEVERITIES, "who"], ascending=[False] * 4 + [True], ignore_index=True)
        caption = N_("Who has to act on %(category)s") if category else N_("Who has to act")
        return self._table(sums, self.words.put(caption, category=self.words.inline(category or "")))
