"""YAML for the expectations: nothing that a reader would take for text is lost.

Plain YAML reads `{en: A, B.}` as two keys, `0123` as 83, `no` as false and what follows a ` #` as a comment. Here each
is an error with line, column and remedy, and so are duplicate keys, anchors, aliases, tags and endless nesting.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipelines.errors import ExpectationsError

# Deeper than any contract; a recursive parser would end the process.
DEEPEST = 50
WORD, DATE = "tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp"
MEND = "mend the YAML syntax there"
QUOTE = "put the whole text in quotes: '…'"
COMMENT = re.compile(r"[ \t]+#")
PLAIN_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")


class Lost(yaml.MarkedYAMLError):
    """YAML that would lose something, and what to write instead."""

    def __init__(self, problem: str, mark: Any, remedy: str = MEND) -> None:
        super().__init__(problem=problem, problem_mark=mark)
        self.remedy = remedy


def text_of(path: Path) -> str:
    """The text of a file of the expectations; ExpectationsError if it cannot be read or is not UTF-8."""
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise ExpectationsError("file not found", file=path, remedy="restore it from the repository") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ExpectationsError(f"cannot be read: {error}", file=path, remedy="save it as UTF-8") from None


def read(path: Path, dates: bool = False) -> dict:
    """The mapping in a file, dates as text unless `dates`; ExpectationsError with line, column and remedy otherwise."""
    text = text_of(path)
    try:
        document = parse(text, dates)
    except yaml.YAMLError as error:
        line, column = place(text, error)
        where = f"line {line}, column {column}" if line else ""
        raise ExpectationsError(problem(error), file=path, place=where, remedy=remedy(error)) from None
    if not isinstance(document, dict):
        raise ExpectationsError("holds no mapping", file=path, remedy="start with `key: value` lines")
    return document


def parse(text: str, dates: bool = False) -> object:
    """The value of a text; yaml.YAMLError if something in it would be lost. `dates`: YYYY-MM-DD as a date, not text."""
    _check(text)
    return yaml.load(text, Loader=_loader(dates))


def problem(error: yaml.YAMLError) -> str:
    """What is wrong, as a sentence."""
    return getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"


def remedy(error: yaml.YAMLError) -> str:
    """What to do about it."""
    return getattr(error, "remedy", MEND)


def place(text: str, error: yaml.YAMLError) -> tuple[int, int]:
    """Line and column of the fault, from 1; 0 if the parser does not say."""
    if mark := getattr(error, "problem_mark", None):
        return mark.line + 1, mark.column + 1
    position = getattr(error, "position", None)
    if not isinstance(position, int):
        return 0, 0
    before = text.encode()[:position].decode(errors="replace").split("\n")  # the parser counts bytes
    return len(before), len(before[-1]) + 1


def _check(text: str) -> None:
    """Raises Lost at the first place that would not be read as it is written."""
    lines = text.split("\n")
    inside: list[list] = []  # [kind of braces or '', children so far] of each open collection
    for event in yaml.parse(text, Loader=_safe_loader()):
        if isinstance(event, yaml.AliasEvent):
            raise Lost("aliases are not allowed", event.start_mark, "write the value out again, or quote the *")
        if isinstance(event, yaml.CollectionEndEvent):
            inside.pop()
        if not isinstance(event, yaml.NodeEvent):
            continue
        _check_marks(event)
        if inside:
            inside[-1][1] += 1
        if isinstance(event, yaml.ScalarEvent):
            _check_text(event, lines, *(inside[-1] if inside else ("", 0)))
        else:
            _check_collection(event, lines, inside)


def _check_marks(event: Any) -> None:
    if event.anchor is not None:
        raise Lost("what follows an & is an anchor to YAML", event.start_mark, QUOTE)
    if event.tag is not None:
        raise Lost("what follows an ! is a tag to YAML", event.start_mark, QUOTE)


def _check_text(event: Any, lines: list[str], braces: str, number: int) -> None:
    """`number`: its position among the scalars of its mapping; every second one is a value."""
    if braces == "{" and number % 2 == 0 and event.value == "" and event.style in (None, ""):
        raise Lost(
            "a key without a value: a comma in {…} ends the text before it",
            event.start_mark,
            "put a text that holds a comma in quotes: {en: 'A, B.'}",
        )
    if event.style in (None, "") and event.value:
        end = event.end_mark
        if COMMENT.match(lines[end.line][end.column :]):
            raise Lost(
                "what follows ` #` is a comment to YAML",
                end,
                f"put the comment on a line of its own; if it is text, {QUOTE}",
            )


def _check_collection(event: Any, lines: list[str], inside: list[list]) -> None:
    start = event.start_mark
    opening = lines[start.line][start.column : start.column + 1] if event.flow_style else ""
    if event.flow_style and isinstance(event, yaml.MappingStartEvent) and opening != "{":
        raise Lost("a colon makes a key of a word in […]", start, QUOTE)
    if len(inside) >= DEEPEST:
        raise Lost("is nested too deeply", start)
    inside.append([opening, 0])


def _safe_loader() -> Any:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def _loader(dates: bool) -> Any:
    """SafeLoader that rejects duplicate keys and scalars that would become another value."""

    class Loader(_safe_loader()):  # type: ignore[misc]  # the one in C if there is one
        def construct_mapping(self, node: Any, deep: bool = False) -> dict:
            seen = set()
            for key, _ in node.value:
                is_word = key.tag == WORD
                if not is_word or key.value in seen:
                    twice = f"key {key.value!r} stands twice" if is_word else "key is no word"
                    raise Lost(twice, key.start_mark, "keep one of the two" if is_word else "put the key in quotes")
                seen.add(key.value)
            return super().construct_mapping(node, deep)

        def integer(self, node: Any) -> Any:
            if not PLAIN_INTEGER.match(node.value):
                raise Lost(f"{node.value} would become another number", node.start_mark, "put it in quotes")
            return self.construct_yaml_int(node)

        def truth(self, node: Any) -> Any:
            if node.value.lower() not in ("true", "false"):
                meant = "true" if self.construct_yaml_bool(node) else "false"
                raise Lost(
                    f"{node.value} means {meant} to YAML", node.start_mark, f"write {meant}, or put the word in quotes"
                )
            return self.construct_yaml_bool(node)

        def fraction(self, node: Any) -> Any:
            if ":" in node.value or "_" in node.value:
                raise Lost(f"{node.value} would become another number", node.start_mark, "put it in quotes")
            return self.construct_yaml_float(node)

    for kind, construct in (("int", Loader.integer), ("bool", Loader.truth), ("float", Loader.fraction)):
        Loader.add_constructor(f"tag:yaml.org,2002:{kind}", construct)
    Loader.yaml_implicit_resolvers = {
        first: [(tag, regexp) for tag, regexp in resolvers if dates or tag != DATE]
        for first, resolvers in Loader.yaml_implicit_resolvers.items()
    }
    return Loader
