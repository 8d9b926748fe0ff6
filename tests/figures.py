"""Every number that the product tells of a period, by name, and where it stands.

`Truth` counts them from the ledger's rows and the period's tables, each by one query of its own and by nothing that the
product sums up. Where each of them stands on a page is in `told.py`.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import math
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import worlds
from duckdb import DuckDBPyConnection

from pipelines.expectations.opened import OpenedPeriod, open_period
from pipelines.home import store
from pipelines.language.languages import Language, language
from pipelines.ledger import looking
from pipelines.ledger.tasks import TASKS
from pipelines.notice import conformity

WEEK = 168
# Counts of items of the ledger by name.
ITEMS: dict[str, Callable[[dict, dt.date], bool]] = {
    "open": lambda row, day: row["is_open"],
    "findings": lambda row, day: row["is_open"] and row["kind"] == "finding",
    "tasks": lambda row, day: row["is_open"] and row["kind"] == "task",
    "urgent": lambda row, day: row["is_open"] and row["term_hours"] <= WEEK,
    "late": lambda row, day: row["is_open"] and row["act_by"] < day,
    "today": lambda row, day: row["is_open"] and row["act_by"] <= day,
    "week": lambda row, day: row["is_open"] and day < row["act_by"] <= day + dt.timedelta(7),
    "passed": lambda row, day: row["is_open"] and row["due_on"] is not None and row["due_on"] < day,
    "new": lambda row, day: row["state"] == "new",
    "back": lambda row, day: row["state"] == "reappeared",
    "new or back": lambda row, day: row["state"] in ("new", "reappeared"),
    "since before": lambda row, day: row["state"] == "open",
    "mended": lambda row, day: row["resolved_on"] == day,
    "mended so far": lambda row, day: row["resolved_on"] is not None,
    "reported": lambda row, day: row["state"] == "reported done",
    "accepted": lambda row, day: row["state"] == "accepted",
    "decided": lambda row, day: row["state"] in ("accepted", "reported done"),
    "unseen": lambda row, day: row["state"] == "not observable",
    "resolved": lambda row, day: row["state"] == "resolved",
    "quarter": lambda row, day: row["is_open"] and row["age_days"] <= 90,
    "half year": lambda row, day: row["is_open"] and 90 < row["age_days"] <= 180,
    "year": lambda row, day: row["is_open"] and 180 < row["age_days"] <= 365,
    "older": lambda row, day: row["is_open"] and row["age_days"] > 365,
}  # fmt: skip

# Amendments of the notice by kind, and the records or values that show one.
AMENDED = {
    "category": "select count(*) from registry.subject_attributes where kind = '{value}'",
    "storage period": "select count(*) from registry.retention as r join registry.schedule as s on s.class = r.class"
    " where s.title = '{value}'",
    "system": "select sum(rows_registered) from feed.files where system = '{value}'",
}


class Truth:
    """The numbers of a home's period, told in a language."""

    def __init__(self, home: Path, code: str = "en", period: str = worlds.PERIOD) -> None:
        self.home, self.code, self.period = store.open_existing(home), code, period
        self.day = dt.date.fromisoformat(period)
        self._counted, self._asked = dict[tuple, int](), dict[str, list]()

    @cached_property
    def opened(self) -> OpenedPeriod:
        """The period, where its registry is still there."""
        return open_period(self.home.path, worlds.EXPECTATIONS, self.period)

    @cached_property
    def speech(self) -> Language:
        """The words of the language."""
        return language(self.code, worlds.EXPECTATIONS)

    @cached_property
    def items(self) -> list[dict]:
        """Rows of the ledger, as `vahti findings` has them."""
        return looking.states(self.home, self.period)

    @cached_property
    def before(self) -> Truth:
        """The same of the period before."""
        return Truth(self.home.path, self.code, max(name for name in store.periods(self.home) if name < self.period))

    @cached_property
    def is_later(self) -> bool:
        """Whether there is a period before."""
        return self.period > min(store.periods(self.home))

    def of(self, name: str, **scope: Any) -> int:
        """How many items of the ledger are so, of a rule, system, owner …"""
        key = (name, *sorted(scope.items()))
        if key not in self._counted:
            self._counted[key] = sum(ITEMS[name](row, self.day) and fits(row, scope) for row in self.items)
        return self._counted[key]

    def oldest(self, **scope: Any) -> dt.date | None:
        """The earliest last day among open items."""
        days = [row["due_on"] for row in self.items if row["is_open"] and row["due_on"] and fits(row, scope)]
        return min(days, default=None)

    def rows(self, sql: str) -> list[tuple]:
        """Rows of the period's database."""
        if sql not in self._asked:
            self._asked[sql] = self.connection.execute(sql).fetchall()
        return self._asked[sql]

    @cached_property
    def connection(self) -> DuckDBPyConnection:
        """One to the period's database for all questions: to open it takes longer than to ask."""
        self._opened = contextlib.ExitStack()
        return self._opened.enter_context(self.opened.reading())

    @cached_property
    def files(self) -> list[dict]:
        """The files of the period."""
        return looking.rows(self.connection, "select * from feed.files order by file")

    @cached_property
    def exports(self) -> list[dict]:
        """Those that a contract asks for."""
        return [row for row in self.files if row["system"] != "controller"]

    @cached_property
    def absent(self) -> int:
        """How many of them did not arrive."""
        return sum(row["status"] != "read" for row in self.exports)

    def read(self, column: str = "rows_read") -> int:
        """Rows of all files."""
        return sum(row[column] or 0 for row in self.files)

    def read_of(self, dataset: str, column: str) -> int:
        """The same of one dataset."""
        return next(row[column] or 0 for row in self.files if row["dataset"] == dataset)

    @cached_property
    def kept(self) -> list[dict]:
        """Every record of the disposal schedule: class, state, last day."""
        return looking.rows(self.connection, "select class, state, last_day from registry.retention")

    def records(self, *states: str, of: str = "", until: dt.date | None = None, after: dt.date | None = None) -> int:
        """How many records are in such a state, of a class, with a last day up to or after one."""
        return sum(
            (not states or row["state"] in states)
            and of in ("", row["class"])
            and (until is None or row["last_day"] <= until)
            and (after is None or row["last_day"] > after)
            for row in self.kept
        )

    @property
    def in_a_year(self) -> dt.date:
        """The same day of the next year."""
        return self.day.replace(year=self.day.year + 1)

    @cached_property
    def notice(self) -> dict:
        """Verdicts on the privacy notice."""
        with self.opened.reading(self.opened.previous) as connection:
            return conformity.page_of(connection, self.opened, self.code)

    @cached_property
    def amendments(self) -> list[dict]:
        """What the notice does not say, as notice.json has it."""
        return json.loads((self.home.reports(self.period) / "notice.json").read_text("utf-8"))["amendments"]

    def amended(self, row: dict) -> int | None:
        """How many records or values show an amendment, counted anew; as it stands where it is of a list."""
        if row["records"] is None or row["kind"] not in AMENDED:
            return row["records"]
        ((count,),) = self.rows(AMENDED[row["kind"]].format(**row))
        return count

    def class_called(self, title: str) -> str:
        """A class of the schedule by its title."""
        return next(
            cls
            for cls, said in self.rows("select class, title from registry.schedule")
            if self.speech.said(said) == title
        )

    def breaking(self, statement: str, rule: str = "") -> int:
        """Findings of these exports that break a statement of the notice, of a rule; of no rule where none is named."""
        found = next(row for row in self.notice["statements"] if row["id"] == statement)
        return sum(count for name, _, count in found["broken_by"] if rule == (name if name in self.rules else ""))

    def covered(self, acceptance: str) -> int:
        """Findings and tasks that an acceptance in force covers."""
        ((count,),) = self.rows(f"select count(*) from ledger.in_force where acceptance = '{acceptance}'")
        return count

    def lines(self, name: str) -> set[tuple]:
        """Rules and owners with items that are so."""
        return {(row["rule"], row["who"]) for row in self.items if ITEMS[name](row, self.day)}

    @cached_property
    def unmade(self) -> list[dict]:
        """Parts of rules that could not be evaluated: dataset, reason, rule, field."""
        return looking.rows(
            self.connection, "select * from results.evaluations where status = 'not evaluated' order by rule, part"
        )

    def system_of(self, dataset: str) -> str:
        """The name of a dataset's system."""
        return self.systems[next(row["system"] for row in self.files if row["dataset"] == dataset)]

    @cached_property
    def rules(self) -> dict[str, dict]:
        """Every rule by name: its texts, in the language."""
        said = ("title", "why", "todo", "mandate", "owner")
        found = looking.rows(self.connection, "select * from results.rules order by rule")
        return {row["rule"]: row | {name: self.speech.said(row[name] or "") for name in said} for row in found}

    def title(self, rule: str) -> str:
        """What a rule or kind of task is called."""
        return self.rules[rule]["title"] if rule in self.rules else self.speech.said(TASKS[rule].title)

    @cached_property
    def systems(self) -> dict[str, str]:
        """Systems and their names."""
        return {name: self.speech.said(said) for name, said in self.rows("select system, name from ledger.systems")}

    def mended_by_system(self, system: str) -> tuple[int, int | None]:
        """What every period up to this one proved mended there: how many, and how many days it had stood on the average."""
        found, truth = [], self
        while truth:
            found += [row for row in truth.items if row["system"] == system and row["resolved_on"] == truth.day]
            truth = truth.before if truth.is_later else None
        stood = [row["resolved_on"] - row["act_by"] + dt.timedelta(math.ceil(row["term_hours"] / 24)) for row in found]
        return len(found), math.floor(sum(each.days for each in stood) / len(stood) + 0.5) if stood else None

    def promises(self, system: str) -> list[int]:
        """Items reported done there: in all, gone in the next export, still there."""
        found = self.rows(f"select promised, kept, missed from ledger.trend_promises where system = '{system}'")
        return [int(sum(row[place] for row in found)) for place in range(3)]

    def holds(self, where: str) -> int:
        """Legal holds that are so."""
        ((count,),) = self.rows(f"select count(distinct hold_id) from registry.legal_holds where {where}")
        return count

    def looked(self, rule: str) -> int:
        """How many records a rule looked at."""
        ((count,),) = self.rows(
            "select coalesce(sum(records), 0) from (select dataset, max(records) as records from results.evaluations"
            f" where rule = '{rule}' and status = 'evaluated' group by dataset)"
        )
        return int(count)


def fits(row: dict, scope: dict) -> bool:
    """Whether an item is within a scope."""
    return all(row[name] == value for name, value in scope.items())
