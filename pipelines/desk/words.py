"""What tables and pictures of notebooks say, in the reader's language.

In English, cells have the names that the workbench is asked with, and days as the exports have them; in another language
they have what people call these things. `.df` of a table always has the former.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from pipelines.desk.headings import cells, headings
from pipelines.expectations.span import parse_period
from pipelines.language.languages import N_, Language
from pipelines.language.reasons import reason
from pipelines.notice.spoken import FACTS
from pipelines.text import number, visible

LONGEST_CELL = 240
DETAIL = "detail"
# Columns whose cells are one name or several with a comma, by what the names are of.
OF_RULES, OF_SYSTEMS = {"rule", "found_by", "evidence"}, {"system"}
OF_LABELS = {"dataset", "other_dataset", "field", "fields"}
OF_CLASSES, OF_TERMS = {"class", "classes"}, {"matched", "kind"}
# Columns with what registers hold: never translated, whatever word it is.
OF_DATA = {
    "value", "left_value", "right_value", "name", "address", "customer_number", "member", "left", "right", "file", "request",
    "header", "hold_id", "id", "says", "proposal", "record_key",
}  # fmt: skip
EVERY = {"every system", "every dataset"}
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Words:
    """English: nothing has to be translated."""

    def gettext(self, text: str) -> str:
        """The product's words."""
        return text

    def put(self, text: str, **facts: object) -> str:
        """A sentence of the product with its facts: days and numbers as they are written in the language."""
        return self.gettext(text) % {name: self.cell(fact, name, str) for name, fact in facts.items()}

    def of(self, *named: str | None, kinds: Iterable[str] = ()) -> str:
        """The end of a caption: what a table is of, of what was asked for. `kinds`: the columns that these are of."""
        kinds = [*kinds, *[""] * len(named)]
        said = [self.inline(value, kind) for value, kind in zip(named, kinds, strict=False) if value is not None]
        return f": {', '.join(said)}" if said else ""

    def joined(self, names: Iterable[str]) -> str:
        """One name and another."""
        return self.gettext(N_(" and ")).join(names)

    def heading(self, column: str) -> str:
        """The heading of a column."""
        return str(column).replace("_", " ")

    def inline(self, name: str, column: str = "") -> str:
        """A cell within a sentence."""
        return name

    def label(self, name: str) -> str:
        """A dataset or field within a sentence."""
        return name.replace("_", " ")

    def name(self, column: object) -> str:
        """The same in a text without markup, from which columns may be copied."""
        return str(column)

    def shown(self, df: pd.DataFrame) -> list[Any]:
        """The columns of a table that are shown."""
        return list(df.columns)

    def day(self, value: dt.date) -> str:
        """A day."""
        return value.isoformat()[:10]

    def cell(self, value: Any, column: str = "", group: Callable[[int], str] | None = None) -> str:
        """A value of a column; `group`: writes whole numbers."""
        if value is None or value is pd.NaT or (isinstance(value, float) and value != value) or value is pd.NA:
            return ""
        if isinstance(value, dt.date):  # a Timestamp is one
            return self.month(value) if column == "month" else self.day(value)
        if isinstance(value, bool) or str(type(value).__name__) == "bool":
            return self.gettext("yes") if value else self.gettext("no")
        if column.endswith("share"):
            return f"{self.decimal(100 * float(value), 1)} %"
        if hasattr(value, "__index__"):
            return self.whole(int(value), group)
        if isinstance(value, Iterable) and not isinstance(value, str):
            return ", ".join(self.cell(item, column, group) for item in value)
        if isinstance(value, float):
            return self.decimal(value, 2)
        text = visible(self.text(str(value), str(column)))
        return text if len(text) <= LONGEST_CELL else text[:LONGEST_CELL] + "…"

    def value(self, value: Any, column: str = "", group: Callable[[int], str] | None = None) -> str:
        """A value of a column of a register, whatever it is called."""
        return self.cell(value, column, group)

    def text(self, text: str, column: str) -> str:
        """A cell that is text."""
        return text

    def month(self, value: dt.date) -> str:
        """A month, given by its first day."""
        return self.day(value)

    def whole(self, value: int, group: Callable[[int], str] | None) -> str:
        """A whole number."""
        return (group or number)(value)

    def decimal(self, value: float, places: int) -> str:
        """A number with decimals."""
        return f"{value:.{places}f}"


class Spoken(Words):
    """Another language. `rules`, `systems`, `classes`: what people call them, by name, in English."""

    def __init__(
        self, speech: Language, rules: Mapping[str, str], systems: Mapping[str, str], classes: Mapping[str, str]
    ) -> None:
        self.speech = speech
        self.names = (
            dict.fromkeys(OF_RULES, rules) | dict.fromkeys(OF_SYSTEMS, systems) | dict.fromkeys(OF_CLASSES, classes)
        )
        self.states = cells(speech)
        facts = {name: speech.gettext(text) for name, text in FACTS.items()}
        self.known = {**self.states, **facts, **{name: speech.said(title) for name, title in rules.items()}}
        self.headings = headings(speech.pgettext)
        self.own = {"", *self.headings} - OF_DATA  # columns whose text is the workbench's

    def gettext(self, text: str) -> str:
        return self.speech.gettext(text) if text else ""

    def heading(self, column: str) -> str:
        column = str(column)
        if ISO_DAY.fullmatch(column):
            return self.day(dt.date.fromisoformat(column))
        return self.headings.get(column) or self.speech.label(column)

    def inline(self, name: str, column: str = "") -> str:
        said = self.cell(name, column)
        return said[:1].lower() + said[1:] if name in self.states else said

    def label(self, name: str) -> str:
        return self.speech.label(name)

    def name(self, column: object) -> str:
        return self.heading(str(column))

    def shown(self, df: pd.DataFrame) -> list[Any]:
        """What a rule says in detail has words of its own, which no catalogue has: shown where all are known."""
        details = set(df[DETAIL]) if DETAIL in df.columns else set()
        unknown = any(self.text(each, DETAIL) == each for each in details - {""} if isinstance(each, str))
        return [name for name in df.columns if not (unknown and name == DETAIL)]

    def day(self, value: dt.date) -> str:
        return self.speech.day(dt.date(value.year, value.month, value.day))

    def month(self, value: dt.date) -> str:
        return f"{value.month}/{value.year}"

    def whole(self, value: int, group: Callable[[int], str] | None) -> str:
        return self.speech.number(value)

    def decimal(self, value: float, places: int) -> str:
        return self.speech.decimal(round(value, places))

    def text(self, text: str, column: str) -> str:
        """Names, one or several, by the kind of the column; then days, states, and what the expectations say."""
        if column in self.names:
            return ", ".join(self._named(name, self.names[column]) for name in text.split(", "))
        if column in OF_LABELS:
            return ", ".join(self._labelled(name) for name in text.split(", "))
        if column == "period" and (length := parse_period(text)):
            return self.speech.period(length.months, length.days)
        if column in OF_TERMS and text not in self.known:
            return ", ".join(self._term(name) for name in text.split(", "))
        if column == "compared":
            return "; ".join(self.known.get(part, part) for part in text.split("; "))
        if column in ("status", "not_seen"):
            return "; ".join(self._status(part) for part in text.split("; "))
        if ISO_DAY.fullmatch(text):
            return self.day(dt.date.fromisoformat(text))
        return self._said(text) if column in self.own else self.speech.header(text) if column == "record_key" else text

    def value(self, value: Any, column: str = "", group: Callable[[int], str] | None = None) -> str:
        return self.cell(value, "value", group)

    def _named(self, name: str, names: Mapping[str, str]) -> str:
        return self.speech.said(names[name]) if name in names else self._said(name)

    def _labelled(self, name: str) -> str:
        return self.known[name] if name in EVERY else self.speech.label(name)

    def _term(self, name: str) -> str:
        terms = ((each, self.speech.term(each)) for each in (f"pd:{name}", f"dpv:{name}"))
        return next((found for term, found in terms if found != term), name)

    def _said(self, text: str) -> str:
        return self.known.get(text) or self.speech.header(self.speech.said(text))

    def _status(self, text: str) -> str:
        """A state, or (what: why), where what may be a dataset and why a rule's name."""
        if text in self.known:
            return self.known[text]
        text, _, seems = text.partition(", seems to be ")
        what, colon, why = text.partition(": ")
        said = self.known.get(what) or self.speech.label(what)
        if colon:
            said += f": {self.known.get(why) or reason(self.speech, why)}"
        return said + (self.put(N_(", seems to be %(what)s"), what=seems) if seems else "")
