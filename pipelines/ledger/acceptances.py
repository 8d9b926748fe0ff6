"""Acceptances: who took which risk until when. Rows are added, never changed; no re-run or import affects them.

Affected outputs are marked stale, and `pipelines.job.refresh` writes them again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from pipelines.errors import DecisionError
from pipelines.expectations.acceptance import Acceptance
from pipelines.home import store
from pipelines.language.languages import N_
from pipelines.ledger import controls, journal, selection
from pipelines.ledger.journal import Entry
from pipelines.ledger.looking import deriving, make_stale, newest, rows
from pipelines.sql import one_value
from pipelines.text import names_somebody, visible

if TYPE_CHECKING:
    pass

# Of an acceptance as it is listed for people.
SUMMED = ("acceptance", "rule", "state", "findings", "until_on", "accepted_by", "second_name", "reason")
ACCEPTANCE_COLUMNS = (
    "acceptance", "fingerprint", "rule", "severity", "dataset", "record_key", "field", "accepted_by", "second_name", "reason",
    "from_period", "until_on", "withdrawn_in", "withdrawn_by", "withdrawn_because", "in_force",
)  # fmt: skip


@dataclass(frozen=True)
class Decision:
    """Who accepts until when, and why; `second`: the other name, if the controller's terms require one."""

    reason: str
    until: dt.date
    by: str
    second: str = ""
    on: dt.date | None = None


def accept(
    home: store.Home,
    fingerprints: Iterable[str],
    *,
    reason: str,
    until: dt.date,
    by: str,
    second: str = "",
    rule: str = "",
    dataset: str = "",
    keys: Iterable[str] | None = None,
    terms: Acceptance | None = None,
    dry_run: bool = False,
    on: dt.date | None = None,
) -> tuple[str, int]:
    """Accepts findings from the newest period on; returns (number of the acceptance, findings it covers).

    DecisionError if it breaks the controller's `terms`; `dry_run` checks everything and stores nothing. `on`: the day, for the journal.
    """
    fingerprints, keys = list(dict.fromkeys(fingerprints)), None if keys is None else list(dict.fromkeys(keys))
    if bool(fingerprints) == bool(rule or dataset or keys is not None):
        raise DecisionError(
            "names no findings, or two ways at once", remedy="give fingerprints, or --rule and --dataset"
        )
    decision = Decision(reason.strip(), until, by.strip(), second.strip(), on)
    controls.check_words(decision)
    with store.locked(home):
        period, note = newest(home)
        as_of = dt.date.fromisoformat(note["as_of"])
        if until < as_of:
            raise DecisionError(
                N_("the last day %(until)s lies before the newest period (%(as_of)s)"),
                place="--until",
                remedy=N_("name a later day"),
                until=until,
                as_of=as_of,
            )
        with deriving(home, period) as connection:
            chosen = (
                selection.named(connection, period, fingerprints)
                if fingerprints
                else selection.matching(connection, period, rule, dataset, keys)
            )
            controls.check_terms(connection, period, chosen, decision, as_of, terms or Acceptance())
        number = keep(home, period, chosen, decision, dry_run)
    return number, len(chosen)


def keep(
    home: store.Home, period: str, chosen: list[str], decision: Decision, dry_run: bool, what: str = "accept"
) -> str:
    """The acceptance's number; adds its rows unless it is a dry run."""
    with store.workbench(home, read_only=dry_run) as connection:
        number = one_value(connection, "select count(distinct acceptance) + 1 from ledger.acceptances")
        if dry_run:
            return f"A{number:04}"
        with store.transaction(connection):
            connection.execute(
                "insert into ledger.acceptances"
                " (acceptance, fingerprint, from_period, until_on, reason, accepted_by, second_name)"
                " select $1, unnest($2::varchar[]), $3, $4, $5, $6, $7",
                [f"A{number:04}", chosen, period, decision.until, decision.reason, decision.by, decision.second],
            )
            entry = Entry(
                what, f"A{number:04}", decision.by, decision.reason, decision.second, len(chosen), decision.on
            )
            journal.note(connection, period, entry)
            make_stale(connection, period)
    return f"A{number:04}"


def extend(
    home: store.Home,
    acceptance: str,
    *,
    reason: str,
    until: dt.date,
    by: str,
    second: str = "",
    terms: Acceptance | None = None,
    on: dt.date | None = None,
) -> tuple[str, int]:
    """Renews an acceptance for those of its findings still present, from where it ends; returns (number, findings).

    The checks are those of a new one; if it is withdrawn, the earlier one stays in force. DecisionError for an unknown number.
    """
    period, note = newest(home)
    as_of = dt.date.fromisoformat(note["as_of"])
    before = [row for row in acceptances(home) if row["acceptance"] == acceptance and row["in_force"]]
    if not before:
        raise DecisionError(
            N_("no acceptance in force: %(names)s"),
            remedy=N_("see `vahti accept --list`; nothing was extended"),
            names=acceptance,
        )
    ends = max(row["until_on"] for row in before)
    if until <= ends:
        raise DecisionError(
            N_("the last day %(until)s is no later than the day it ends on: %(ends)s"),
            place="--until",
            remedy="name a later day",
            until=until,
            ends=ends,
        )
    decision = Decision(reason.strip(), until, by.strip(), second.strip(), on)
    controls.check_words(decision)
    with store.locked(home):
        with deriving(home, period) as connection:
            there = connection.execute(
                "select fingerprint from drafts.ledger.states where period = $1 and is_there"
                " and list_contains($2::varchar[], fingerprint) order by fingerprint",
                [period, [row["fingerprint"] for row in before]],
            ).fetchall()
            chosen = [fingerprint for (fingerprint,) in there]
            controls.check_terms(connection, period, chosen, decision, as_of, terms or Acceptance())
        return keep(home, period, chosen, decision, False, "extend"), len(chosen)


def withdraw(home: store.Home, names: Iterable[str], *, reason: str, by: str, on: dt.date | None = None) -> int:
    """Withdraws acceptances by number or fingerprint, from the newest period on; returns how many findings reopen."""
    names = list(dict.fromkeys(names))
    if not names or not reason.strip() or not by.strip():
        raise DecisionError(
            N_("no acceptance is named, or the name or the reason is missing"),
            remedy="vahti accept --withdraw A0001 --reason … --by …",
        )
    if names_somebody(reason):
        raise DecisionError(
            N_("the reason holds a personal value"),
            place="--reason",
            remedy=N_("name the record or the task, not the person"),
        )
    with store.locked(home):
        period, _ = newest(home)
        with store.workbench(home) as connection, store.transaction(connection):
            chosen = connection.execute(
                "select distinct a.acceptance, a.fingerprint from ledger.acceptances as a"
                " left join ledger.withdrawals as w on w.acceptance = a.acceptance and w.fingerprint = a.fingerprint"
                " where w.acceptance is null"
                " and (list_contains($1::varchar[], a.acceptance) or list_contains($1::varchar[], a.fingerprint))",
                [names],
            ).fetchall()
            unknown = [name for name in names if not any(name in pair for pair in chosen)]
            if unknown:
                raise DecisionError(
                    N_("no acceptance in force: %(names)s"),
                    remedy=N_("see `vahti accept --list`; nothing was withdrawn"),
                    names=", ".join(unknown),
                )
            connection.execute(
                "insert into ledger.withdrawals select unnest($1::varchar[]), unnest($2::varchar[]), $3, $4, $5",
                [[pair[0] for pair in chosen], [pair[1] for pair in chosen], period, reason.strip(), by.strip()],
            )
            for number in sorted({pair[0] for pair in chosen}):
                count = sum(pair[0] == number for pair in chosen)
                entry = Entry("withdraw", number, by.strip(), reason.strip(), findings=count, on=on)
                journal.note(connection, period, entry)
            make_stale(connection, period)
    return len(chosen)


def acceptances(home: store.Home, ending: int | None = None) -> list[dict[str, Any]]:
    """One mapping of ACCEPTANCE_COLUMNS per accepted finding, including withdrawn and expired ones.

    `ending`: only those in force that end within so many days of the newest as-of date, earliest first.
    """
    period, note = newest(home)
    as_of = dt.date.fromisoformat(note["as_of"])
    with store.workbench(home, read_only=True) as connection:
        known = rows(
            connection,
            """
            with known as (
                select fingerprint, any_value(rule) as rule, any_value(dataset) as dataset,
                    any_value(record_key) as record_key,
                    any_value(field) as field, any_value(severity) as severity
                from workbench.ledger.found group by fingerprint
            )
            select a.acceptance, a.fingerprint, coalesce(k.rule, '') as rule,
                coalesce(k.severity, '') as severity, coalesce(k.dataset, '') as dataset,
                coalesce(k.record_key, '') as record_key, coalesce(k.field, '') as field, a.accepted_by,
                coalesce(a.second_name, '') as second_name, a.reason, a.from_period, a.until_on,
                w.from_period as withdrawn_in, w.withdrawn_by, w.reason as withdrawn_because,
                w.acceptance is null and a.until_on >= $1 as in_force
            from workbench.ledger.acceptances as a
            left join known as k on k.fingerprint = a.fingerprint
            left join workbench.ledger.withdrawals as w on w.acceptance = a.acceptance and w.fingerprint = a.fingerprint
            order by a.acceptance, k.rule, k.dataset, k.record_key, k.field, a.fingerprint
        """,
            [as_of],
        )
    if ending is None:
        return known
    soon = [row for row in known if row["in_force"] and row["until_on"] <= as_of + dt.timedelta(days=ending)]
    return sorted(soon, key=lambda row: row["until_on"])


def summed(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of `acceptances` put together: one of SUMMED per acceptance, rule and state."""
    sums: dict[tuple, dict[str, Any]] = {}
    for row in found:
        gone = f"withdrawn by {row['withdrawn_by']}: {row['withdrawn_because']}" if row["withdrawn_in"] else "ended"
        key = {name: row[name] for name in ("acceptance", "rule")} | {"state": "in force" if row["in_force"] else gone}
        one = sums.setdefault(tuple(key.values()), key | {"findings": 0} | {name: row[name] for name in SUMMED[4:]})
        one["findings"] += 1
    return [{name: row[name] for name in SUMMED} for row in sums.values()]


def as_yaml(found: list[dict[str, Any]]) -> str:
    """Acceptances for review: one entry each, with its findings; hidden characters are shown by their code."""
    found = [
        {name: visible(value) if isinstance(value, str) else value for name, value in row.items()} for row in found
    ]
    entries: dict[str, dict] = {}
    shared = ("acceptance", "accepted_by", "second_name", "reason", "from_period", "until_on")
    for row in found:
        entry = entries.setdefault(str(row["acceptance"]), {name: row[name] for name in shared} | {"findings": []})
        entry["findings"].append(
            {name: row[name] for name in ACCEPTANCE_COLUMNS if name not in shared and row[name] not in (None, "")}
        )
    return yaml.safe_dump({"acceptances": list(entries.values())}, sort_keys=False, allow_unicode=True, width=120)
