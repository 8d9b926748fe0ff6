"""Great Expectations on the workbench's own DuckDB connection, and what it lacks for that."""

from __future__ import annotations

import builtins
import contextlib
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

import great_expectations as gx
from duckdb_sqlalchemy import ConnectionWrapper
from great_expectations.core.freshness_diagnostics import (
    CheckpointFreshnessDiagnostics,
    ExpectationSuiteFreshnessDiagnostics,
    ValidationDefinitionFreshnessDiagnostics,
)
from great_expectations.datasource.fluent import SQLDatasource
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.core.unexpected_rows_expectation import UnexpectedRowsExpectation
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

from pipelines.sql import ident, one_value

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from great_expectations.data_context import EphemeralDataContext
    from sqlalchemy import Connection


COLON = re.compile(r"(?<![:\w\\]):(?=\w)")


class OneConnection(SqlAlchemyExecutionEngine):
    """Keeps its connection, for DuckDB's results are gone once it went back to the pool."""

    @contextlib.contextmanager
    def get_connection(self) -> Iterator:
        """The one connection; what fails on it must not fail what comes after."""
        self._connection: Connection = self._connection or self.engine.connect()
        try:
            yield self._connection
        except Exception:
            self._connection.rollback()
            raise


class WorkbenchSource(SQLDatasource):
    """The tables of schema `registry`."""

    type: Literal["duckdb"] = "duckdb"
    execution_engine_override: ClassVar[builtins.type[SqlAlchemyExecutionEngine]] = OneConnection

    @property
    def schema_(self) -> str:
        """Where the tables are."""
        return "registry"


class NoUnexpectedRows(UnexpectedRowsExpectation):
    """UnexpectedRowsExpectation that counts the rows and never fetches one."""

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.row_count", "table.row_count")

    def _validate(self, metrics: dict, runtime_configuration: object = None, execution_engine: object = None) -> dict:
        count = metrics["unexpected_rows_query.row_count"]
        return {"success": count == 0, "result": {"observed_value": count, "element_count": metrics["table.row_count"]}}


class NewSuite(gx.ExpectationSuite):
    """Made a moment ago and kept in no store: nothing to compare it with, which would take longer than to run it."""

    def is_fresh(self) -> ExpectationSuiteFreshnessDiagnostics:
        """It is."""
        return ExpectationSuiteFreshnessDiagnostics(errors=[])


class Nowhere:
    """A store of validation results that keeps none: as they come out they may quote a value."""

    cloud_mode = False

    def store_validation_results(self, **_: object) -> None:
        """Does nothing."""


class NewDefinition(gx.ValidationDefinition):
    """As NewSuite."""

    @property
    def _validation_results_store(self) -> Nowhere:
        return Nowhere()

    def is_fresh(self) -> ValidationDefinitionFreshnessDiagnostics:
        """It is."""
        return ValidationDefinitionFreshnessDiagnostics(errors=[])


class NewCheckpoint(gx.Checkpoint):
    """As NewSuite."""

    def is_fresh(self) -> CheckpointFreshnessDiagnostics:
        """It is."""
        return CheckpointFreshnessDiagnostics(errors=[])


@contextlib.contextmanager
def configured_once() -> Iterator[None]:
    """While it lasts, an expectation makes its configuration once, and that the expectation; 65 times else, a third of the run."""
    made: dict[int, tuple] = {}
    configuration, expectation = Expectation.configuration, ExpectationConfiguration.to_domain_obj

    def once(make: Callable) -> Callable:
        def remembered(self: object) -> object:
            if id(self) not in made:
                made[id(self)] = (self, make(self))  # itself too: else another may have its id
            return made[id(self)][1]

        return remembered

    Expectation.configuration = property(once(configuration.fget))
    ExpectationConfiguration.to_domain_obj = once(expectation)
    try:
        yield
    finally:
        Expectation.configuration, ExpectationConfiguration.to_domain_obj = configuration, expectation


def rows_query(sql: str) -> str:
    """SQL as Great Expectations takes it: braces and colons escaped, and the batch named, if only in a comment."""
    escaped = COLON.sub(r"\\:", sql.replace("{", "{{").replace("}", "}}"))
    return f"/* {{batch}} */\n{escaped}"


def ephemeral_context() -> EphemeralDataContext:
    """A context that writes nothing, sends no usage data and shows no progress bars."""
    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.save = lambda: None
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    return context


def add_source(context: EphemeralDataContext, connection: DuckDBPyConnection) -> WorkbenchSource:
    """The data source on a cursor of `connection`, in the database that is current there."""
    database = one_value(connection, "select current_database()")

    def make() -> ConnectionWrapper:
        cursor = connection.cursor()
        cursor.execute(f"use {ident(database)}")
        return ConnectionWrapper(cursor)

    return context.data_sources.add_duckdb(
        "workbench", connection_string="duckdb:///:memory:", kwargs={"creator": make}
    )
