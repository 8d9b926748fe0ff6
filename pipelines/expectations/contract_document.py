"""A contract's document, step by step: what is missing, unknown or not text is reported with file, path and remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

from pipelines.errors import ExpectationsError
from pipelines.expectations import layout as layouts
from pipelines.expectations.contract import NAME, RESERVED

OPTIONS = {
    "contract": {
        "encoding",
        "delimiter",
        "missingValues",
        "sheet",
        "purpose",
        "dataSubject",
        "address",
        "comparedWhere",
        "comparedExcept",
        *layouts.NAMES,
    },
    "column": {
        "trueValue",
        "falseValue",
        "decimalSeparator",
        "groupingSeparator",
        "hold",
        "copyOf",
        "unmatched",
        "neededUntil",
        "freeText",
    },
}
LISTS = ("missingValues", "address", "freeText", "copyOf")
# What the standard leaves open, or allows although nothing here checks it.
KEYS = {
    "description": {"purpose", "limitations", "usage", "authoritativeDefinitions", "customProperties"},
    "logicalTypeOptions": {"format", "defaultTimezone"},
    "quality": {"metric", "mustBe", "arguments", "id", "name", "description", "severity", "dimension", "type"},
    "arguments": {"validValues"},
}


class Document:
    """What the readers of a contract's parts share. `place`: the path in the document, for messages."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fail(self, place: str, problem: str, remedy: str) -> NoReturn:
        raise ExpectationsError(problem, file=self.path, place=place, remedy=remedy)

    def need(self, mapping: dict, key: str, place: str) -> Any:
        value = mapping.get(key)
        if not (value.strip() if isinstance(value, str) else value):
            self.fail(f"{place}.{key}".lstrip("."), "is missing", f"add `{key}`")
        return value

    def known(self, mapping: dict, kind: str, place: str) -> dict:
        for key in sorted(mapping.keys() - KEYS[kind]):
            self.fail(
                f"{place}.{key}", "is not known, or not checked, here", f"known are: {', '.join(sorted(KEYS[kind]))}"
            )
        return mapping

    def options(self, element: dict, kind: str, place: str) -> dict:
        found = {}
        for item in element.get("customProperties") or []:
            name, known = item["property"], ", ".join(sorted(OPTIONS[kind]))
            if name not in OPTIONS[kind]:
                self.fail(f"{place}.customProperties.{name}", "unknown property", f"known are: {known}")
            if name in found:
                self.fail(f"{place}.customProperties.{name}", "stands twice", "keep one of them")
            found[name] = self.option(name, item["value"], f"{place}.customProperties.{name}")
        return found

    def option(self, name: str, value: object, place: str) -> Any:
        if name in layouts.WHOLE:
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 1_000_000:
                self.fail(place, f"{value!r} is no number of rows", "write a whole number")
            return value
        if name == "widths":
            return value if isinstance(value, list) else self.fail(place, "is no list", "write `[8, 30, 12]`")
        if name == "copyOf" and isinstance(value, str):
            value = [value]
        return (self.texts if name in LISTS else self.text)(value, place)

    def text(self, value: object, place: str) -> str:
        """YAML reads `no`, `01` and `1.0` as something other than text."""
        if not isinstance(value, str):
            self.fail(place, f"{value!r} is no text", "put it in quotes")
        return value

    def texts(self, values: object, place: str) -> tuple[str, ...]:
        if not isinstance(values, list) or not values:
            self.fail(place, "is no list", "write `[one, another]`")
        return tuple(self.text(value, place) for value in values)

    def name(self, mapping: dict, key: str, place: str) -> str:
        value = self.need(mapping, key, place)
        if not NAME.match(value) or value in RESERVED or value.startswith("undeclared_"):
            remedy = f"use a-z, 0-9 and _, but not undeclared_ or one of {', '.join(sorted(RESERVED))}"
            self.fail(f"{place}.{key}".lstrip("."), f"{value!r} is no name for a table or column", remedy)
        return value
