"""The privacy notice as statements, and whether each still holds in a period: `expectations/notice.yaml` read and judged.

A statement is evidenced by findings of rules, by facts of contracts and exports (`notice_facts`), or, if no export can
tell, by a person's attestation with a last day (`attestations`). Results carry counts, keys' datasets and dates only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.expectations.notice import Attestation, Notice, Statement
from pipelines.language.languages import N_, text_in
from pipelines.notice import facts as notice_facts
from pipelines.sql import insert, one_value, render

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.expectations.context import Context

# Possible statuses and trends of a statement; the English words are those in the data.
STATUSES = (
    N_("holds"),
    N_("broken"),
    N_("cannot tell"),
    N_("attested"),
    N_("attestation expired"),
    N_("not evidenced"),
)
TRENDS = (N_("new"), N_("rising"), N_("falling"), N_("steady"), N_("mended"))


@dataclass(frozen=True)
class Verdict:
    """One statement in one period. `found`: (rule or fact, dataset, field, count); `hidden`: what kept it from being decided.

    `first_seen`: the period since which it has been broken without interruption; `before`: findings of the previous period, None
    if there was none; `trend`: new, rising, falling, steady, mended, or empty.
    """

    statement: Statement
    status: str
    findings: int
    found: tuple[tuple[str, str, str, int], ...] = ()
    hidden: tuple[str, ...] = ()
    first_seen: str = ""
    before: int | None = None
    trend: str = ""
    attestation: Attestation | None = None

    @property
    def id(self) -> str:
        """N01, N02, …"""
        return self.statement.id


def prepare(connection: DuckDBPyConnection) -> None:
    """`results.lasting`: the findings that the previous period already had. Reads `previous`, if it is attached."""
    databases = {name for (name,) in connection.execute("select database_name from duckdb_databases()").fetchall()}
    connection.execute(render("notice/lasting.sql", previous="previous" in databases))


def conformity(
    connection: DuckDBPyConnection,
    context: Context,
    notice: Notice,
    attestations: Iterable[Attestation] = (),
    history: Mapping[str, Mapping[str, list]] | None = None,
    period: str = "",
) -> list[Verdict]:
    """A Verdict per statement, in the notice's order, for the period in the current database.

    `history`: {earlier period: {statement: [status, findings]}}, from the notes of those periods; without it there is no
    trend, and the period counts as the first. `period` names this one, for statements broken for the first time.
    """
    history = dict(sorted((history or {}).items()))
    _evidence(connection, notice)
    found, blind = _found(connection)
    looks = _looks(connection, notice.comparing if not history else ())
    words = [*notice.attested, *attestations]
    verdicts = []
    for statement in notice.statements:
        facts = [(fact.kind, notice_facts.judge(connection, context, fact)) for fact in statement.facts]
        counted = [
            *found.get(statement.id, ()),
            *((kind, fact.dataset, fact.field, fact.count) for kind, fact in facts if fact.count),
        ]
        hidden = [*blind.get(statement.id, ()), *(fact.unknown for _, fact in facts if fact.unknown)]
        parts = looks.get(statement.id, ())
        hidden += _hidden(parts)
        seen = any(part[3] == "evaluated" for part in parts) or any(not fact.unknown for _, fact in facts)
        verdicts.append(_verdict(statement, context.as_of, counted, hidden, seen, words, history, period))
    return verdicts


def summary(verdicts: Iterable[Verdict]) -> dict[str, list]:
    """What a period's note keeps of its verdicts: {statement: [status, findings]}."""
    return {verdict.id: [verdict.status, verdict.findings] for verdict in verdicts}


def as_data(verdict: Verdict, language: str = "en") -> dict:
    """A verdict for JSON."""
    statement, word = verdict.statement, verdict.attestation
    data = {
        "id": verdict.id,
        "status": verdict.status,
        "findings": verdict.findings,
        "text": statement.say(language),
        "systems": list(statement.systems),
        "first_seen": verdict.first_seen or None,
        "before": verdict.before,
        "trend": verdict.trend or None,
        "hidden": list(verdict.hidden),
        "evidence": [dict(zip(("rule", "dataset", "field", "findings"), item, strict=True)) for item in verdict.found],
        "remark": text_in(statement.remark, language) or None,
    }
    if word:
        data |= {"attested_by": word.by, "attested_on": word.on.isoformat(), "valid_until": word.until.isoformat()}
    return data


def _evidence(connection: DuckDBPyConnection, notice: Notice) -> None:
    connection.execute(render("notice/evidence.sql"))
    insert(
        connection,
        "notice_evidence",
        [
            (
                s.id,
                e.rule,
                list(e.datasets),
                list(e.fields),
                e.headers,
                e.not_headers,
                e.detail,
                e.rest,
                e.lasting,
                e.blinds,
            )
            for s in notice.statements
            for e in s.evidence
        ],
    )
    there = one_value(
        connection,
        "select count(*) from duckdb_tables() where schema_name = 'results' and table_name = 'lasting' and database_name = current_database()",
    )
    source = (
        "results.lasting"
        if there
        else "(select null as rule, null as dataset, null as record_key, null as field where false)"
    )
    connection.execute(f"create or replace temp table notice_lasting as select * from {source}")


def _found(connection: DuckDBPyConnection) -> tuple[dict[str, list], dict[str, list]]:
    """By statement, (rule, dataset, field, count) of what breaks it, and sentences on what hides whether it holds."""
    found: dict[str, list] = {}
    blind: dict[str, list] = {}
    for statement, blinds, rule, dataset, field, count in connection.execute(render("notice/findings.sql")).fetchall():
        if blinds:
            blind.setdefault(statement, []).append(f"{dataset}: {rule}")
        else:
            found.setdefault(statement, []).append((rule, dataset, field, count))
    return found, blind


def _looks(connection: DuckDBPyConnection, comparing: tuple[str, ...]) -> dict[str, list]:
    """By statement, (rule, dataset, field, status, reason, records) of the parts that check it, except rules in `comparing`."""
    looks: dict[str, list] = {}
    for statement, *part in connection.execute(render("notice/looks.sql")).fetchall():
        if part[0] not in comparing or part[3] == "evaluated":
            looks.setdefault(statement, []).append(part)
    return looks


def _hidden(parts: Iterable) -> list[str]:
    """Why the parts that check it do not see everything: some could not be evaluated, or none had a record to check."""
    missing = sorted(
        {f"{dataset or rule}: {reason}" for rule, dataset, _, status, reason, _ in parts if status != "evaluated"}
    )
    records = [part[5] for part in parts if part[3] == "evaluated"]
    empty = records and all(number == 0 for number in records)
    return missing + (["no records to look at"] if empty else [])


def _verdict(
    statement: Statement,
    as_of: dt.date,
    counted: Iterable[tuple],
    hidden: Iterable[str],
    seen: object,
    words: Iterable[Attestation],
    history: Mapping,
    period: str,
) -> Verdict:
    count = sum(item[3] for item in counted)
    word = _word(statement, as_of, words)
    if count:
        status = "broken"
    elif statement.attest:
        status = "not evidenced" if word is None else "attested" if word.until >= as_of else "attestation expired"
    elif not statement.evidence and not statement.facts:
        status = "not evidenced"
    else:
        status = "cannot tell" if hidden or not seen else "holds"
    first_seen, before, trend = _course(statement.id, status, count, history, period)
    return Verdict(
        statement, status, count, tuple(sorted(counted)), tuple(dict.fromkeys(hidden)), first_seen, before, trend, word
    )


def _word(statement: Statement, as_of: dt.date, words: Iterable[Attestation]) -> Attestation | None:
    """The last attestation of a statement by that day; of two on one day, the one entered later."""
    given = [word for word in words if word.statement == statement.id and word.on <= as_of]
    return max(enumerate(given), key=lambda item: (item[1].on, item[0]))[1] if given else None


def _course(statement: str, status: str, count: int, history: Mapping, period: str) -> tuple[str, int | None, str]:
    """Since when it is broken, how many findings the previous period had, and the trend."""
    first_seen = period if status == "broken" else ""
    for earlier in reversed(history):
        then = history[earlier].get(statement, ["", 0])[0]
        if not first_seen or then not in ("broken", "cannot tell"):
            break
        first_seen = earlier if then == "broken" else first_seen
    last = list(history.values())[-1].get(statement) if history else None
    if last is None:
        return first_seen, None, ""
    was, before = last
    if status == "broken" and was != "broken":
        return first_seen, before, "new"
    if status != "broken":
        return first_seen, before, "mended" if was == "broken" and status == "holds" else ""
    return first_seen, before, "rising" if count > before else "falling" if count < before else "steady"
