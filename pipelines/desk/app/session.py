"""One officer at one home: the period and language she looks at, her name, and her reasons for look-ups."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from pipelines.expectations.load import Expectations
from pipelines.expectations.opened import InPeriod, OpenedPeriod, open_period
from pipelines.known import checked
from pipelines.language.languages import LOCALES, Language, language


@dataclass
class Session(InPeriod):
    """An opened period. `code`: her language; `by`: her name, as she gave it with her first decision; `chosen`: fingerprints of
    the findings that the next decision is about; `reasons`: by customer number, why that person was opened; `why`, `found`: the last reason for a
    search, and what it gave."""

    opened: OpenedPeriod
    code: str
    by: str = ""
    chosen: list[str] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    why: str = ""
    found: Any = None
    _stamp: tuple = field(default=(), repr=False)
    _known: dict = field(default_factory=dict, repr=False)

    @property
    def folder(self) -> Path:
        """The folder of the expectations."""
        return self.opened.expectations.folder

    @property
    def loaded(self) -> Expectations:
        """The controller's expectations."""
        return self.opened.expectations

    @property
    def speech(self) -> Language:
        """The words of her language."""
        return language(self.code, self.folder)

    def reading(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """A read-only connection to the period."""
        return self.opened.reading()

    def refresh(self) -> None:
        """Clears the cache once a database of the home has changed."""
        files = (self.home.workbench, self.home.database(self.period))
        stamp = tuple(path.stat().st_mtime_ns if path.exists() else 0 for path in files)
        if self._stamp != stamp:
            self._stamp, self._known = stamp, {}
            self.opened = open_period(self.home, self.loaded, self.period)

    def once(self, name: str, made: Callable[[], Any]) -> Any:
        """The result of `made`, cached until a database of the home changes."""
        self.refresh()
        key = (name, self.period, self.code)
        if key not in self._known:
            self._known[key] = made()
        return self._known[key]

    def forget(self) -> None:
        """Clears the cache."""
        self._stamp = ()

    def turn_to(self, period: str = "", code: str = "") -> None:
        """Switches to another period or language; UnknownError for an unknown one, HomeError for a purged one."""
        if period:
            self.opened = open_period(self.home, self.loaded, period)
        if code:
            self.code = checked("language", code, list(LOCALES))
