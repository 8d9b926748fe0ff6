"""Validation results: stripped of values, stored in the period's database, written as JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipelines import outputs
from pipelines.second_opinion.plan import Check, derived_id
from pipelines.sql import insert, render, run_script

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from great_expectations.core import (
        ExpectationConfiguration,
        ExpectationSuite,
        ExpectationSuiteValidationResult,
        ExpectationValidationResult,
    )

    from pipelines.second_opinion.suites import Made

# What is kept of a result: numbers. For the set of columns also their names.
NUMBERS = ("observed_value", "element_count", "unexpected_count", "unexpected_percent")
COLUMNS_TYPE = "expect_table_columns_to_match_set"
# The name of our expectation in plain Great Expectations.
PLAIN_TYPES = {"no_unexpected_rows": "unexpected_rows_expectation"}
ERROR_CLASS = re.compile(r"\((?:\w+\.)*(\w+)\)|\b(\w+(?:Error|Exception))\b")


class Row(NamedTuple):
    """One row of `results.expectations`."""

    rule: str
    part: int
    dataset: str
    field: str
    expectation_type: str
    status: str
    unexpected_count: int | None
    element_count: int | None


def clean(validation: ExpectationSuiteValidationResult) -> ExpectationSuiteValidationResult:
    """The validation result with counts alone: no value, no message that might quote one, no clock, no random id."""
    for result in validation.results:
        raised = errors(result.exception_info)
        message = f"could not be evaluated: {raised[0]}" if raised else None
        said = {"raised_exception": bool(raised), "exception_message": message, "exception_traceback": ""}
        result.exception_info = said
        result.result = {} if raised else counts(result)
        config = result.expectation_config
        config["id"] = derived_id(*key(result))
        config.kwargs.pop("batch_id", None)
    validation.results.sort(key=key)
    kept = ("great_expectations_version", "run_id", "validation_time", "active_batch_definition")
    validation.meta = {name: validation.meta[name] for name in kept}
    return validation


def key(result: ExpectationValidationResult) -> tuple[str, int, str]:
    """Rule, part and dataset of an expectation's result."""
    meta = result.expectation_config.meta
    return meta["rule"], meta["part"], meta["dataset"]


def errors(exception_info: dict) -> list[str]:
    """The exception classes: one for the expectation, or one for every metric that it needed."""
    entries = [exception_info] if "raised_exception" in exception_info else list(exception_info.values())
    raised = [str(entry.get("exception_message")) for entry in entries if entry.get("raised_exception")]
    return [next(filter(None, match.groups())) if (match := ERROR_CLASS.search(text)) else "Error" for text in raised]


def counts(result: ExpectationValidationResult) -> dict:
    """The numbers of a result; for a set of columns, how many are missing, and which."""
    if result.expectation_config.type != COLUMNS_TYPE:
        # A sum over no rows is null.
        return {name: result.result[name] or 0 for name in NUMBERS if name in result.result}
    declared = result.expectation_config.kwargs["column_set"]
    missing = sorted(set(declared) - set(result.result["observed_value"]))
    details = {"mismatched": {"missing": missing}}
    return {"element_count": len(declared), "observed_value": len(missing), "details": details}


def rows(checks: tuple[Check, ...], made: Made) -> list[Row]:
    """A row per check, in the order of the checks."""
    by_key = {key(result): result for validation in made.validations.values() for result in validation.results}
    return [row(check, by_key.get(check.key)) for check in checks]


def store(connection: DuckDBPyConnection, rows: list[Row]) -> None:
    """`results.expectations`, and `results.agreement` from it and the findings."""
    run_script(connection, render("rules/expectations_schema.sql"))
    insert(connection, "results.expectations", rows)
    run_script(connection, render("second_opinion/agreement.sql"))


def row(check: Check, result: ExpectationValidationResult | None) -> Row:
    """The result of a check. An exception is an error: it is unknown whether the data failed."""
    place = (check.rule.id, check.part, check.dataset, check.field)
    if result is None:
        return Row(*place, "", "skipped" if check.sql is None else "error", None, None)
    type_ = PLAIN_TYPES.get(result.expectation_config.type, result.expectation_config.type)
    if result.exception_info["raised_exception"]:
        return Row(*place, type_, "error", None, None)
    status = "success" if result.success else "failed"
    unexpected = result.result.get("unexpected_count", result.result.get("observed_value"))
    return Row(*place, type_, status, unexpected, result.result["element_count"])


def write_json(made: Made, folder: Path) -> None:
    """suites/<dataset>.json, for plain Great Expectations, and validation/<dataset>.json."""
    for name, suite in made.suites.items():
        _write(folder / "suites", name, plain_suite(suite))
    for name, validation in made.validations.items():
        _write(folder / "validation", name, plain_validation(validation))


def plain_suite(suite: ExpectationSuite) -> dict:
    """A suite as `great_expectations.ExpectationSuite(**document)` takes it, with derived ids.

    Built by hand, like `plain_validation`: Great Expectations' own serialiser takes a tenth of a run for the same text.
    """
    expectations = [plain_expectation(expectation.configuration) for expectation in suite.expectations]
    name = {"name": suite.name, "id": derived_id(suite.name), "meta": suite.meta, "notes": suite.notes}
    return name | {"expectations": expectations}


def plain_validation(validation: ExpectationSuiteValidationResult) -> dict:
    """A validation result as JSON. The run's time is the day; Great Expectations would give it in the machine's time zone."""
    meta = validation.meta
    day = meta["validation_time"].isoformat()
    results = [
        {
            "success": result.success,
            "expectation_config": plain_expectation(result.expectation_config),
            "result": result.result,
            "meta": result.meta,
            "exception_info": result.exception_info,
        }
        for result in validation.results
    ]
    return {
        "success": validation.success,
        "results": results,
        "suite_name": validation.suite_name,
        "suite_parameters": validation.suite_parameters,
        "statistics": validation.statistics,
        "meta": meta | {"run_id": {"run_name": meta["run_id"].run_name, "run_time": day}, "validation_time": day},
        "id": validation.id,
    }


def plain_expectation(config: ExpectationConfiguration) -> dict:
    """One expectation's configuration."""
    meta = config.meta
    return {
        "type": PLAIN_TYPES.get(config.type, config.type),
        "kwargs": config.kwargs,
        "meta": meta,
        "description": config.description,
        "severity": config.severity.value,
        "id": derived_id(meta["rule"], meta["part"], meta["dataset"]),
    }


def _write(folder: Path, name: str, document: dict) -> None:
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, indent=1)
    outputs.write_text(folder, f"{name}.json", text + "\n")


def disagreements(connection: DuckDBPyConnection) -> tuple[str, ...]:
    """A sentence on the rules and datasets for which Great Expectations' count differs from the findings; empty if there are none."""
    rows = connection.execute(
        "select rule || ' on ' || dataset from results.agreement where not agrees order by rule, dataset"
    ).fetchall()
    places = ", ".join(place for (place,) in rows)
    return (f"Great Expectations does not agree with the findings: {places}",) if rows else ()
