"""The officer's desk: `open_workbench()` gives one period of a home as an object whose members read as questions.

Nothing here changes a register or a finding; looking at a person adds to the home's log. A member's rows are in an order of
their own that never changes, and hold record keys, customer numbers, kinds, counts and dates; only `sql`, and a person's
values revealed for a stated reason, show more.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from functools import cached_property
from pathlib import Path

import duckdb
import pandas as pd

from pipelines import tree
from pipelines.desk.tables import Said, Shown, Table
from pipelines.errors import BusyError, HomeError, VahtiError
from pipelines.expectations.opened import OpenedPeriod, open_period
from pipelines.expectations.rule import CATEGORIES, SEVERITIES, STATES
from pipelines.home import guard, store
from pipelines.job import remembered
from pipelines.known import checked
from pipelines.sql import ident, render

LANGUAGES = ("en", "fi", "sv")
FIRST_USE_WAIT_SECONDS = 300
MONTHS_SHOWN = 36
RULES_NAMED = 3


def open_workbench(
    home: str | Path | None = None, period: str | dt.date | None = None, language: str | None = None,
    expectations: str | Path | None = None,
) -> Workbench:  # fmt: skip
    """The newest period of a home, or the one named; VahtiError where it is not there.

    Without `home`: VAHTI_HOME, or the home of `vahti use`, or `.vahti` of this repository, which is filled from the samples
    at its first use. Without `expectations`: VAHTI_EXPECTATIONS, or those that the home was made with; others are refused.
    `language`: of the report; the controller's own if not given.
    """
    given = home or os.environ.get("VAHTI_HOME")
    path = Path(given).expanduser() if given else remembered.home()[0]
    named = expectations or os.environ.get("VAHTI_EXPECTATIONS")
    folder = Path(named) if named else remembered.folder("expectations", path.resolve())
    if not named:
        remembered.check_known(path.resolve())
    remembered.check_expectations(path.resolve(), folder)
    if not given and path == remembered.OTHERWISE["home"]:
        take_in_samples(path, folder)
    opened = open_period(path.expanduser().resolve(), folder, str(period) if period else None)
    return Workbench(opened, language)


def take_in_samples(home: Path, expectations: Path) -> None:
    """The samples into the default home, where nothing was taken in yet; another notebook may be at it already."""
    from pipelines.job.run import run

    deadline = time.monotonic() + FIRST_USE_WAIT_SECONDS
    while not ((home / "home.json").exists() and store.periods(store.open_home(home))):
        try:
            run(home, remembered.OTHERWISE["exports"], expectations)
        except BusyError:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)


class Workbench(Shown):
    """One opened period. `period` and `as_of` are dates."""

    def __init__(self, opened: OpenedPeriod, language: str | None = None):
        self.opened, self.home, self.name, self.as_of = opened, opened.home, opened.name, opened.as_of
        self.period, self.controller, self.contracts = (
            dt.date.fromisoformat(self.name),
            opened.controller,
            opened.contracts,
        )
        self.folder = opened.expectations.folder
        self.language = checked("language", language, LANGUAGES) if language else self.controller.language

    def __repr__(self) -> str:
        counts = self.opened.note["counts"]
        numbers = ", ".join(f"{counts[severity]} {severity}" for severity in SEVERITIES)
        return f"Workbench of {self.controller.name}, period {self.period}, as of {self.as_of}: findings {numbers}"

    @property
    def figures(self):
        """Pictures of the same numbers."""
        from pipelines.desk.pictures import Figures

        return Figures(self)

    @cached_property
    def report(self):
        """The sections of the periodic report, in this workbench's language."""
        from pipelines.desk.report import Report

        return Report(self)

    # What there is

    def periods(self) -> Table:
        """One row per period taken in: files that arrived, rows read and registered, findings by severity."""
        rows = [
            {"period": dt.date.fromisoformat(name), "as_of": dt.date.fromisoformat(note["as_of"])}
            | {"exports": note["counts"]["files"], "expected": note["counts"]["files_expected"]}
            | {key: note["counts"][key] for key in ("rows_read", "rows_rejected", *SEVERITIES, "not_evaluated")}
            for name, note in self.opened.known.items()
        ]
        return Table(pd.DataFrame(rows), "Periods taken in")

    def feed(self) -> Table:
        """One row per file: whether it came, and what became of its rows."""
        return Table(self._frame("desk/feed.sql"), f"Files of {self.period}", rows=None)

    def headers(self, dataset: str | None = None, why: str = "") -> Table:
        """One row per undeclared column, with what its header says; `why` goes to the log of look-ups.

        Everything else calls the column by its place: a header may be a person's name.
        """
        from pipelines.person.headers import undeclared

        columns = ["system", "dataset", "file", "position", "header"]
        rows = undeclared(self.home, self.name, dataset, why=why)
        return Table(pd.DataFrame(rows, columns=columns), "Headers of undeclared columns", rows=None, holds_values=True)

    def rules(self, category: str | None = None) -> Table:
        """One row per rule: what it found among how many records, the most severe and frequent first."""
        rules = self._frame("report/rules.sql")
        rules = rules[rules.category == self._known("category", category, CATEGORIES)] if category else rules
        worst = pd.concat([rules[severity] > 0 for severity in SEVERITIES], axis=1).idxmax(axis=1) if len(rules) else []
        rules = rules.assign(worst=worst).assign(order=rules.severity.map(SEVERITIES.index))
        rules = rules.sort_values(["high", "findings", "order", "rule"], ascending=[False, False, True, True])
        shown = rules[["rule", "title", "severity", "records", "findings", *SEVERITIES]]
        note = self._not_seen(category=category)
        return Table(shown.reset_index(drop=True), f"Rules{_of(category)}", note, rows=None)

    def rule(self, name: str) -> Said:
        """Why a rule is there, what to do about its findings, and on whose word."""
        rules = self._frame("report/rules.sql").set_index("rule")
        rule = rules.loc[self._known("rule", name, rules.index)]
        words = {"Why": rule.why, "What to do": rule.todo, "Who": rule.owner, "Mandate": rule.mandate}
        lines = (*words.items(), ("Notice", ", ".join(rule.notice) or "no statement"))
        return Said(f"{name}: {rule.title}", tuple((term, " ".join(text.split())) for term, text in lines))

    def reasons(self, category: str) -> Table:
        """One row per rule of a category that found something: why it is there, and what to do."""
        found = self.rules(category).df
        rules = self._frame("report/rules.sql").set_index("rule").loc[found.rule[found.findings > 0]]
        shown = rules[["why", "todo"]].map(lambda text: " ".join(text.split())).rename(columns={"todo": "what_to_do"})
        return Table(shown.reset_index(), f"Why, and what to do: {category}", rows=None)

    # What was found

    def findings(self, rule=None, system=None, category=None, severity=None, dataset=None, field=None) -> Table:
        """One row per finding; of a rule, system, category, severity, dataset or field only, where one is named."""
        wanted = {"rule": rule, "system": system, "category": category, "severity": severity, "dataset": dataset}
        found = self._frame("desk/findings.sql")
        for column, value in wanted.items():
            if value is not None:
                found = found[found[column] == self._known(column, value, self._values(column))]
        found = found if field is None else found[found.field == self._known("field", field, self._values("field"))]
        named = [value for value in (*wanted.values(), field) if value is not None]
        note = self._not_seen(rule=rule, category=category, system=system, dataset=dataset)
        return Table(found.reset_index(drop=True), f"Findings{_of(*named)}", note)

    def checks(self, category: str) -> Table:
        """One row per rule of a category, dataset and field: records looked at, and findings among them."""
        checks = self._frame("desk/checks.sql")
        shown = checks[checks.category == self._known("category", category, CATEGORIES)].drop(columns="category")
        return Table(shown.reset_index(drop=True), f"Checks of {category}, the most findings first")

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
        return Table(shown, "Where systems disagree, by customer", self._not_seen(category="consistency"))

    def copies(self) -> Table:
        """What two datasets both hold of the same people, and of how many they tell it differently."""
        from pipelines.registry.build import NORMAL_FORMS

        rows = self._query(render("desk/copies.sql", kinds=list(NORMAL_FORMS)))
        return Table(rows, "Copies of the same people's data, compared in their normal form")

    def ages(self, relation: str, column: str) -> Table:
        """Records of a dataset or relation by full years since a date."""
        sql = render("desk/ages.sql", relation=f"registry.{ident(relation)}", column=ident(column))
        caption = f"{relation} by full years since {column}".replace("_", " ")
        self._check_relation(relation, column)
        try:
            return Table(self._query(sql), caption)
        except (duckdb.BinderException, duckdb.CatalogException):
            nothing = pd.DataFrame({"years": [], "records": [], "share": []})
            return Table(nothing, caption, f"This period has no {relation} with {column}: nothing could be looked at.")

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
        return Table(shown, f"Records{_of(dataset or None, *wanted.values())}", found.note)

    def groups(self, dataset: str, *columns: str) -> Table:
        """Records of a dataset counted by columns that its contract calls not personal."""
        for column in columns:
            self._known("column that is not personal", column, [each.name for each in self._open_columns(dataset)])
        names = ", ".join(map(ident, columns))
        caption = f"{dataset} by {' and '.join(columns)}".replace("_", " ")
        try:
            sql = f"select {names}, count(*) as records from registry.{ident(dataset)}"
            return Table(self._query(f"{sql} group by {names} order by {names}"), caption)
        except (duckdb.BinderException, duckdb.CatalogException):
            nothing = pd.DataFrame(columns=[*columns, "records"])
            note = f"This period has no {dataset} with these columns: nothing could be looked at."
            return Table(nothing, caption, note)

    def owners(self, category: str | None = None) -> Table:
        """One row per person or office that has to act: open findings and tasks by severity, urgent, late, deadlines passed."""
        rows = self._frame("desk/owners.sql", period=self.name)
        rows = rows[rows.category == self._known("category", category, CATEGORIES)] if category else rows
        sums = rows.drop(columns="category").groupby("who").sum().reset_index()
        sums = sums.sort_values(["urgent", *SEVERITIES, "who"], ascending=[False] * 4 + [True], ignore_index=True)
        return Table(sums, f"Who has to act{_of(category, sign=' on')}")

    # How long things are kept

    def overdue(self) -> Table:
        """Findings whose last day is past, the oldest first."""
        return Table(self._frame("desk/overdue.sql"), f"Past their last day on {self.as_of}")

    def retention(self) -> Table:
        """The disposal schedule: records of each class by state."""
        return Table(self._frame("desk/retention.sql"), "Disposal schedule, records by state", rows=None)

    def timeline(self, months: int = MONTHS_SHOWN) -> Table:
        """Records by the month of their last day, what is past and so many months ahead, and the classes concerned."""
        until = (pd.Timestamp(self.as_of) + pd.DateOffset(months=months)).date()
        rows = self._frame("desk/timeline.sql", until=until)
        months_shown = rows.groupby(["month", "is_past"]).agg(records=("records", "sum"), classes=("class", list))
        return Table(months_shown.reset_index(), f"What falls due by {until}, by month")

    def holds(self) -> Table:
        """Legal holds in force, and how many records each keeps."""
        return Table(self._frame("desk/holds.sql"), f"Legal holds in force on {self.as_of}")

    def explain(self, dataset: str | None = None, key: str | None = None) -> Said:
        """Until when a record may be kept, and why; of the record longest past its last day where none is named."""
        from pipelines.rules.explain import explain

        if dataset is None:
            due = "select dataset, record_key from registry.retention where state = 'due'"
            rows = self._query(f"{due} order by last_day, dataset, record_key limit 1")
            if not len(rows):
                return Said("", (("", f"No record is past its last day on {self.as_of}."),))
            dataset, key = rows.iloc[0]
        with store.reading(self.home, self.name) as connection:
            found = explain(connection, self.as_of, dataset, str(key))
        return Said("", tuple(("", line) for item in found for line in (item.sentence, *item.holds)))

    # Across periods

    def trends(self, by: str = "severity") -> Table:
        """Findings of every period, by severity, category, rule, system or dataset; by the ledger's state or age."""
        self._known("trend", by, ("severity", "category", "rule", "system", "dataset", "state", "age"))
        fixed = {"severity": SEVERITIES, "category": CATEGORIES}
        counts = self._ledger_counts(by) if by in ("state", "age") else self._counts(by)
        order = list(fixed.get(by) or sorted({value for found in counts.values() for value in found}))
        columns = {period: [found.get(value, 0) for value in order] for period, found in counts.items()}
        return Table(pd.DataFrame({by: order} | columns), f"Findings by {by} and period", rows=None)

    def states(self, state: str | None = None) -> Table:
        """One row per finding that the ledger knows: new, open, reappeared, accepted, resolved …, and since when."""
        states = self._frame("desk/states.sql")
        states = states if state is None else states[states.state == self._known("state", state, STATES)]
        return Table(states.reset_index(drop=True), f"Findings in the ledger{_of(state)}, the longest open first")

    def mending(self) -> Table:
        """One row per system: findings mended so far, and how many days they had stood."""
        return Table(self._frame("desk/mending.sql"), f"Findings mended by {self.period}, and the days they had stood")

    def promises(self) -> Table:
        """One row per period and system with findings reported done: how many, and what the next export showed."""
        return Table(self._frame("desk/promises.sql"), "What was reported done, and whether it held")

    def late(self) -> Table:
        """One row per period and severity: findings to be mended, and how many of them past the day set for it."""
        return Table(self._frame("desk/late.sql"), "Findings past the day they were to be mended by")

    def changes(self) -> Table:
        """One row per rule or kind of task: open and new, back, or open since before; mended since the period before."""
        if not self.opened.earlier:
            nothing = pd.DataFrame(
                {name: [] for name in ("rule", "new", "back", "since_before", "mended", "not_observable")}
            )
            return Table(nothing, "Changes", "This is the first period: there is nothing to compare it with.")
        counted = self._frame("desk/changes.sql", period=self.name)
        return Table(counted, f"What changed between {self.opened.earlier[-1]} and {self.name}, by rule")

    # The privacy notice

    def notice(self, statement: str | None = None) -> Table | Said:
        """One row per statement of the privacy notice: whether it holds; of one statement, what it rests on."""
        from pipelines.desk import notice as desk_notice

        shown = desk_notice.statements(self)
        if statement is None:
            return Table(shown, f"The privacy notice on {self.as_of}", rows=None)
        named = self._known("statement", statement, shown.id)
        return Said(named, tuple(desk_notice.evidence(self, named)))

    def amendments(self) -> Table:
        """One row per thing that the exports show and the notice does not say, with a proposal of what to say."""
        from pipelines.desk import notice as desk_notice

        return Table(desk_notice.proposals(self), "What the notice does not say", rows=None)

    # One person

    def subject(self, query: str | None = None, *, customer: str | None = None, why: str = ""):
        """Who may be meant by a query in any spelling, masked; or, with `customer`, that person and what is held of them.

        Without either, on samples: the customer that most findings are about; a real person must be named. `why` goes to the log of look-ups.
        """
        from pipelines.desk import people as desk_people

        if customer:
            return desk_people.Person(self, str(customer), why)
        return desk_people.candidates(self, query or desk_people.whom(self, query, why)[0], why)

    def whom(self, query: str | None = None, why: str | None = None) -> tuple[str, str]:
        """(whom to look for, why): as given; asked for where a real person would be opened without either."""
        from pipelines.desk import people as desk_people

        return desk_people.whom(self, query, why)

    def choose(self, found: Table, customer: str | None = None) -> str:
        """The customer number that is meant among those found; asked for where there are several."""
        from pipelines.desk import people as desk_people

        return desk_people.choose(self, found, customer)

    def links(self, why: str = "") -> Table:
        """Pairs of people or records that may be one person, for a yes or no."""
        from pipelines.desk import people as desk_people

        return desk_people.links(self, why)

    def to_label(self, most: int = 4) -> Table:
        """Pairs near the threshold of the links side by side, masked, to say of each whether it is one person."""
        from pipelines.desk import people as desk_people

        return desk_people.to_label(self, most)

    def label(self, left: str, right: str, answer: str) -> Said:
        """Keeps what you say of a pair to label: yes, no or do not know. It measures the links, and joins nobody."""
        from pipelines.desk import people as desk_people

        return desk_people.label(self, left, right, answer)

    def labelled(self) -> Table:
        """What was said of pairs, with the links' precision and recall as measured on them."""
        from pipelines.desk import people as desk_people

        return desk_people.labelled(self)

    def requests(self) -> Table:
        """Open requests of data subjects, with their last day."""
        from pipelines.desk import people as desk_people

        return desk_people.requests(self)

    def look_ups(self) -> Said:
        """Whether the log of look-ups is whole."""
        from pipelines.desk import people as desk_people

        return desk_people.log(self)

    # Anything else

    def sql(self, query: str) -> Table:
        """The rows of one SELECT on this period, which it cannot change; it reaches no file and no other database.

        The log of look-ups says that a query was run, and not which: it may hold values.
        """
        from pipelines.person import log

        with store.reading(self.home, self.name) as connection:
            try:
                self._reads_only_here(tree.table_functions(tree.parse(connection, query)))
                log.append(self.home, "sql", period=self.name)
                caption = query if len(query) <= 90 else query[:90] + "…"
                return Table(connection.execute(query).df(), caption, holds_values=True)
            except tree.NotASelect as error:
                raise VahtiError(f"not a single SELECT: {error}", remedy="write one SELECT") from None
            except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
                raise VahtiError(str(error).splitlines()[0], remedy="look at the names of tables and columns") from None
            except duckdb.Error as error:  # its message may quote a cell
                if guard.is_damage(error):
                    raise
                problem = f"the query failed: {type(error).__name__}"
                raise VahtiError(problem, remedy="look at casts and files") from None

    @staticmethod
    def _reads_only_here(functions: set[str]) -> None:
        """VahtiError for a function in FROM that may read more than tables, counting and DuckDB's own catalogue."""
        for name in sorted(functions):
            if name not in tree.HARMLESS and not name.startswith("duckdb_"):
                raise VahtiError(f"calls {name}() in FROM", remedy="read tables of this period")

    # How it is done

    def _frame(self, name: str, **parameters: object) -> pd.DataFrame:
        return self._query(render(name), **parameters)

    def _query(self, sql: str, **parameters: object) -> pd.DataFrame:
        with store.reading(self.home, self.name) as connection:
            wanted = connection.extract_statements(sql)[0].named_parameters
            everything = {"as_of": self.as_of} | parameters
            found = connection.execute(sql, {name: everything[name] for name in wanted}).df()
        for name in found.columns:  # days, not midnights
            if str(found[name].dtype).startswith("datetime64"):
                days = found[name].astype("object").where(found[name].notna(), None)
                found[name] = days.map(_day, na_action="ignore")
        return found

    def present(self, dataset: str) -> set[str]:
        """The declared columns of a dataset that this period's export has; none where it did not arrive."""
        found = "select column_name from feed.columns where dataset = $dataset and status = 'declared'"
        return set(self._query(found, dataset=dataset).column_name)

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

    def _open_columns(self, dataset: str) -> list:
        """The columns of a dataset that its contract calls not personal."""
        known = {contract.dataset: contract for contract in self.contracts}
        columns = known[self._known("dataset", dataset, known)].columns if dataset else ()
        return [column for column in columns if not column.personal]

    def _check_relation(self, relation: str, column: str) -> None:
        """UnknownError for a dataset or shared relation that the expectations do not have, or a dataset without the column."""
        datasets = {contract.dataset: contract for contract in self.contracts}
        relations = [each.name for each in self.opened.expectations.relations]
        self._known("dataset or relation", relation, [*datasets, *relations])
        if relation in datasets:
            self._known(f"column of {relation}", column, [each.name for each in datasets[relation].columns])

    def _values(self, column: str) -> list[str]:
        fixed = {"category": CATEGORIES, "severity": SEVERITIES}
        if column in fixed:
            return list(fixed[column])
        if column == "field":
            declared = {each.name for contract in self.contracts for each in contract.columns}
            return sorted(declared | set(self._query("select distinct field from results.findings").field))
        table = "results.rules" if column == "rule" else "results.datasets"
        return list(self._query(f"select distinct {column} from {table} order by {column}")[column])

    def _known(self, what: str, value: str, known) -> str:
        return checked(what, value, known, place=f"period {self.name}")

    def _not_seen(self, **wanted: str | None) -> str:
        """A sentence on rules that could not be evaluated; empty where all were."""
        parts = self._frame("desk/not_evaluated.sql")
        for column, value in wanted.items():
            if value is not None:
                parts = parts[parts[column].isin([value, ""] if column in ("system", "dataset") else [value])]
        if not len(parts):
            return ""
        places = sorted({place or "several datasets" for place in parts.dataset})
        rules = sorted(set(parts.rule))
        named = ", ".join(rules) if len(rules) <= RULES_NAMED else f"{len(rules)} rules"
        return f"Not evaluated for {', '.join(places)}: {named}. That they found nothing there is no sign of health."


def _day(value) -> dt.date | pd.Timestamp:
    return value.date() if value == value.normalize() else value


def _of(*named: str | None, sign: str = ":") -> str:
    text = ", ".join(str(value) for value in named if value is not None)
    return f"{sign} {text}" if text else ""


__all__ = ["HomeError", "Workbench", "open_workbench"]
