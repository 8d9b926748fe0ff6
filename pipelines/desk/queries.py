"""Questions to one period's database: what every part of the workbench asks with."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import duckdb
import pandas as pd

from pipelines import tree
from pipelines.desk.tables import ENGLISH, ROWS_SHOWN, Shown, Table
from pipelines.desk.words import Spoken, Words
from pipelines.errors import VahtiError
from pipelines.expectations.opened import OpenedPeriod
from pipelines.expectations.rule import CATEGORIES, SEVERITIES
from pipelines.home import guard
from pipelines.known import checked, nearest, of_period
from pipelines.language.languages import N_, Language
from pipelines.language.languages import language as language_of
from pipelines.ledger.tasks import TASKS
from pipelines.person import log
from pipelines.sql import render

LANGUAGES = ("en", "fi", "sv")
RULES_NAMED = 3


class Queries(Shown):
    """An opened period that can be asked. `period` and `as_of` are dates."""

    def __init__(self, opened: OpenedPeriod, language: str | None = None) -> None:
        self.opened, self.home, self.name, self.as_of = opened, opened.home, opened.name, opened.as_of
        self.period, self.controller, self.contracts = (
            dt.date.fromisoformat(self.name),
            opened.controller,
            opened.contracts,
        )
        self.folder = opened.expectations.folder
        self.language = checked("language", language, LANGUAGES) if language else self.controller.language

    @property
    def speech(self) -> Language:
        """The words of the reader's language."""
        return language_of(self.language, self.folder)

    @cached_property
    def words(self) -> Words:
        """What tables and pictures say."""
        if self.language == "en":
            return ENGLISH
        schedule = self.opened.expectations.schedule
        classes = (*schedule.classes, *([schedule.subject] if schedule.subject else []))
        rules = {rule.id: rule.title for rule in self.opened.expectations.rules} | {
            k: task.title for k, task in TASKS.items()
        }
        systems = {name: settings.get("name", name) for name, settings in self.controller.systems.items()}
        return Spoken(self.speech, rules, systems, {each.id: each.title for each in classes})

    def _table(
        self, df: pd.DataFrame, caption: str, note: str = "", rows: int | None = ROWS_SHOWN, **more: Any
    ) -> Table:
        """A table in the reader's language; see `Table`."""
        return Table(df, caption, note, rows, words=self.words, **more)

    def sql(self, query: str) -> Table:
        """The rows of one SELECT on this period, which it cannot change; it reaches no file and no other database.

        The log of look-ups says that a query was run, and not which: it may hold values.
        """
        with self.opened.reading() as connection:
            try:
                self._reads_only_here(tree.table_functions(tree.parse(connection, query)))
                log.append(self.home, "sql", period=self.name)
                caption = query if len(query) <= 90 else query[:90] + "…"
                return self._table(connection.execute(query).df(), caption, holds_values=True)
            except tree.NotASelect as error:
                raise VahtiError(f"not a single SELECT: {error}", remedy="write one SELECT") from None
            except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
                problem = str(error).splitlines()[0]
                raise VahtiError(problem, remedy=self._named_like(problem)) from None
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

    def _frame(self, name: str, **parameters: object) -> pd.DataFrame:
        return self._query(render(name), **parameters)

    def _query(self, sql: str, **parameters: object) -> pd.DataFrame:
        with self.opened.reading() as connection:
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
            found = set(self._query("select distinct field from results.findings").field)
            return sorted((declared | found) - {""})
        table = "results.rules" if column == "rule" else "results.datasets"
        return list(self._query(f"select distinct {column} from {table} order by {column}")[column])

    def _named_like(self, problem: str) -> str:
        """What to do about a name that DuckDB does not know: the nearest of this period's tables and columns."""
        word = re.search(r'(?:name|column) "?(\w+)"?', problem)
        found = self._query(
            "select distinct unnest([table_name, column_name]) as name from duckdb_columns()"
            " where database_name = current_database() order by name"
        )
        near = nearest(word[1], found.name) if word else []
        return f"did you mean {' or '.join(near)}?" if near else "look at the names of tables and columns"

    def _known(self, what: str, value: str, known: Iterable[str]) -> str:
        return checked(what, value, known, place=of_period(self.name))

    def _not_seen(self, **wanted: str | None) -> str:
        """A sentence on rules that could not be evaluated; empty where all were."""
        parts = self._frame("report/not_evaluated.sql")
        for column, value in wanted.items():
            if value is not None:
                parts = parts[parts[column].isin([value, ""] if column in ("system", "dataset") else [value])]
        if not len(parts):
            return ""
        several = self.words.gettext(N_("several datasets"))
        places = sorted({self.words.cell(place, "dataset") or several for place in parts.dataset})
        rules = sorted(set(parts.rule))
        named = [self.words.cell(rule, "rule") for rule in rules]
        return self.words.put(
            N_("Not evaluated for %(places)s: %(named)s. That they found nothing there is no sign of health."),
            places=", ".join(places),
            named=", ".join(named) if len(rules) <= RULES_NAMED else self.words.put(N_("%(n)s rules"), n=len(rules)),
        )


def _day(value: pd.Timestamp) -> dt.date | pd.Timestamp:
    return value.date() if value == value.normalize() else value


def whole(what: str, value: object) -> int:
    """The number, where it is a whole one of 0 or more; else VahtiError."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise VahtiError(f"{what}={value!r} is no number of them", remedy="write 0 or more, such as 12")
    return value
