"""Calls that make of a few characters as much as they are asked for.

DuckDB works constants out while it binds a statement, which nothing breaks off, and a text of 4 GB is one of its values:
who writes a rule or a condition must not be able to take all memory, or minutes, of whoever only looks whether it is fit.
What a SELECT makes while it runs is bounded by DuckDB's own limit of memory and by `guard.MOST_SECONDS`.
"""

from __future__ import annotations

import re

from pipelines import tree

# To this size, the second argument; a constant up to MOST, as a width within the text of a format is.
SIZED = {"repeat", "lpad", "rpad", "bitstring"}
FORMATTING = {"format", "printf"}
REPLACING = {"replace", "regexp_replace"}
# Goes over a list with what it has made so far, and may double it each time.
DOUBLING = {"list_reduce", "array_reduce", "reduce"}
MOST = 1_000
REMEDY = f"make texts no longer than {MOST} characters, and of nothing that was made longer"


def problem(item: dict) -> str:
    """What is wrong with one call; '' where it makes nothing that is long. `item`: a function of a syntax tree."""
    called = _name(item)
    if called in DOUBLING or (called in SIZED and _size(item) > MOST) or (called in FORMATTING and _is_wide(item)):
        return f"calls {called} for more than it may be asked for"
    if _lengthens(item) and any(_lengthens(each) for child in item["children"] for each in tree.walk(child)):
        return f"calls {called} on what was made longer"
    return ""


def _lengthens(item: dict) -> bool:
    called = _name(item)
    if called not in REPLACING:
        return called in SIZED | FORMATTING
    old, new = ([*map(_constant, item["children"][1:3])] + [None, None])[:2]
    return not (isinstance(old, str) and isinstance(new, str) and len(new) <= len(old) and "\\" not in new)


def _size(item: dict) -> float:
    size = _constant(item["children"][1]) if len(item["children"]) > 1 else 0
    return abs(size) if isinstance(size, int) else float("inf")


def _is_wide(item: dict) -> bool:
    """Whether a width may be more than three digits, or come from an argument."""
    text = _constant(item["children"][0]) if item["children"] else ""
    return not isinstance(text, str) or re.search(r"\d{4}|\*|\{[^}]*\{", text) is not None


def _name(item: dict) -> str:
    return item.get("function_name", "").lower() if item.get("class") == "FUNCTION" else ""


def _constant(item: dict) -> object:
    return item["value"].get("value") if item.get("class") == "CONSTANT" else None
