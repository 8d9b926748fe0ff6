"""Whether an acceptance is allowed: a substantial reason, a term that is not too long, and two names if required."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from pipelines.errors import DecisionError
from pipelines.expectations.acceptance import Acceptance
from pipelines.language.languages import N_
from pipelines.ledger.looking import rows
from pipelines.text import names_somebody

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.ledger.acceptances import Decision

LEAST_LETTERS, LEAST_WORDS = 20, 4
# Phrases that give no reason for taking a risk, in the desk's languages.
EMPTY = re.compile(
    r"\b(no time|not now|later on|later|no reason|n/?a|ok(ay)?|fine|none|test|todo|tbd|see above|because"
    r"|ei (ole )?aikaa|ei ehdi(tty|tä)?|ei nyt|myöhemmin|kyllä|ei syytä|kiire"
    r"|ingen tid|inte nu|senare|hinner inte|har inte tid)\b"
)


def check_words(decision: Decision) -> None:
    """DecisionError if the reason is too short or names a person, or the names are missing or equal."""
    for name, value in (("--reason", decision.reason), ("--by", decision.by)):
        if not value:
            raise DecisionError(
                N_("the name or the reason is missing"),
                place=name,
                remedy=N_("an acceptance says who took the risk, and why"),
            )
    if problem := fault_of_reason(decision.reason):
        remedy = N_("say what is known, who weighed the risk, and what happens by the last day; nothing was accepted")
        raise DecisionError(problem, place="--reason", remedy=remedy, words=LEAST_WORDS, letters=LEAST_LETTERS)
    if decision.second and names(decision.second) == names(decision.by):
        raise DecisionError(
            N_("both names are the same person's"), place="--second", remedy=N_("name somebody else who decided it too")
        )


def fault_of_reason(reason: str) -> str:
    """What is wrong with a reason, as a message with the facts `words` and `letters`; empty if it will do."""
    if names_somebody(reason):
        return N_("the reason holds a personal value; name the record or the task, not the person")
    left = EMPTY.sub(" ", reason.casefold())
    words = set(re.findall(r"[^\W\d_]{2,}", left))
    if len(reason) < LEAST_LETTERS or len(words) < LEAST_WORDS:
        return N_(
            "the reason says too little: it needs %(words)s different words and %(letters)s characters that give a ground"
        )
    return ""


def names(text: str) -> frozenset[str]:
    """A name regardless of case, word order and punctuation."""
    return frozenset(re.findall(r"\w+", text.casefold()))


def check_terms(
    connection: DuckDBPyConnection,
    period: str,
    chosen: list[str],
    decision: Decision,
    as_of: dt.date,
    terms: Acceptance,
) -> None:
    """DecisionError if a chosen finding may not be accepted for so long, or not by one person alone."""
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
                N_("the last day %(until)s is too late for %(rule)s (%(severity)s): at most %(last_day)s"),
                place="--until",
                remedy=N_(
                    "name an earlier day; `acceptance.longest` in controller.yaml has the terms; nothing was accepted"
                ),
                until=decision.until,
                rule=row["rule"],
                severity=row["severity"],
                last_day=row["last_day"],
            )
    wanting = sorted({row["rule"] for row in found if {row["rule"], row["category"]} & set(terms.second_name)})
    if wanting and not decision.second:
        raise DecisionError(
            N_("%(rules)s cannot be accepted by one person alone"),
            place="--second",
            remedy=N_("name who else decided it (`acceptance.second_name` in controller.yaml); nothing was accepted"),
            rules=", ".join(wanting),
        )
