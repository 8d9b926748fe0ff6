"""One customer's whole life: every row that any export has of it, and in which periods.

Grain of `Life.rows`: (dataset, first period, period after the last, cells). A row ends when its retention does, and
nothing in an unspoilt life breaks a rule in any period. Cells are text, or in workbooks ordinals of native dates.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from random import Random
from typing import TypeVar

from pipelines.samples import wordlists
from pipelines.samples.days import FIRST, PADDED, PLAIN, span, text
from pipelines.samples.identifiers import business_id_of, iban, identity_code_of
from pipelines.samples.profile import CURRENT, MOVED, Profile, draw_profile

T = TypeVar("T")
_SINCE = date(1975, 1, 1).toordinal()
_CONFIRMED = date(2024, 10, 1).toordinal()
_ASCII = str.maketrans("åäöéÅÄÖ &", "aaoeAAO--")


class Life:
    """Who the customer is, and `rows`; `stale_reference` makes the first period's register extracts old ones."""

    def __init__(self, index: int, seed: int, ends: list[int], profile: Profile | None, stale_reference: bool) -> None:
        self.draw = draw = Random((seed << 32) | index).random
        self.index, self.ends, self.stale_reference = index, ends, stale_reference
        self.profile = profile = profile or draw_profile(draw, index, len(ends))
        self.rows: list[tuple[str, int, int, list]] = []
        self.number = str(1_000_000 + index)
        self.connection = str(5_000_000 + index)
        self.agreement = f"S-{1970 + index % 55}-{index}"
        self.meter = str(40_000_000 + index * 7 % 50_000_000)
        self.days = PADDED if draw() < 0.5 else PLAIN
        self._identify(seed, profile)
        self._dates(profile)

    def _identify(self, seed: int, profile: Profile) -> None:
        pick, index = self.pick, self.index
        surname, first = pick(wordlists.SURNAMES), pick(wordlists.FIRST_NAMES)
        if profile.organisation:
            firm = pick(wordlists.FIRM_FORMS)
            self.name = f"{pick(wordlists.TRADES)} {surname} {firm}"
            self.other_name = self.name.upper()
            self.business_id = business_id_of(index, seed)
            self.e_invoice = f"0037{self.business_id.replace('-', '')}"
        else:
            self.name, self.other_name = f"{surname} {first}", f"{first} {surname.upper()}"
            self.business_id = self.e_invoice = ""
        self.operator = wordlists.OPERATORS[index % len(wordlists.OPERATORS)]
        self.identity_code = identity_code_of(index, seed)
        self.street = f"{pick(wordlists.STREETS)} {1 + int(self.draw() * 98)}"
        if index % 3 == 0:
            self.street += f" {'ABC'[index % 7 % 3]} {1 + index % 24}"
        elsewhere = self.draw() < 0.08
        self.postal_code: str
        self.city: str
        self.postal_code, self.city = (
            pick(wordlists.ELSEWHERE) if elsewhere else (pick(wordlists.POSTAL_CODES), "Kauhajoki")
        )
        self.property_id = f"232-{401 + index % 20}-{1 + index % 300}-{1 + index % 999}"
        local = f"{first}.{surname}{index}".translate(_ASCII).lower()
        self.email = f"{local}@{wordlists.MAIL_HOSTS[index % 4]}"
        self._account = int(self.draw() * 10**10)
        self.phone_number = (40, 41, 44, 45, 50)[index % 5] * 10**7 + int(self.draw() * 9_000_000) + 1_000_000

    def _dates(self, profile: Profile) -> None:
        ends, draw = self.ends, self.draw
        self.since = _SINCE + int(draw() * 14_500)
        if profile.joined:
            self.since = ends[profile.joined] - 80
        if profile.until:
            self.since = min(self.since, profile.until - 1000)
        self.confirmed = max(_CONFIRMED + int(draw() * 400), self.since)
        if profile.until:
            self.confirmed = min(self.confirmed, profile.until - 30)
        self.imported = self.confirmed + 3 + int(draw() * 20)

    @cached_property
    def iban(self) -> str:
        """The bank account, made up only when it is needed."""
        return iban(self._account)

    def pick(self, choices: Sequence[T]) -> T:
        return choices[int(self.draw() * len(choices))]

    def add(self, dataset: str, first_day: int, last_day: int, cells: list) -> None:
        """Exported from the first period end on or after `first_day` until `last_day` is past."""
        first, stop = span(self.ends, first_day, last_day)
        self.put(dataset, first, stop, cells)

    def put(self, dataset: str, first: int, stop: int, cells: list) -> None:
        first = max(first, self.profile.joined)
        if first < stop:
            self.rows.append((dataset, first, stop, cells))

    def day(self, ordinal: int) -> str:
        return self.days[ordinal - FIRST]


def phones(number: int) -> tuple[str, str, str, str, str]:
    """One number in five notations; all five are the same to libphonenumber."""
    area, local = divmod(number, 10**7)
    start, end = divmod(local, 10**4)
    return (
        f"0{area} {start} {end:04d}",
        f"0{area}{local}",
        f"+358 {area} {start}{end:04d}",
        f"0{area}-{start}{end:04d}",
        f"(0{area}) {start} {end:04d}",
    )


def gone_after(life: Life) -> int:
    """The period up to which a customer is kept: for those who moved, ten years of the ledger decide."""
    profile = life.profile
    if profile.status != MOVED:
        return len(life.ends)
    return span(life.ends, 0, date(date.fromordinal(profile.until).year + 10, 12, 31).toordinal())[1]


def left_at(life: Life) -> int:
    """The first period in which the customer is a former one."""
    return span(life.ends, life.profile.until)[0] if life.profile.status != CURRENT else len(life.ends)


def another(phone: int) -> int:
    """The number a customer changes to."""
    return phone + (1 if phone % 10 < 9 else -1)


def filled(life: Life, template: str) -> str:
    day = text(life.ends[0] - int(life.draw() * 200))
    return template.format(
        meter=life.meter, day=day, street=life.street.split(" ")[0], small=100 + life.index % 899, **{"break": "\r\n"}
    )
