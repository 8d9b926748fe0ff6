"""The working environment: an opened period with a connection to its database, and what may be seen of it."""

from __future__ import annotations

import contextlib
import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import duckdb

from pipelines import tree
from pipelines.expectations.context import Context
from pipelines.expectations.contract import Column, Contract
from pipelines.expectations.load import Expectations
from pipelines.expectations.opened import InPeriod, OpenedPeriod, open_period
from pipelines.home import store
from pipelines.person import decisions, settings
from pipelines.registry import build as registry
from pipelines.registry import functions
from pipelines.sql import ident, render, run_script

# How an answer names a record without a key: by its place in the file, and the file's period.
_PLACED = re.compile(r"(?P<member>.+:\d+)@(?P<period>\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True)
class Place(InPeriod):
    """An opened period and a connection to it, read-only except for temporary tables."""

    connection: duckdb.DuckDBPyConnection
    opened: OpenedPeriod
    access: settings.Access
    built: set[str] = field(default_factory=set)

    @property
    def expectations(self) -> Expectations:
        """The meaning of the columns."""
        return self.opened.expectations

    @property
    def note(self) -> Mapping:
        """The home's entry for the period."""
        return self.opened.note

    @cached_property
    def contracts(self) -> dict[str, Contract]:
        """Exports and the controller's own files, by dataset; only those with personal attributes."""
        return {each.dataset: each for each in self.opened.contracts if any(column.personal for column in each.columns)}

    @cached_property
    def present(self) -> dict[str, set[str]]:
        """The columns that this period has, by dataset."""
        return registry.columns_present(self.connection)

    @cached_property
    def said(self) -> dict[tuple[str, str], str]:
        """The officer's answers, as of when the place was opened; those on a record without a key of its own only in the
        period that they were given in, since its place in the file is another record's in the next."""
        said = {tuple(map(self._of_this_period, pair)): answer for pair, answer in decisions.answers(self.home).items()}
        return {decisions.pair(*pair): answer for pair, answer in said.items() if all(pair)}

    @cached_property
    def redactions(self) -> dict[str, str]:
        """The officer's answers on what may go out, by the place's id."""
        return decisions.redactions(self.home)

    @cached_property
    def _secret(self) -> bytes:
        return decisions.secret(self.home)

    def sum_of(self, *parts: str) -> str:
        """A sum of texts that says nothing to whoever lacks the home's secret."""
        return hmac.new(self._secret, "\x1f".join(parts).encode("utf-8", "surrogatepass"), "sha256").hexdigest()[:24]

    def written(self, member: str) -> str:
        """A member as it is stored in an answer."""
        return f"{member}@{self.period}" if self._has_no_key(member) else member

    def _of_this_period(self, name: str) -> str:
        placed = _PLACED.fullmatch(name)
        if placed:
            return placed["member"] if placed["period"] == self.period else ""
        return "" if self._has_no_key(name) else name

    def _has_no_key(self, member: str) -> bool:
        file, colon, line = member.partition("/")[2].rpartition(":")
        return bool(colon) and line.isdigit() and file in self._files

    @cached_property
    def _files(self) -> set[str]:
        return {row["file"] for row in self.fetch("select file from feed.files")}

    @property
    def subject(self) -> tuple[str, str]:
        """Dataset and key column of the data subjects."""
        return self.expectations.controller.subject

    @property
    def context(self) -> Context:
        """What conditions of controller.yaml are bound with."""
        return self.opened.context

    def columns(self, dataset: str) -> list[Column]:
        """The contract's columns that this period has."""
        return [c for c in self.contracts[dataset].columns if c.name in self.present.get(dataset, ())]

    def rows(self, dataset: str, schema: str = "registry") -> str:
        """SQL of the dataset's rows that are the controller's own: never another company's."""
        table = f"{schema}.{ident(dataset)}"
        condition = self.access.own.get(dataset)
        if not condition:
            return table
        return f"(select r.* from {table} as r where {condition.sql(self.connection, self.context, 'r')})"

    def unclear(self, dataset: str) -> str:
        """SQL of the rows of a shared dataset without any sign of whose they are: never searched by value, and only
        offered; empty if every row has one."""
        condition = self.access.own.get(dataset)
        if not condition or dataset not in self.searchable:
            return ""
        return (
            f"(select r.* from registry.{ident(dataset)} as r"
            f" where ({condition.sql(self.connection, self.context, 'r')}) is null)"
        )

    def decidable(self, dataset: str) -> str:
        """SQL of the rows that the officer can say yes or no to: the controller's own, and the unclear ones."""
        unclear = self.unclear(dataset)
        if not unclear:
            return self.rows(dataset)
        return f"(select * from {self.rows(dataset)} union all select * from {unclear})"

    @cached_property
    def searchable(self) -> dict[str, Contract]:
        """The datasets that can be searched in this period: those present, and a shared one only if it says whose a
        row is."""
        return {
            name: contract for name, contract in self.contracts.items() if self.present.get(name) and self._binds(name)
        }

    def _binds(self, dataset: str) -> bool:
        try:
            tree.describe(self.connection, f"select * from {self.rows(dataset)}")
        except (duckdb.BinderException, duckdb.CatalogException):
            return False
        return True

    def fetch(self, sql: str, parameters: list | dict | None = None) -> list[dict]:
        """Rows as mappings."""
        found = self.connection.execute(sql, parameters or [])
        names = [item[0] for item in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@contextlib.contextmanager
def at(home: Path | store.Home, expectations: Path | Expectations, period: str | None = None) -> Iterator[Place]:
    """The newest period taken in, or the one named; HomeError if there is none."""
    opened = open_period(home, expectations, period)
    access = settings.load(opened.expectations)
    with opened.reading() as connection:
        functions.install(connection, country=opened.controller.country)
        run_script(connection, render("person/macros.sql"))
        yield Place(connection, opened, access)
