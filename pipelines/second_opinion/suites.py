"""Checks as suites of expectations, one per dataset, run as one checkpoint."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import great_expectations as gx

from pipelines.second_opinion import engine, results
from pipelines.second_opinion.plan import Check, Dataset

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from great_expectations.expectations.expectation import Expectation

SEVERITIES = {"high": "critical", "medium": "warning", "low": "info"}
# Counts, no values.
RESULT_FORMAT = {"result_format": "SUMMARY", "partial_unexpected_count": 0}


@dataclass(frozen=True)
class Made:
    """Suites and their validation results, by dataset; the results hold counts and no values."""

    suites: dict[str, gx.ExpectationSuite]
    validations: dict[str, gx.core.ExpectationSuiteValidationResult]


def validate(
    connection: DuckDBPyConnection, as_of: dt.date, datasets: tuple[Dataset, ...], checks: tuple[Check, ...]
) -> Made:
    """Runs the suites of all datasets on a cursor of `connection`. The run is named after the day, not the clock."""
    context = engine.ephemeral_context()
    source = engine.add_source(context, connection)
    try:
        made = {dataset.name: suite(dataset, checks) for dataset in datasets}
        definitions = [definition(source, dataset, made[dataset.name]) for dataset in datasets]
        day = gx.RunIdentifier(run_name=as_of.isoformat(), run_time=dt.datetime.combine(as_of, dt.time(), dt.UTC))
        made_now = {"validation_definitions": definitions, "result_format": RESULT_FORMAT}
        with engine.configured_once():
            run = engine.NewCheckpoint(name=as_of.isoformat(), **made_now).run(run_id=day)
    finally:
        source.get_execution_engine().close()
        source.get_engine().dispose()
    return Made(made, {result.suite_name: results.clean(result) for result in run.run_results.values()})


def suite(dataset: Dataset, checks: tuple[Check, ...]) -> gx.ExpectationSuite:
    """The expectations on one dataset."""
    expectations = [expectation(check, dataset) for check in checks if check.dataset == dataset.name and check.sql]
    meta = {"system": dataset.system, "dataset": dataset.name, "file": dataset.file}
    return engine.NewSuite(name=dataset.name, expectations=expectations, meta=meta)


def definition(
    source: engine.WorkbenchSource, dataset: Dataset, expectations: gx.ExpectationSuite
) -> gx.ValidationDefinition:
    """A suite and its rows: the registry's, or the feed's if the export is missing."""
    if dataset.is_present:
        asset = source.add_table_asset(dataset.name, table_name=dataset.name)
    else:
        asset = source.add_query_asset(dataset.name, query=dataset.feed_query)
    rows = asset.add_batch_definition("all rows")
    return engine.NewDefinition(name=dataset.name, data=rows, suite=expectations)


def expectation(check: Check, dataset: Dataset) -> Expectation:
    """A native expectation if one counts the same without our SQL; else one that expects the SQL to return no rows."""
    said = {"severity": SEVERITIES[check.rule.severity], "description": title(check), "meta": meta(check)}
    if check.rule.id == "required-missing":
        return gx.expectations.ExpectColumnValuesToNotBeNull(column=check.field, **said)
    if check.rule.id == "missing-column" and dataset.is_present:
        columns = list(dataset.declared)
        return gx.expectations.ExpectTableColumnsToMatchSet(column_set=columns, exact_match=False, **said)
    return engine.NoUnexpectedRows(unexpected_rows_query=engine.rows_query(check.sql or ""), **said)


def title(check: Check) -> str:
    """The rule's title, and the field if there is one."""
    return f"{check.rule.title}: {check.field}" if check.field else check.rule.title


def meta(check: Check) -> dict:
    """The rule's metadata, and which part of it this is."""
    rule = check.rule
    return {
        "rule": rule.id,
        "part": check.part,
        "dataset": check.dataset,
        "field": check.field,
        "category": rule.category,
        "severity": rule.severity,
        "notice": list(rule.notice or ()),
        "mandate": rule.mandate,
        "owner": rule.owner,
    }
