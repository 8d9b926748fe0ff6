"""One period of a home with the expectations that judge it: what a run, a command, the desk and a request all open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import duckdb

from pipelines.errors import ExpectationsError
from pipelines.expectations.context import Context
from pipelines.expectations.contract import Contract
from pipelines.expectations.controller import Controller
from pipelines.expectations.load import Expectations, load
from pipelines.expectations.notice import Notice
from pipelines.home import store


@dataclass(frozen=True)
class OpenedPeriod:
    """A period of a home, taken in or still being taken in (`note` is then empty).

    `name`: the period's date as text; `as_of`: the day it is judged on. `note`: the home's entry for this period;
    `known`: the entries of all periods taken in, by name.
    """

    home: store.Home
    name: str
    as_of: dt.date
    expectations: Expectations
    note: Mapping = field(default_factory=dict)
    known: Mapping[str, dict] = field(default_factory=dict)

    @cached_property
    def context(self) -> Context:
        """What SQL of the expectations is bound with."""
        return Context(self.as_of, self.expectations.contracts, self.expectations.controller)

    @property
    def controller(self) -> Controller:
        """The controller of the period."""
        return self.expectations.controller

    @property
    def contracts(self) -> tuple[Contract, ...]:
        """The contracts of the exports, then those of the controller's own files."""
        return (*self.expectations.contracts, *self.expectations.own)

    @property
    def notice(self) -> Notice:
        """The privacy notice; ExpectationsError if the controller has none."""
        if self.expectations.notice is None:
            folder = self.expectations.folder
            raise ExpectationsError("no notice.yaml", file=folder, remedy="write one; see the folder's README")
        return self.expectations.notice

    @property
    def reports(self) -> Path:
        """The folder of its outputs."""
        return self.home.reports(self.name)

    @property
    def earlier(self) -> list[str]:
        """The earlier periods, oldest first; the registry of some may have been purged."""
        return sorted(name for name in self.known if name < self.name)

    @property
    def previous(self) -> str | None:
        """The period before it, if its registry still exists."""
        return self.earlier[-1] if self.earlier and self.home.database(self.earlier[-1]).exists() else None

    def reading(self, previous: str | None = None) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """A read-only connection to its database, with an earlier one's as `previous`, that reaches no other file."""
        return store.reading(self.home, self.name, previous)


class InPeriod:
    """What works in an opened period, `opened`, and is asked for its home, its name and its day."""

    opened: OpenedPeriod

    @property
    def home(self) -> store.Home:
        """The home that it is a period of."""
        return self.opened.home

    @property
    def period(self) -> str:
        """The period's name."""
        return self.opened.name

    @property
    def as_of(self) -> dt.date:
        """The day that everything is judged on."""
        return self.opened.as_of


def open_period(home: Path | store.Home, expectations: Path | Expectations, period: str | None = None) -> OpenedPeriod:
    """The newest period taken in, or the one named; HomeError or UnknownError if there is no such period.

    ExpectationsError names the first fault in a folder of expectations.
    """
    place = home if isinstance(home, store.Home) else store.open_existing(Path(home))
    known = store.periods(place)
    name, note = store.choose(place, period, known)
    loaded = expectations if isinstance(expectations, Expectations) else load(Path(expectations))
    return OpenedPeriod(place, name, dt.date.fromisoformat(note["as_of"]), loaded, note, known)
