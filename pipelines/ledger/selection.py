"""The findings that a decision is about: named one by one, or found by rule, dataset and keys."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

from pipelines.errors import DecisionError
from pipelines.ledger.looking import check_names

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def named(connection: DuckDBPyConnection, period: str, fingerprints: list[str]) -> list[str]:
    """The fingerprints, which must all exist in the period."""
    there = {
        row[0]
        for row in connection.execute(
            "select fingerprint from drafts.ledger.states where period = $1 and is_there", [period]
        ).fetchall()
    }
    unknown = [each for each in fingerprints if each not in there]
    if unknown:
        raise DecisionError(
            f"not among the findings of {period}: {', '.join(unknown)}",
            remedy=f"{meant(unknown, there)}see `vahti findings`; nothing was accepted",
        )
    return fingerprints


def meant(unknown: list[str], there: Iterable[str]) -> str:
    """The fingerprints one typo away from an unknown one, to begin a remedy."""
    near = [match for each in unknown[:3] for match in get_close_matches(each, sorted(there), 1, 0.85)]
    return f"did you mean {' or '.join(near)}? If not, " if near else ""


def matching(connection: DuckDBPyConnection, period: str, rule: str, dataset: str, keys: list[str] | None) -> list[str]:
    """Fingerprints of the period's findings, filtered by rule, dataset and keys as given."""
    check_names(connection, period, rule, dataset)
    found = connection.execute(
        "select fingerprint, record_key from drafts.ledger.states where period = $1 and is_there"
        " and ($2 = '' or rule = $2) and ($3 = '' or dataset = $3)"
        " and ($4 is null or list_contains($4::varchar[], record_key))"
        " order by fingerprint",
        [period, rule, dataset, keys],
    ).fetchall()
    lacking = sorted(set(keys or ()) - {key for _, key in found})
    if lacking or not found:
        problem = f"no such finding in {period}" + (f" for the keys {', '.join(lacking[:20])}" if lacking else "")
        raise DecisionError(problem, remedy="see `vahti findings`; nothing was accepted")
    return [fingerprint for fingerprint, _ in found]
