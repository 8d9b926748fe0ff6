"""The stages of a period being taken in: from its exports to the released files, all in HOME/tmp."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import ledger, second_opinion
from pipelines.expectations.opened import OpenedPeriod
from pipelines.expectations.rule import Part
from pipelines.home import guard, store
from pipelines.job import profiling, remarks
from pipelines.job.profiling import Profile
from pipelines.landing import land
from pipelines.ledger import findings_files, worklists
from pipelines.notice import attestations, conformity, released
from pipelines.record import collect as record
from pipelines.registry import build as registry
from pipelines.report import undrawn
from pipelines.rules import findings, holds, relations, retention
from pipelines.rules.parts import parts_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Progress = Callable[[str, str], None]


@dataclass(frozen=True)
class Made:
    """The results of a period. `statements` and `references` are kept in its note; `sums`: SHA-256 by file; `notes`: sentences for
    the user; `fault`: what kept the report from being drawn, or empty."""

    counts: dict[str, int]
    statements: dict[str, list]
    references: dict[str, str]
    sums: dict[str, str]
    notes: tuple[str, ...]
    fault: str


def take_in(opened: OpenedPeriod, folder: Path, previous: str | None, progress: Progress) -> Made:
    """Runs every stage, in the order of the data; the outputs count once the period is committed."""
    home, period, reports = opened.home, opened.name, opened.home.tmp / "reports" / opened.name
    words = attestations.read(home)
    with store.building(home, period, previous) as connection:
        unread = build(connection, opened, folder, progress)
        parts, unavailable = prepare(connection, opened, progress)
        work = (opened.context, opened.expectations, parts, unavailable, reports)
        with second_opinion.beside(connection, home, folder, *work) as opinion:
            timed = findings.evaluate(connection, opened.context, parts, unavailable)
            if isinstance(progress, Profile) and progress.queries:
                progress(period, "profiles of the slowest rules")
                profiling.write(profiling.of_rules(connection, opened.context, timed), home.profiles(period))
            opinion.begin()
            progress(period, "ledger")
            ledger.observe(connection, opened, parts)
            progress(period, "writing outputs")
            statements, page = write(connection, opened, words, reports)
            progress(period, "report")
            awaited = announced(opinion.result, period, progress)
            fault = undrawn.write_or_say(connection, opened, reports, notice=page, second_opinion=awaited)
            disagreements = awaited()
        sums = connection.execute("select file, sha256 from feed.files where sha256 is not null").fetchall()
        notes = (
            *remarks.told(connection, period, unread),
            *holds.faults(connection, opened.context),
            *(disagreements or ()),
        )
        return Made(counts(connection), statements, released.references(connection), dict(sums), notes, fault)


def build(
    connection: DuckDBPyConnection, opened: OpenedPeriod, folder: Path, progress: Progress
) -> list[tuple[str, str]]:
    """Reads the exports and builds the registry from them; returns the files that killed their reader, and how."""
    progress(opened.name, "reading exports")
    land.prepare(connection)
    land.land(connection, opened.contracts, folder, opened.home.tmp)
    unread = remarks.unread(connection, opened.expectations.own)
    land.note_rows_before(connection, "workbench.ledger.feeds", opened.name)
    second_opinion.make_room(connection, opened.home, folder)
    guard.lock(connection)  # the exports are read: nothing from here on needs a file outside the home
    progress(opened.name, "building the registry")
    registry.build(connection, opened.contracts, opened.controller.subject, opened.controller.country)
    return unread


def prepare(connection: DuckDBPyConnection, opened: OpenedPeriod, progress: Progress) -> tuple[tuple[Part, ...], tuple]:
    """Builds what rules read besides the registry; returns the parts of every rule, shared by findings, second opinion and
    ledger, and the retention classes that this period lacks the data for."""
    progress(opened.name, "checking")
    context, loaded = opened.context, opened.expectations
    findings.prepare(connection, context, loaded.rules)
    unavailable = tuple(retention.build(connection, context, loaded.schedule))
    relations.build(connection, context, loaded.relations)
    return tuple(parts_of(connection, loaded)), unavailable


def write(connection: DuckDBPyConnection, opened: OpenedPeriod, words: list, reports: Path) -> tuple[dict, dict | None]:
    """Writes the period's files except its report; returns the verdicts on the notice for its note, and for the report's page."""
    released.reserve(connection, opened)
    findings_files.write_findings(connection, reports)
    worklists.write(connection, reports)
    verdicts = conformity.take_in(connection, opened, words, reports)
    record.take_in(connection, opened, reports)
    return verdicts


def announced(work: Callable, period: str, progress: Progress) -> Callable:
    """The second opinion, waited for only once; `progress` reports it before and after."""

    @cache
    def done() -> object:
        progress(period, "Great Expectations")
        outcome = work()
        progress(period, "report")
        return outcome

    return done


def counts(connection: DuckDBPyConnection) -> dict[str, int]:
    """Numbers for the summary: files, rows, findings by severity, parts not evaluated."""
    found = connection.execute(
        """
        select files, files_expected, rows_read, rows_registered, rows_rejected, high, medium, low, not_evaluated
        from (
            select
                count(*) filter (status = 'read' and dataset in (select dataset from results.datasets)) as files,
                coalesce(sum(rows_read), 0)::bigint as rows_read,
                coalesce(sum(rows_registered), 0)::bigint as rows_registered,
                coalesce(sum(rows_rejected), 0)::bigint as rows_rejected
            from feed.files
        ), (
            select count(*) filter (severity = 'high') as high, count(*) filter (severity = 'medium') as medium,
                count(*) filter (severity = 'low') as low
            from results.findings
        ), (select count(*) as files_expected from results.datasets),
            (select count(*) filter (status = 'not evaluated') as not_evaluated from results.evaluations)
        """
    )
    names = [item[0] for item in found.description]
    return dict(zip(names, found.fetchall()[0], strict=True))
