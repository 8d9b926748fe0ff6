"""Checks that know the patterns of one country: off, and told as not evaluated, where the controller is of another.

A country's pack, `registry/data/packs/<cc>.yaml`, lists the formats and the functions that know its identifiers. So far there is
Finland's; to check other countries' numbers by Finnish patterns would find what is right and miss what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files

import yaml

from pipelines.expectations.contract import Contract
from pipelines.expectations.rule import Part, Rule

# By the kinds that a contract's `freeText` names: in words, and the function that finds one in a text.
FREE_TEXT = {
    "identity-code": {"words": "identity code", "function": "free_text_identity_code"},
    "iban": {"words": "IBAN", "function": "free_text_iban"},
    "email": {"words": "email address", "function": "free_text_email"},
    "phone": {"words": "phone number", "function": "free_text_phone"},
}
# Scopes of contract rules that go by the disposal schedule.
OF_THE_SCHEDULE = {"schedule", "triggers", "reviews", "guarded"}
NO_PATTERNS = "no patterns of this country are known"


@cache
def packs() -> dict[str, dict]:
    """Every pack, by country."""
    folder = files("pipelines").joinpath("registry/data/packs")
    found = [
        yaml.safe_load(path.read_text("utf-8"))
        for path in sorted(folder.iterdir(), key=str)
        if path.name.endswith(".yaml")
    ]
    return {pack["country"]: pack for pack in found}


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
    """The country's identifiers that one person or organisation has alone: column format, of whom, SQL of validity and form."""
    return packs().get(country, {}).get("identifiers", [])


def withheld(
    parts: Iterable[Part], contracts: tuple[Contract, ...], country: str, relations: dict[str, str]
) -> Iterator[Part]:
    """The parts; one that knows another country's patterns only comes without its SQL, to be reported as not evaluated."""
    if country in packs():
        yield from parts
        return
    formats = {format_ for pack in packs().values() for format_ in pack["formats"]}
    knowing = _knowing(relations)
    of_column = {(c.dataset, column.name): column.format for c in contracts for column in c.columns}
    for part in parts:
        knows = part.rule.scope in ("format", *formats) and of_column.get((part.dataset, part.field)) in formats
        if part.sql and (knows or knowing.search(part.sql)):
            part = replace(part, sql=None, missing=NO_PATTERNS)
        yield part


def _knowing(relations: dict[str, str]) -> re.Pattern:
    """What stands in SQL that knows a country's patterns: its functions, and the shared relations that call them."""
    functions = "|".join(name for pack in packs().values() for name in pack["functions"])
    pattern = re.compile(rf"\b(?:{functions})\b\"?\(")
    for _ in relations:  # a relation may read another one
        found = [name for name, sql in relations.items() if pattern.search(sql)]
        pattern = re.compile(rf"\b(?:{functions})\b\"?\(" + "".join(rf"|\b{re.escape(name)}\b" for name in found))
    return pattern
