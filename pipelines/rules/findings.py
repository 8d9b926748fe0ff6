"""Stage 3: rules to `results.findings`, the central table. Knows no rule by name; a new rule is a new file."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines import together, tree
from pipelines.errors import ExpectationsError
from pipelines.expectations.context import Context
from pipelines.expectations.contract import Column
from pipelines.expectations.controller import Controller
from pipelines.expectations.rule import Part, Rule
from pipelines.home import guard
from pipelines.registry import build as registry
from pipelines.rules import working_days
from pipelines.rules.retention import Unavailable
from pipelines.sql import ident, insert, literal, render, run_script

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# The leading columns of `findings.csv` and `findings.parquet`, in this order; the ledger's follow.
COLUMNS = (
    "rule", "category", "severity", "system", "dataset", "record_key", "field", "customer_number", "due_on", "detail",
)  # fmt: skip
# A shorter personal text may occur in a word of the detail by chance.
SHORTEST_TEXT = 4
# With no more records than these in a period, planning its rules takes longer than running them.
FEW_RECORDS = 200_000
LACKS = "reads what this period lacks"
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
        connection,
        "results.rules",
        [
            (
                r.id,
                r.title,
                r.category,
                r.severity,
                r.about,
                r.why,
                r.todo,
                list(r.notice or ()),
                r.mandate,
                r.owner,
                r.reviewed,
                r.review_by,
                r.review_overdue(context.as_of),
            )
            for r in rules
        ],
    )
    insert(connection, "results.datasets", [(c.system, c.product, c.dataset, c.file) for c in context.contracts])
    configure(connection, context.controller)
    working_days.build(connection, context)


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


def evaluate(
    connection: DuckDBPyConnection, context: Context, parts: Iterable[Part], unavailable: Iterable[Unavailable] = ()
) -> list[tuple[Part, float]]:
    """Evaluates every part into `results.offences` and `results.evaluations`, then `results.findings`; returns seconds per part;
    parts that ran as one statement share its time.

    `unavailable`: retention classes that this period lacks the data for; rules that read `registry.retention` are not
    evaluated for them.
    """
    records = dict(
        connection.execute("select dataset, rows_registered from feed.files where status = 'read'").fetchall()
    )
    there = tables_there(connection)
    parts = [part if part.sql is None else lacking(connection, part, there) for part in parts]
    groups = grouped(parts, sum(records.values()))
    done = together.run(connection, [partial(outcomes, context=context, parts=group) for group in groups])
    counts = {
        (rule, part): count
        for rule, part, count in connection.execute(
            "select rule, part, count(*) from results.offences group by all"
        ).fetchall()
    }
    timed, rows = [], []
    for part, (reason, seconds) in zip(chain(*groups), chain(*done), strict=True):
        status, count = ("not evaluated", None) if reason else ("evaluated", counts.get((part.rule.id, part.number), 0))
        rows.append(
            (part.rule.id, part.number, part.dataset, part.field, status, reason, records.get(part.dataset), count)
        )
        timed.append((part, seconds))
    insert(connection, "results.evaluations", rows)
    note_unavailable(connection, unavailable)
    connection.execute(render("rules/findings.sql", subjects=subject_columns(connection, context)))
    withhold(connection, context)
    return timed


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


def tables_there(connection: DuckDBPyConnection) -> set[tuple[str, str, str]]:
    """(catalog, schema, table) of every table and view of the registry, in lower case; the catalog is '' for the current one."""
    found = connection.execute(
        """
        select lower(if(database_name = current_database(), '', database_name)), schema_name, lower(name)
        from (
            select database_name, schema_name, table_name as name from duckdb_tables()
            union all select database_name, schema_name, view_name from duckdb_views() where not internal
        )
        """
    )
    return set(found.fetchall())


def lacking(connection: DuckDBPyConnection, part: Part, there: set[tuple[str, str, str]]) -> Part:
    """The part; without its SQL if it names a dataset that this period lacks, which would keep the others from running with it."""
    for catalog, schema, table in tree.tables_named(connection, part.sql or ""):
        if schema in ("registry", "latest") and (catalog.lower(), schema, table.lower()) not in there:
            return replace(part, sql=None, missing=LACKS)
    return part


def grouped(parts: Iterable[Part], records: int) -> list[list[Part]]:
    """The parts in their order, those of a rule together; each alone if the period has so many records that running a part
    takes longer than planning it, and memory counts."""
    if records > FEW_RECORDS:
        return [[part] for part in parts]
    return [list(of_rule) for _, of_rule in groupby(parts, key=lambda part: part.rule.id)]


def outcomes(connection: DuckDBPyConnection, context: Context, parts: list[Part]) -> list[tuple[str, float]]:
    """Runs parts of one rule as one statement: for each part ('' or why it could not be evaluated, seconds).

    If this period lacks what one of them reads, each is run alone, which tells which ones.
    """
    known = [part for part in parts if part.sql is not None]
    began = time.perf_counter()
    if len(known) > 1 and not offences(connection, context, known):
        each = (time.perf_counter() - began) / len(known)
        return [("", each) if part.sql is not None else (part.missing, 0.0) for part in parts]
    found = []
    for part in parts:
        began = time.perf_counter()
        reason = part.missing if part.sql is None else offences(connection, context, [part])
        found.append((reason, time.perf_counter() - began))
    return found


def offences(connection: DuckDBPyConnection, context: Context, parts: Sequence[Part]) -> str:
    """Runs parts of one rule as one statement, all of it or nothing: '' or why it could not be evaluated; ExpectationsError if
    one is no SELECT on the registry, or fails on a value: DuckDB's message may quote the value, and is not shown.

    A part binds against the full contracts (checked on load), so if it does not bind here, this period lacks a dataset or
    a column that it reads.
    """
    guard.demand_locked(connection)
    path = parts[0].rule.path
    try:
        selects, parameters = as_offences(connection, context, parts)
        with guard.in_time(connection):
            connection.execute(f"insert into results.offences by name {selects}", parameters)
    except (duckdb.BinderException, duckdb.CatalogException):
        return LACKS
    except ExpectationsError as error:
        raise ExpectationsError(error.problem, file=path, place=error.place, remedy=error.remedy) from None
    except TimeoutError as error:
        raise ExpectationsError(str(error), file=path, remedy=TOO_SLOW) from None
    except REFUSED as error:
        if guard.is_damage(error):
            raise
        raise not_allowed(error, path) from None
    return ""


def as_offences(
    connection: DuckDBPyConnection, context: Context, parts: Iterable[Part]
) -> tuple[str, dict[str, object]]:
    """SQL of the rows of `results.offences` that these parts return, and its parameters."""
    # The table's own columns come first, or the branches would agree on types by themselves: 5 beside 1.50 would become 5.00.
    selects, parameters = ["from results.offences where false"], dict[str, object]()
    by_frame: dict[tuple[str, str], list[str]] = {}
    for part in parts:
        assert part.sql is not None, "what is known to be missing is not run"
        parameters |= bound(connection, part.sql, context)
        dataset = "" if part.names_dataset else f"{literal(part.dataset)} as dataset, "
        select = f"select {literal(part.rule.id)} as rule, {part.number} as part, {dataset}* from"
        if part.rows:
            before, _, after = part.sql.partition(part.rows)
            by_frame.setdefault((before, after), []).append(f"{select} ({part.rows})")
        else:
            selects.append(f"{select} ({part.sql})")
    selects += [before + " union all by name ".join(rows) + after for (before, after), rows in by_frame.items()]
    return " union all by name ".join(selects), parameters


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
