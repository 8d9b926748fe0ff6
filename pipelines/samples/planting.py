"""Planting: changes one customer's rows of one period, and notes what a correct workbench reports of them.

A plant is a function of a `Visit`, registered with the kind of customer it needs and the periods in which it shows.
Near misses are plants with no expected finding.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pipelines.samples.key import AnswerKey
from pipelines.samples.layout import LAYOUTS, PLACEHOLDERS
from pipelines.samples.life import Life
from pipelines.samples.profile import Profile, person
from pipelines.samples.rows import Rows

Shows = Callable[[int], bool]  # the periods in which a plant shows, so that the findings ledger has something to follow


def always(period: int) -> bool:
    return True


def later(period: int) -> bool:
    """New in the second period."""
    return period >= 1


def mended(period: int) -> bool:
    """Gone in the third period."""
    return period < 2


def returning(period: int) -> bool:
    """Fixed in the second period, back in the third."""
    return period != 1


@dataclass(frozen=True)
class Plant:
    name: str
    profile: Callable[[], Profile]
    shows: Shows
    apply: Callable[[Visit], None]


PLANTS: list[Plant] = []


def plant(
    profile: Callable[[], Profile] = person, shows: Shows = always
) -> Callable[[Callable[[Visit], None]], Callable[[Visit], None]]:
    """Registers the decorated function as a plant on customers of `profile`."""

    def register(function: Callable[[Visit], None]) -> Callable[[Visit], None]:
        PLANTS.append(Plant(function.__name__, profile, shows, function))
        return function

    return register


class Visit(Rows):
    """A planted customer's rows of one period, with the answer key for its notes."""

    def __init__(self, life: Life, period: int, copy: int, key: AnswerKey) -> None:
        super().__init__(life, period, copy)
        self._key = key
        self.line_notes: dict[int, list[tuple[str, str, str, str]]] = {}

    def expect(
        self,
        rule: str,
        dataset: str,
        field: str = "",
        why: str = "",
        nth: int = -1,
        record_key: str = "",
        due_on: date | None = None,
        severity: str = "",
        reads: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Notes a finding on the customer's `nth` row of `dataset`, as it is now."""
        layout = LAYOUTS[dataset]
        if not record_key:
            record_key = self.get(dataset, layout.key, nth).strip()
        self._key.expect(
            self.period,
            rule,
            dataset,
            record_key,
            field,
            self._named(dataset, nth),
            due_on.isoformat() if due_on else "",
            why,
            severity,
            reads,
        )

    def expect_vanished(
        self,
        dataset: str,
        record_key: str,
        due_on: date | None,
        why: str,
        customer: str = "",
        back_in: int | None = None,
    ) -> None:
        """Notes a `deleted-early` finding: the row was only in the previous export, and will be in `back_in`'s."""
        self._key.expect(
            self.period, "deleted-early", dataset, record_key, "", customer, due_on.isoformat() if due_on else "", why
        )
        if back_in is not None:
            self._key.restore(back_in, dataset, record_key)

    def expect_line(self, rule: str, dataset: str, field: str = "", why: str = "", nth: int = -1) -> None:
        """Notes a finding whose key is the line where the row will be written."""
        customer = "" if rule == "rejected-row" else self._named(dataset, nth)
        self.line_notes.setdefault(id(self.rows[dataset][nth]), []).append((rule, field, customer, why))

    def _named(self, dataset: str, nth: int) -> str:
        place = LAYOUTS[dataset].places.get("customer_number")
        value = "" if place is None or not self.has(dataset) else str(self.rows[dataset][nth][place]).strip()
        return "" if value.lower() in {word.lower() for word in PLACEHOLDERS} else value

    def written(self, dataset: str, cells: list, line: int) -> None:
        """Completes the notes of a row now that its line is known."""
        for rule, field, customer, why in self.line_notes.get(id(cells), ()):
            self._key.expect(self.period, rule, dataset, f"{LAYOUTS[dataset].file}:{line}", field, customer, "", why)
