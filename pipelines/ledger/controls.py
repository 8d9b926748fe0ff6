"""Whether an acceptance may stand: a reason of substance, a term that is not too long, and two names where they are wanted."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from pipelines.errors import DecisionError
from pipelines.expectations.acceptance import Acceptance
from pipelines.ledger.looking import rows
from pipelines.text import holds_value

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.ledger.acceptances import Decision

LEAST_LETTERS, LEAST_WORDS = 20, 4
# What says nothing of why a risk may be taken, in the languages of the desk.
EMPTY = re.compile(
    r"\b(no time|not now|later on|later|no reason|n/?a|ok(ay)?|fine|none|test|todo|tbd|see above|because"
    r"|ei (ole )?aikaa|ei ehdi(tty|tä)?|ei nyt|myöhemmin|kyllä|ei syytä|kiire"
    r"|ingen tid|inte nu|senare|hinner inte|har inte tid)\b"
)


def check_words(decision: Decision) -> None:
    """DecisionError where the reason says too little or names a person, or the names are missing or the same."""
    for name, value in (("--reason", decision.reason), ("--by", decision.by)):
        if not value:
            raise DecisionError(f"{name} is empty", remedy="an acceptance says who took the risk, and why")
    if problem := fault_of_reason(decision.reason):
        remedy = "say what is known, who weighed the risk, and what happens by the last day; nothing was accepted"
        raise DecisionError(f"--reason {problem}", remedy=remedy)
    if decision.second and names(decision.second) == names(decision.by):
        raise DecisionError("--second is the same person as --by", remedy="name somebody else who decided it too")


def fault_of_reason(reason: str) -> str:
    """What is wrong with a reason; empty where it can stand."""
    if holds_value(reason):
        return "holds a personal value; name the record or the task, not the person"
    left = EMPTY.sub(" ", reason.casefold())
    words = set(re.findall(r"[^\W\d_]{2,}", left))
    if len(reason) < LEAST_LETTERS or len(words) < LEAST_WORDS:
        return (
            f"says too little: it needs {LEAST_WORDS} different words and {LEAST_LETTERS} characters that give a ground"
        )
    return ""


def names(text: str) -> frozenset[str]:
    """A name without case, order of words and punctuation."""
    return frozenset(re.findall(r"\w+", text.casefold()))


def check_terms(
    connection: DuckDBPyConnection,
    period: str,
    chosen: list[str],
    decision: Decision,
    as_of: dt.date,
    terms: Acceptance,
) -> None:
    """DecisionError where a chosen finding may not be accepted so long, or not by one person alone."""
    longest = " ".join(f"when '{severity}' then {count}" for severity, count in terms.longest.items())
    found = rows(
        connection,
        f"""
        select severity, rule, category, max(cast($2 + to_months(case severity {longest} else 0 end) as date)) as last_day
        from drafts.ledger.states
        where period = $1 and list_contains($3::varchar[], fingerprint)
        group by severity, rule, category order by last_day, rule
        """,
        [period, as_of, chosen],
    )
    for row in found:
        if decision.until > row["last_day"]:
            raise DecisionError(
                f"--until {decision.until} is too long for {row['rule']} ({row['severity']}): at most {row['last_day']}",
                remedy="name an earlier day; `acceptance.longest` in controller.yaml has the terms; nothing was accepted",
            )
    wanting = sorted({row["rule"] for row in found if {row["rule"], row["category"]} & set(terms.second_name)})
    if wanting and not decision.second:
        raise DecisionError(
            f"{', '.join(wanting)} cannot be accepted by one person alone",
            remedy="name who else decided it: --second NAME (`acceptance.second_name` in controller.yaml); nothing was accepted",
        )
