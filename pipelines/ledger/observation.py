"""What a period shows: its findings and what was checked, so that the absence of a finding can prove something."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines import tree
from pipelines.expectations.keepers import Keeper
from pipelines.expectations.opened import OpenedPeriod
from pipelines.expectations.rule import KEEPER, Part
from pipelines.language.languages import LOCALES, language, sayings
from pipelines.ledger import checks, tasks
from pipelines.ledger.hashes import fingerprint, install_hash
from pipelines.ledger.periods import MOST_REJECTED_ROWS, draft, settle
from pipelines.ledger.tasks import TASKS
from pipelines.sql import insert, render, run_script

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.expectations.context import Context
    from pipelines.expectations.load import Expectations

ROWS, HEADER = "rows", "header"
SCHEDULE = ("retention", ROWS)


def observe(connection: DuckDBPyConnection, opened: OpenedPeriod, parts: Iterable[Part]) -> None:
    """Fills `ledger.*` of the period being built, up to its states.

    Reads results, feed and registry of the period, and `workbench`. `parts`: of every rule, as they were evaluated.
    """
    context, loaded, period = opened.context, opened.expectations, opened.name
    run_script(connection, render("home/ledger_tables.sql", catalog="period"))
    install_hash(connection)
    connection.execute("insert into ledger.periods values ($1, $2)", [period, context.as_of])
    reading, schedule, known = readers(connection, parts), retention_reads(loaded), Registry(connection, loaded)
    insert(connection, "ledger.looks", list(looks(connection, period, reading, schedule)))
    insert(connection, "ledger.reads", sorted(set(reads(period, reading, known, schedule))))
    note_feeds(connection, context, period)
    note_systems(connection, context)
    note_keepers(connection, context)
    note_terms(connection, context, loaded, period)
    note_findings(connection, period, {reader.part.rule.id for reader in reading if reader.compares_periods})
    draft(connection, period)
    tasks.find(
        connection, context, period, {name for name, _ in known.read_by(known.relations.get(tasks.REQUESTS, ()))}
    )
    checks.look_again(connection, period, gathered=True)
    settle(connection, period)


def note_findings(connection: DuckDBPyConnection, period: str, rules_of_two_periods: set[str]) -> None:
    """`results.findings` into `ledger.found`."""
    connection.execute(
        f"""
        insert into ledger.found by name
        select
            $period as period, {fingerprint("rule", "dataset", "record_key", "field")} as fingerprint,
            'finding' as kind, list_contains($rules, rule) as is_transition, rule, category,
            severity, system, dataset, record_key, field,
            customer_number, due_on, detail, '' as value_hash,
            list_transform(string_split(record_key, '|'), lambda part: keyed(part)) as key_hashes,
            nullif(keyed(customer_number), keyed('')) as customer_hash
        from results.findings
        """,
        {"period": period, "rules": sorted(rules_of_two_periods)},
    )


def note_feeds(connection: DuckDBPyConnection, context: Context, period: str) -> None:
    """`ledger.feeds`, `ledger.missing_columns` and `ledger.rejected`."""
    connection.execute("create or replace temp table bounds (dataset varchar, largest_decrease integer)")
    insert(connection, "bounds", [(contract.dataset, contract.largest_decrease) for contract in context.contracts])
    connection.execute(
        """
        insert into ledger.feeds
        select $1, f.system, f.dataset, f.status, coalesce(f.rows_registered, 0), coalesce(f.rows_rejected, 0),
            b.largest_decrease, exists (from results.findings as s where s.rule = 'feed-stale'
            and s.dataset = f.dataset)
        from feed.files as f
        join bounds as b on b.dataset = f.dataset
        """,
        [period],
    )
    connection.execute(
        "insert into ledger.missing_columns select $1, dataset, column_name from feed.columns where status = 'missing'",
        [period],
    )
    connection.execute(
        f"""
        insert into ledger.rejected
        select distinct $1, c.dataset, keyed(c.cell)
        from feed.rejected_cells as c
        join ledger.feeds as f on f.dataset = c.dataset
        where c.cell <> '' and f.rows_rejected <= {MOST_REJECTED_ROWS}
        """,
        [period],
    )


def note_systems(connection: DuckDBPyConnection, context: Context) -> None:
    """`ledger.systems`: name and keeper of every system, for the worklists; `ledger.system_names`: its name by language;
    `ledger.sayings`: all words of the expectations, by language.

    Outputs rewritten after a decision must not need the expectations that the period was checked with.
    """
    connection.execute("create or replace table ledger.systems (system varchar, name varchar, keeper varchar)")
    rows = [
        (system, str(entry.get("name", system)), str(entry.get("keeper", system)))
        for system, entry in context.controller.systems.items()
    ]
    insert(connection, "ledger.systems", rows)
    connection.execute("create or replace table ledger.system_names (system varchar, language varchar, name varchar)")
    folder = context.contracts[0].path.parent.parent
    names = [(system, code, language(code, folder).said(name)) for code in LOCALES for system, name, _ in rows]
    insert(connection, "ledger.system_names", names)
    connection.execute("create or replace table ledger.sayings (language varchar, text varchar, said varchar)")
    said = [(code, *pair) for code in LOCALES for pair in sorted(sayings(code, folder).items())]
    insert(connection, "ledger.sayings", said)


def note_keepers(connection: DuckDBPyConnection, context: Context) -> None:
    """`ledger.keepers`: each keeper's worklist language, address and contact, '' for all who are not named;
    `ledger.handing`: whose worklists these are, and the day they are due back."""
    terms, own = context.controller.worklists, context.controller.language
    connection.execute(
        "create or replace table ledger.keepers (keeper varchar, language varchar, email varchar, ask varchar)"
    )
    named = {"": Keeper(own)} | terms.keepers
    insert(
        connection,
        "ledger.keepers",
        [
            (name, each.language or own, each.email, terms.ask.get(each.language or own, ""))
            for name, each in named.items()
        ],
    )
    connection.execute("create or replace table ledger.handing (controller varchar, return_by date)")
    day = context.as_of + dt.timedelta(days=terms.return_within)
    insert(connection, "ledger.handing", [(context.controller.name, day)])


def note_terms(connection: DuckDBPyConnection, context: Context, loaded: Expectations, period: str) -> None:
    """`ledger.terms`: who acts on every rule and task in every system, within how many hours, at what risk."""
    known = context.controller.systems
    systems = sorted({*known, *(contract.system for contract in context.contracts), ""})
    keepers = {system: str((known.get(system) or {}).get("keeper", system)) for system in systems}
    said = [(rule.id, rule.owner, rule.term, rule.risk) for rule in loaded.rules]
    said += [(rule, KEEPER, task.term_hours, task.risk) for rule, task in TASKS.items()]
    insert(
        connection,
        "ledger.terms",
        [
            (period, rule, system, (keepers[system] or owner) if owner == KEEPER else owner, term, risk)
            for rule, owner, term, risk in said
            for system in systems
        ],
    )


@dataclass(frozen=True)
class Reader:
    """One part of a rule, and the (catalog, schema, table) that it names; none if it lacks what it reads."""

    part: Part
    tables: frozenset[tuple[str, str, str]]

    @property
    def compares_periods(self) -> bool:
        """Whether it also reads the previous period: then its silence in the next proves nothing."""
        return any(catalog == "previous" for catalog, _, _ in self.tables)

    @property
    def spans_schedule(self) -> bool:
        """Whether it reads the retention of all classes at once."""
        return not self.part.dataset and ("", "registry", "retention") in self.tables


def readers(connection: DuckDBPyConnection, parts: Iterable[Part]) -> list[Reader]:
    """The parts, each with the tables that it reads."""
    return [
        Reader(part, tree.tables_named(connection, part.sql) if part.sql is not None else frozenset()) for part in parts
    ]


def looks(
    connection: DuckDBPyConnection, period: str, parts: Iterable[Reader], schedule: dict[str, set[str]]
) -> Iterator[tuple]:
    """One row per part and dataset: a part about the whole disposal schedule covers every dataset in it."""
    spanning = {(reader.part.rule.id, reader.part.number) for reader in parts if reader.spans_schedule}
    rows = connection.execute(
        "select rule, part, coalesce(dataset, ''), coalesce(field, ''), status from results.evaluations"
    ).fetchall()
    for rule, part, dataset, field, status in rows:
        for each in sorted(schedule) if (rule, part) in spanning and not dataset else [dataset]:
            yield period, rule, part, each, field, status == "evaluated"


def reads(period: str, parts: Iterable[Reader], registry: Registry, schedule: dict[str, set[str]]) -> Iterator[tuple]:
    """One row per part, dataset it concerns, and dataset that it reads in this period."""
    for reader in parts:
        part, found = reader.part, set(registry.read_by(reader.tables))
        for name, needs in found - {SCHEDULE}:
            yield period, part.rule.id, part.number, part.dataset, name or part.dataset, needs
        if SCHEDULE in found:
            for dataset in [part.dataset] if part.dataset else sorted(schedule):
                for name in schedule.get(dataset, {dataset}):
                    yield period, part.rule.id, part.number, dataset, name, ROWS


class Registry:
    """The datasets behind the names that a SELECT reads."""

    def __init__(self, connection: DuckDBPyConnection, loaded: Expectations) -> None:
        self.datasets = {contract.dataset for contract in loaded.contracts}
        self.relations = {relation.name: tree.tables_named(connection, relation.sql) for relation in loaded.relations}

    def read_by(self, names: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
        """(dataset, rows or header) behind tables; '' is the part's own dataset, SCHEDULE all of them."""
        for catalog, schema, table in names:
            if catalog == "previous":
                continue
            if schema in ("registry", "latest"):
                if table in self.datasets or table == "retention":
                    yield table, ROWS
                elif table in self.relations:
                    yield from self.read_by(self.relations[table])
            elif (schema, table) == ("feed", "columns"):
                yield "", HEADER
            elif table in ("rejected_rows", "rejected_cells"):
                yield "", ROWS


def retention_reads(loaded: Expectations) -> dict[str, set[str]]:
    """By dataset of the disposal schedule, the datasets from which its last days are computed."""
    by_id = {contract.id: contract.dataset for contract in loaded.contracts}
    subject = loaded.controller.subject[0]
    found = {by_id[cls.id]: {by_id[cls.id], *([subject] if cls.of_subject else [])} for cls in loaded.schedule.classes}
    cls = loaded.schedule.subject
    if cls:
        holding = {by_id[name] for name in cls.held_by} | {item["dataset"] for item in cls.held_while}
        found[by_id[cls.id]] = {by_id[cls.id], *holding, *([cls.ended_when["dataset"]] if cls.ended_when else [])}
    return found
