"""Calls that can turn a few characters into output of any size.

DuckDB evaluates constants while it binds a statement, which cannot be interrupted, and a single value may be a text of
4 GB. The author of a rule or condition must not be able to exhaust the memory, or minutes of the time, of somebody who
only checks it. DuckDB's memory limit and `guard.MOST_SECONDS` bound what a SELECT does while it runs.
"""

from __future__ import annotations

import re

from pipelines import tree

# Pads to the size in the second argument; a constant up to MOST is allowed, like a width in a format string.
SIZED = {"repeat", "lpad", "rpad", "bitstring"}
FORMATTING = {"format", "printf"}
REPLACING = {"replace", "regexp_replace"}
# Folds over a list, and may double its result each time.
DOUBLING = {"list_reduce", "array_reduce", "reduce"}
MOST = 1_000
REMEDY = f"make texts no longer than {MOST} characters, and of nothing that was made longer"


def problem(item: dict) -> str:
    """What is wrong with one call; '' if its result cannot be long. `item`: a function of a syntax tree."""
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
    """Whether a width can exceed three digits, or comes from an argument."""
    text = _constant(item["children"][0]) if item["children"] else ""
    return not isinstance(text, str) or re.search(r"\d{4}|\*|\{[^}]*\{", text) is not None


def _name(item: dict) -> str:
    return item.get("function_name", "").lower() if item.get("class") == "FUNCTION" else ""


def _constant(item: dict) -> object:
    return item["value"].get("value") if item.get("class") == "CONSTANT" else None
