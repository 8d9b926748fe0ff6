"""Checks that know the patterns of one country: off, and reported as not evaluated, if the controller is in another.

A country's pack, `registry/data/packs/<cc>.yaml`, has its formats and the functions that check them. Finnish patterns would
report correct foreign numbers and miss wrong ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipelines.expectations.contract import Contract
from pipelines.expectations.rule import Part, Rule
from pipelines.registry.functions import packs

# By kind in a contract's `freeText`: its words, and the function that finds one in a text.
FREE_TEXT = {
    "identity-code": {"words": "identity code", "function": "free_text_identity_code"},
    "iban": {"words": "IBAN", "function": "free_text_iban"},
    "email": {"words": "email address", "function": "free_text_email"},
    "phone": {"words": "phone number", "function": "free_text_phone"},
}
# Scopes of contract rules based on the disposal schedule.
OF_THE_SCHEDULE = {"schedule", "triggers", "reviews", "guarded"}
# Text searches that depend on the country's identity codes and telephone numbers.
FREE = ("free_text_codes", "free_text_foreign_phone", "free_text_phone", "free_text_kinds")
NO_PATTERNS = "no patterns of this country are known"


def origin(rule: Rule, country: str) -> str:
    """Where a rule comes from: the contracts, the disposal schedule, the country's pack, or the controller's own rules."""
    if rule.path.parent.name:
        return "controller"
    if rule.scope in OF_THE_SCHEDULE:
        return "schedule"
    if rule.scope == "identifiers" or rule.scope in {
        format_ for pack in packs().values() for format_ in pack["formats"]
    }:
        return f"pack {country}" if country in packs() else f"off: no pack {country}"
    return "contracts"


def identifiers(country: str) -> list[dict[str, str]]:
    """The country's identifiers unique to one person or organisation: column format, of whom, SQL of validity and form."""
    # A country without a pack gets another's: their parts are reported as not evaluated.
    return packs().get(country, packs()["FI"])["identifiers"]


def withheld(
    parts: Iterable[Part], contracts: tuple[Contract, ...], country: str, relations: dict[str, str]
) -> Iterator[Part]:
    """The parts; one that needs patterns missing from the country's pack loses its SQL, to be reported as not evaluated."""
    mine = packs().get(country, {})
    formats = {format_ for pack in packs().values() for format_ in pack["formats"]} - set(mine.get("formats", ()))
    foreign = set(packs()["FI"]["functions"]) - functions_of(mine)
    if not formats and not foreign:
        yield from parts
        return
    knowing = _knowing(relations, foreign)
    of_column = {(c.dataset, column.name): column.format for c in contracts for column in c.columns}
    for part in parts:
        knows = part.rule.scope in ("format", *formats) and of_column.get((part.dataset, part.field)) in formats
        if part.sql and (knows or knowing.search(part.sql)):
            part = replace(part, sql=None, missing=NO_PATTERNS)
        yield part


def functions_of(pack: dict) -> set[str]:
    """The pattern functions that the country's pack supports: its own, the telephone ones, and those that call them."""
    if not pack or "functions" in pack:
        return set(pack.get("functions", ()))
    own = {signature.partition("(")[0] for signature in pack["sql"]}
    return own | {"is_phone", "is_possible_phone", "to_e164", *(name for name in FREE if own)}


def _knowing(relations: dict[str, str], foreign: set[str]) -> re.Pattern:
    """What in SQL depends on patterns: functions, and the shared relations that call them."""
    functions = "|".join(sorted(foreign))
    pattern = re.compile(rf"\b(?:{functions})\b\"?\(")
    for _ in relations:  # a relation may read another
        found = [name for name, sql in relations.items() if pattern.search(sql)]
        pattern = re.compile(rf"\b(?:{functions})\b\"?\(" + "".join(rf"|\b{re.escape(name)}\b" for name in found))
    return pattern
