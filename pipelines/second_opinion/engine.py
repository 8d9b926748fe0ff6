"""Great Expectations on the workbench's own DuckDB connection, and what it needs for that."""

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
from great_expectations.core.id_dict import IDDict
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
    """Keeps its connection, because DuckDB's results are lost once it returns to the pool."""

    @contextlib.contextmanager
    def get_connection(self) -> Iterator:
        """The one connection; a failure on it must not affect later statements."""
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
        """The schema of the tables."""
        return "registry"


class NoUnexpectedRows(UnexpectedRowsExpectation):
    """UnexpectedRowsExpectation that counts the rows and never fetches one."""

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.row_count", "table.row_count")

    def _validate(self, metrics: dict, runtime_configuration: object = None, execution_engine: object = None) -> dict:
        count = metrics["unexpected_rows_query.row_count"]
        return {"success": count == 0, "result": {"observed_value": count, "element_count": metrics["table.row_count"]}}


class NewSuite(gx.ExpectationSuite):
    """A suite just made and kept in no store: comparing it with a stored one would take longer than running it."""

    def is_fresh(self) -> ExpectationSuiteFreshnessDiagnostics:
        """Always true."""
        return ExpectationSuiteFreshnessDiagnostics(errors=[])


class Nowhere:
    """A store of validation results that keeps none: in raw form they may quote a value."""

    cloud_mode = False

    def store_validation_results(self, **_: object) -> None:
        """Does nothing."""


class NewDefinition(gx.ValidationDefinition):
    """See NewSuite."""

    @property
    def _validation_results_store(self) -> Nowhere:
        return Nowhere()

    def is_fresh(self) -> ValidationDefinitionFreshnessDiagnostics:
        """Always true."""
        return ValidationDefinitionFreshnessDiagnostics(errors=[])


class NewCheckpoint(gx.Checkpoint):
    """See NewSuite."""

    def is_fresh(self) -> CheckpointFreshnessDiagnostics:
        """Always true."""
        return CheckpointFreshnessDiagnostics(errors=[])


@contextlib.contextmanager
def configured_once() -> Iterator[None]:
    """Within this context an expectation builds its configuration once, and vice versa; otherwise 65 times, a third of the run.
    So does the id of a metric's arguments, which is otherwise computed from the same few values 15,000 times, a fifth of it."""
    made: dict[int, tuple] = {}
    ids: dict[frozenset, object] = {}
    configuration, expectation = Expectation.configuration, ExpectationConfiguration.to_domain_obj
    to_id = IDDict.to_id

    def once(make: Callable) -> Callable:
        def remembered(self: object) -> object:
            if id(self) not in made:
                made[id(self)] = (self, make(self))  # the object too: otherwise another may get its id
            return made[id(self)][1]

        return remembered

    def identified(self: IDDict, id_keys: set | None = None, id_ignore_keys: set | None = None) -> object:
        if id_keys or id_ignore_keys or self._id_ignore_keys:
            return to_id(self, id_keys, id_ignore_keys)
        try:
            values = frozenset((key, type(value), value) for key, value in self.items())
            if values not in ids:
                ids[values] = to_id(self)
        except TypeError:  # a value that may change
            return to_id(self)
        return ids[values]

    Expectation.configuration = property(once(configuration.fget))
    ExpectationConfiguration.to_domain_obj, IDDict.to_id = once(expectation), identified
    try:
        yield
    finally:
        Expectation.configuration, ExpectationConfiguration.to_domain_obj = configuration, expectation
        IDDict.to_id = to_id


def rows_query(sql: str) -> str:
    """SQL escaped for Great Expectations: braces and colons escaped, and the batch named, if only in a comment."""
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
    """The data source on a cursor of `connection`, in its current database."""
    database = one_value(connection, "select current_database()")

    def make() -> ConnectionWrapper:
        cursor = connection.cursor()
        cursor.execute(f"use {ident(database)}")
        return ConnectionWrapper(cursor)

    return context.data_sources.add_duckdb(
        "workbench", connection_string="duckdb:///:memory:", kwargs={"creator": make}
    )
