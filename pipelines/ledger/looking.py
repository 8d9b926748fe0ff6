"""The current ledger, read from the workbench alone: also for periods whose registry was purged."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.errors import DecisionError, UnknownError
from pipelines.home import store
from pipelines.known import checked, of_period
from pipelines.language.languages import Language, language
from pipelines.ledger.periods import RELATIONS, draft, relate
from pipelines.sql import one_value

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FINDING_COLUMNS = (
    "fingerprint", "kind", "rule", "category", "severity", "system", "dataset", "record_key", "field", "due_on",
    "state", "is_found", "is_there", "first_seen", "last_seen", "resolved_on", "age_days", "periods_open",
    "act_by", "promise", "reason",
    "accepted_until", "remark", "who", "term_hours", "risk", "rank", "is_open", "is_urgent", "is_late", "is_passed",
)  # fmt: skip


def states(home: store.Home, period: str | None = None) -> list[dict[str, object]]:
    """One mapping of FINDING_COLUMNS per finding or task known by a period, the newest by default."""
    name, _ = newest(home, period)
    with deriving(home, name) as connection:
        return rows(connection, f"{STATES} where period = $1 {IN_ORDER}", [name])


@dataclass(frozen=True)
class Listing:
    """The requested rows of `states`, and a sentence on what was searched for them."""

    rows: list[dict[str, object]]
    searched: str


def listed(
    home: store.Home,
    period: str | None = None,
    *,
    rule: str = "",
    dataset: str = "",
    states: Iterable[str] = (),
    every: bool = False,
    speech: Language | None = None,
) -> Listing:
    """Findings and tasks of a period: those present, all with `every`, those in `states` if given; told in English by default.

    UnknownError for a rule, dataset or period that does not exist.
    """
    name, speech = newest(home, period)[0], speech or language("en")
    with deriving(home, name) as connection:
        check_names(connection, name, rule, dataset)
        found = rows(connection, f"{STATES} where period = $1 {IN_ORDER}", [name])
        unseen = one_value(connection, UNSEEN, [name, rule, dataset])
    wanted, there = set(states), sum(bool(row["is_there"]) for row in found)
    chosen = [
        row
        for row in found
        if (row["state"] in wanted if wanted else every or row["is_there"])
        and rule in ("", row["rule"])
        and dataset in ("", row["dataset"])
    ]
    asked = (
        [("state", state) for state in states] + [("rule", rule)] * bool(rule) + [("dataset", dataset)] * bool(dataset)
    )
    return Listing(chosen, _searched(speech, len(chosen), asked, name, there, len(found) - there, unseen))


def _searched(
    speech: Language, chosen: int, asked: list[tuple[str, str]], period: str, there: int, gone: int, unseen: int
) -> str:
    """What was searched: how many of what is there were asked for, and what could not be looked at."""
    _, ngettext = speech.gettext, speech.ngettext
    words = {"state": _("state %(name)s"), "rule": _("rule %(name)s"), "dataset": _("dataset %(name)s")}
    asked_for = ", ".join(words[what] % {"name": name} for what, name in asked)
    parts = [ngettext("%(n)s finding", "%(n)s findings", chosen) % {"n": chosen}]
    parts += [_("(%(asked)s)") % {"asked": asked_for}] * bool(asked_for)
    parts.append(_("in period %(period)s, which has %(n)s in all.") % {"period": speech.typed_day(period), "n": there})
    if gone:
        parts.append(ngettext("%(n)s more is gone since.", "%(n)s more are gone since.", gone) % {"n": gone})
    if unseen:
        parts.append(
            ngettext(
                "For want of data %(n)s check could not be made: what would be found there is not among these.",
                "For want of data %(n)s checks could not be made: what would be found there is not among these.",
                unseen,
            )
            % {"n": unseen}
        )
    return " ".join(parts)


STATES = f"select {', '.join(FINDING_COLUMNS)} from drafts.ledger.states"
IN_ORDER = "order by rule, system, dataset, record_key, field, fingerprint"
UNSEEN = (
    "select count(*) from drafts.ledger.looks where period = $1 and not is_evaluated"
    " and ($2 = '' or rule = $2) and ($3 = '' or dataset in ('', $3))"
)


def check_names(connection: DuckDBPyConnection, period: str, rule: str = "", dataset: str = "") -> None:
    """UnknownError for a given rule or dataset that is in neither the period's checks nor its findings."""
    for what, value, tables in (("rule", rule, ("looks", "found")), ("dataset", dataset, ("feeds", "found"))):
        if value:
            select = " union ".join(f"select {what} from drafts.ledger.{table}" for table in tables)
            names = [
                name
                for (name,) in connection.execute(
                    f"select {what} from ({select}) where {what} <> '' order by all"
                ).fetchall()
            ]
            checked(what, value, names, place=of_period(period))


def one(home: store.Home, reference: str, period: str | None = None) -> dict[str, object]:
    """Everything in the ledger about one finding, the customer's number included, by its reference in findings.csv or its
    fingerprint; UnknownError if there is none."""
    known = store.periods(home)
    of_period = {
        name: note["references"][reference] for name, note in known.items() if reference in note.get("references", {})
    }
    name, _ = newest(home, period or max(of_period, default=None))
    fingerprint = of_period.get(name, reference)
    with deriving(home, name) as connection:
        columns = ", ".join((*FINDING_COLUMNS, "customer_number", "detail"))
        found = rows(
            connection,
            f"select {columns} from drafts.ledger.states where period = $1 and fingerprint = $2",
            [name, fingerprint],
        )
    if not found:
        raise UnknownError(
            f"no finding {reference!r} in {name}",
            place="--show",
            remedy="write the reference as findings.csv has it; --period names another period",
        )
    return found[0] | {"period": name}


def make_stale(connection: DuckDBPyConnection, period: str) -> None:
    """Marks the files of the period, and of later ones, to be written again."""
    connection.execute(
        "insert into ledger.stale_outputs select period from ledger.periods where period >= $1", [period]
    )


def newest(home: store.Home, period: str | None = None) -> tuple[str, dict]:
    """(period, note) of the requested period, the newest by default, whether or not its registry still exists."""
    known = store.periods(home)
    if not known:
        raise DecisionError("no period was taken in yet", file=home.path, remedy="take exports in first: vahti run")
    name = checked("period", period, known, place=str(home.path)) if period else max(known)
    return name, known[name]


@contextlib.contextmanager
def deriving(home: store.Home, period: str) -> Iterator:
    """A read-only connection to the workbench with `drafts` up to a period and every relation over it."""
    with store.workbench(home, read_only=True) as connection:
        draft(connection, period, committed=True)
        for name in RELATIONS:
            relate(connection, name)
        yield connection


def rows(connection: DuckDBPyConnection, sql: str, parameters: list | dict | None = None) -> list[dict[str, Any]]:
    """A SELECT's rows as mappings."""
    found = connection.execute(sql, parameters or [])
    names = [item[0] for item in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
