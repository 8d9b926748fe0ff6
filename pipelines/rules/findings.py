"""Stage 3: rules to `results.findings`, the central table. Knows no rule by name; a new rule is a new file."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines import together
from pipelines.errors import ExpectationsError
from pipelines.expectations.context import Context
from pipelines.expectations.contract import Column
from pipelines.expectations.controller import Controller
from pipelines.expectations.rule import Part, Rule
from pipelines.home import guard
from pipelines.registry import build as registry
from pipelines.rules.retention import Unavailable
from pipelines.sql import ident, insert, literal, one_value, render, run_script

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# The leading columns of `findings.csv` and `findings.parquet`, in this order; the ledger's follow.
COLUMNS = (
    "rule", "category", "severity", "system", "dataset", "record_key", "field", "customer_number", "due_on", "detail",
)  # fmt: skip
# Deadlines consider holidays from this year on.
FIRST_YEAR = 2000
# A shorter personal text may occur in a word of the detail by chance.
SHORTEST_TEXT = 4
# What DuckDB raises for a file, a setting or a second statement, or for a value that does not convert.
TOO_SLOW = "join tables on keys, and let nothing that calls itself go on without an end"
REFUSED = (
    duckdb.PermissionException, duckdb.ParserException, duckdb.SyntaxException, duckdb.InvalidInputException,
    duckdb.ConversionException, duckdb.OutOfRangeException,
)  # fmt: skip


def prepare(connection: DuckDBPyConnection, context: Context, rules: Iterable[Rule]) -> None:
    """Creates the tables of results, and `config.*` with the controller's lists."""
    run_script(connection, render("rules/findings_schema.sql"))
    insert(
        connection, "results.rules",
        [
            (r.id, r.title, r.category, r.severity, r.about, r.why, r.todo, list(r.notice or ()), r.mandate, r.owner,
             r.reviewed, r.review_by, r.review_overdue(context.as_of))
            for r in rules
        ],
    )  # fmt: skip
    insert(connection, "results.datasets", [(c.system, c.product, c.dataset, c.file) for c in context.contracts])
    configure(connection, context.controller)
    set_calendar(connection, context)


def configure(connection: DuckDBPyConnection, controller: Controller) -> None:
    """One table `config.<name>` of text columns for every list of the controller; `config.postal_codes` always."""
    connection.execute("create schema if not exists config")
    connection.execute("create or replace table config.postal_codes (code varchar)")
    insert(connection, "config.postal_codes", [(code,) for code in controller.postal_codes])
    for name, rows in controller.lists.items():
        columns = list(rows[0])
        declared = ", ".join(f"{ident(column)} varchar" for column in columns)
        connection.execute(f"create or replace table config.{ident(name)} ({declared})")
        insert(connection, f"config.{ident(name)}", [tuple(str(row[column]) for column in columns) for row in rows])


def set_calendar(connection: DuckDBPyConnection, context: Context) -> None:
    """`config.working_days`: one row per non-working day, with the next working day. For a country with
    unknown holidays only weekends count, so a deadline is never later than the true one.

    Saturdays, Sundays and the country's public holidays, which for Finland include Midsummer Eve and Christmas Eve
    (Reg. 1182/71 art. 3, Act 150/1930 s. 5).
    """
    import holidays

    years = range(FIRST_YEAR, context.as_of.year + 3)
    country, known = context.controller.country, holidays.list_supported_countries(include_aliases=False)
    days = sorted(holidays.country_holidays(country, years=years)) if country in known else []
    connection.execute("create or replace temp table holiday (day date)")
    insert(connection, "holiday", [(day,) for day in days])
    connection.execute(render("rules/working_days.sql", first=FIRST_YEAR, last=years[-1]))


def evaluate(
    connection: DuckDBPyConnection, context: Context, parts: Iterable[Part], unavailable: Iterable[Unavailable] = ()
) -> list[tuple[Part, float]]:
    """Evaluates every part into `results.offences` and `results.evaluations`, then `results.findings`; returns seconds per part.

    `unavailable`: retention classes that this period lacks the data for; rules that read `registry.retention` are not
    evaluated for them.
    """
    records = dict(
        connection.execute("select dataset, rows_registered from feed.files where status = 'read'").fetchall()
    )
    parts = list(parts)
    outcomes = together.run(connection, [partial(outcome, context=context, part=part) for part in parts])
    rows = [
        (
            part.rule.id,
            part.number,
            part.dataset,
            part.field,
            "not evaluated" if reason else "evaluated",
            reason,
            records.get(part.dataset),
            count,
        )
        for part, (count, reason, _) in zip(parts, outcomes, strict=True)
    ]
    insert(connection, "results.evaluations", rows)
    note_unavailable(connection, unavailable)
    connection.execute(render("rules/findings.sql", subjects=subject_columns(connection, context)))
    withhold(connection, context)
    return [(part, seconds) for part, (_, _, seconds) in zip(parts, outcomes, strict=True)]


def withhold(connection: DuckDBPyConnection, context: Context) -> None:
    """Empties the detail of every finding that quotes a personal text of its record, and lists these in `results.withheld`.

    A detail has kinds, dates and reasons; a rule that selects a name must not reveal it.
    """
    present = registry.columns_present(connection)
    texts = {
        contract.dataset: [
            c.name for c in contract.columns if is_quotable(c) and c.name in present.get(contract.dataset, ())
        ]
        for contract in context.contracts
    }
    texts = {dataset: columns for dataset, columns in texts.items() if columns}
    run_script(connection, render("rules/findings_withheld.sql", texts=texts, least=SHORTEST_TEXT))
    connection.execute(
        "update results.findings as f set detail = '' from results.withheld as w"
        " where w.rule = f.rule and w.dataset = f.dataset and w.record_key = f.record_key and w.field = f.field"
    )


def is_quotable(column: Column) -> bool:
    """Whether a column holds personal text: not a key, which a finding names anyway, and not a value from a list."""
    return column.personal and column.type == "text" and not (column.key or column.references or column.valid_values)


def note_unavailable(connection: DuckDBPyConnection, unavailable: Iterable[Unavailable]) -> None:
    """Reports retention classes that could not be built as parts not evaluated of every rule that reads their records.

    Those are the retention rules with a part that spans datasets; a rule about the schedule itself (`about: feed`) needs no records.
    """
    rules = connection.execute(
        "select rule, max(part) from results.evaluations join results.rules using (rule) where category = 'retention'"
        " and about = 'record' group by rule having count(*) filter (dataset = '') > 0 order by rule"
    ).fetchall()
    rows = [
        (rule, part + number, item.dataset, "", "not evaluated", item.reason, None, None)
        for rule, part in rules
        for number, item in enumerate(unavailable, 1)
    ]
    insert(connection, "results.evaluations", rows)


def outcome(connection: DuckDBPyConnection, context: Context, part: Part) -> tuple[int | None, str, float]:
    """For one part: (rows returned, '') or (None, why it could not be evaluated), and seconds."""
    began = time.perf_counter()
    found = (None, part.missing) if part.sql is None else offences(connection, context, part)
    return *found, time.perf_counter() - began


def offences(connection: DuckDBPyConnection, context: Context, part: Part) -> tuple[int | None, str]:
    """Runs one part. (rows returned, '') or (None, why it could not be evaluated); ExpectationsError if it is no SELECT
    on the registry, or fails on a value: DuckDB's message may quote the value, and is not shown.

    A part binds against the full contracts (checked on load), so if it does not bind here, this period lacks a dataset or
    a column that it reads.
    """
    assert part.sql is not None, "what is known to be missing is not run"
    guard.demand_locked(connection)
    dataset = "" if part.names_dataset else f"{literal(part.dataset)} as dataset, "
    try:
        with guard.in_time(connection):
            count = one_value(
                connection,
                f"insert into results.offences by name select {literal(part.rule.id)} as rule, {dataset}* from ({part.sql})",
                bound(connection, part.sql, context),
            )
    except (duckdb.BinderException, duckdb.CatalogException):
        return None, "reads what this period lacks"
    except ExpectationsError as error:
        raise ExpectationsError(error.problem, file=part.rule.path, place=error.place, remedy=error.remedy) from None
    except TimeoutError as error:
        raise ExpectationsError(str(error), file=part.rule.path, remedy=TOO_SLOW) from None
    except REFUSED as error:
        if guard.is_damage(error):
            raise
        raise not_allowed(error, part.rule.path) from None
    return count, ""


def not_allowed(error: duckdb.Error, path: Path) -> ExpectationsError:
    """The message for SQL that DuckDB refused to run; its own message may quote a cell, or a path."""
    if isinstance(error, duckdb.PermissionException):
        return ExpectationsError("reaches outside the registry", file=path, remedy="read the registry only")
    problem = f"cannot be run: {type(error).__name__}"
    return ExpectationsError(problem, file=path, remedy="write one SELECT; read numbers and days with try_cast")


def bound(connection: DuckDBPyConnection, sql: str, context: Context) -> dict[str, object]:
    """The parameters that a SELECT needs, from those available; an unknown one is the rule's fault, as is any other or
    second statement: the text is embedded in a statement of ours, and text that could end it is not one SELECT."""
    found = connection.extract_statements(sql)
    if [each.type for each in found] != [duckdb.StatementType.SELECT]:
        raise ExpectationsError("is not a single SELECT", place="rule", remedy="write one SELECT")
    wanted = found[0].named_parameters
    unknown = wanted - context.parameters.keys()
    if unknown:
        raise ExpectationsError(
            f"unknown parameter ${min(unknown)}", place="rule", remedy="declare it in controller.yaml"
        )
    return {name: context.parameters[name] for name in wanted}


def subject_columns(connection: DuckDBPyConnection, context: Context) -> dict[str, str]:
    """By dataset, the column that names the record's data subject, if this period has it."""
    present, subject = registry.columns_present(connection), context.controller.subject
    found = {}
    for contract in context.contracts:
        for column in contract.columns:
            names_subject = column.references == subject or (contract.dataset, column.name) == subject
            if names_subject and column.name in present.get(contract.dataset, ()):
                found[contract.dataset] = column.name
    return found
