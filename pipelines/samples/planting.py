"""Planting: one customer's rows of one period, open to change, and the note of what a right workbench says of them.

A plant is a function of a `Visit`, registered with the kind of customer it needs and the periods in which it shows.
Near misses are plants that expect nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.samples.days import YEAR_END, text
from pipelines.samples.key import AnswerKey
from pipelines.samples.layout import LAYOUTS, PLACEHOLDERS
from pipelines.samples.life import Life
from pipelines.samples.marks import money, reference_number
from pipelines.samples.profile import Profile, person

Shows = Callable[[int], bool]  # in which periods a plant shows, so that a ledger of findings has something to follow


def always(period: int) -> bool:
    return True


def later(period: int) -> bool:
    """New in the second period."""
    return period >= 1


def mended(period: int) -> bool:
    """Gone in the third period."""
    return period < 2


def returning(period: int) -> bool:
    """Mended in the second period, back in the third."""
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
    """Register the decorated function as a plant on customers of `profile`."""

    def register(function: Callable[[Visit], None]) -> Callable[[Visit], None]:
        PLANTS.append(Plant(function.__name__, profile, shows, function))
        return function

    return register


class Visit:
    """One planted customer in one period; `copy` numbers the customers of the same plant."""

    def __init__(self, life: Life, period: int, copy: int, key: AnswerKey) -> None:
        self.life, self.period, self.copy, self._key = life, period, copy, key
        self.as_of = date.fromordinal(life.ends[period])
        self.number = life.number
        self.unknown = f"9{life.number[1:]}"  # a customer number that billing never had
        self.rows: dict[str, list[list]] = {}
        for dataset, first, stop, cells in life.rows:
            if first <= period < stop:
                self.rows.setdefault(dataset, []).append(list(cells))
        self.shapes: dict[int, str] = {}
        self.line_notes: dict[int, list[tuple[str, str, str, str]]] = {}

    # -- reading and changing rows: `nth` counts the customer's rows of the dataset, -1 is the newest

    def has(self, dataset: str) -> bool:
        return bool(self.rows.get(dataset))

    def get(self, dataset: str, column: str, nth: int = -1) -> str:
        return str(self.rows[dataset][nth][LAYOUTS[dataset].places[column]])

    def set(self, dataset: str, nth: int = -1, **values: Any) -> None:
        for column, value in values.items():
            self.change(dataset, column, value, nth)

    def change(self, dataset: str, column: str, value: object, nth: int = -1) -> None:
        self.rows[dataset][nth][LAYOUTS[dataset].places[column]] = text(value) if isinstance(value, date) else value

    def drop(self, *datasets: str) -> None:
        for dataset in datasets:
            self.rows.pop(dataset, None)

    def add(self, dataset: str, since: date | None = None, until: date | None = None, **values: Any) -> bool:
        """Add a row, in the periods from `since` on and as long as `until` is not past; whether it was added."""
        if (since and self.as_of < since) or (until and self.as_of > until):
            return False
        self.rows.setdefault(dataset, []).append([""] * len(LAYOUTS[dataset].columns))
        self.set(dataset, **values)
        return True

    def shape(self, dataset: str, shape: str, nth: int = -1) -> None:
        self.shapes[id(self.rows[dataset][nth])] = shape

    # -- rows that most plants need

    def add_invoice(
        self, sequence: int, on: date, cents: int = 4_520, refund: str = "E", booked: bool = True, customer: str = ""
    ) -> str:
        """An invoice with its ledger row, exported as long as each may be kept."""
        number = f"{self.number}{sequence}"
        customer = customer or self.number
        self.add(
            "invoices",
            on,
            date.fromordinal(YEAR_END[on.year + 6]),
            invoice_number=number,
            customer_number=customer,
            invoiced_on=on,
            due_on=text(on.toordinal() + 21),
            amount=money(cents),
            reference_number=reference_number(int(number)),
            refund_due=refund,
        )
        if booked:
            self.add_booking(sequence, on, cents)
        return number

    def add_booking(self, sequence: int, on: date, cents: int = 4_520, **differing: Any) -> str:
        number = f"{self.number}{sequence}"
        self.add(
            "ledger",
            on,
            date.fromordinal(YEAR_END[on.year + 10]),
            **{
                "company": "KVH",
                "voucher_number": f"T{number}",
                "invoice_number": number,
                "customer_number": self.number,
                "name": self.life.name,
                "voucher_date": on,
                "financial_year_end": date(on.year, 12, 31),
                "amount": money(cents),
                "open_amount": "0,00",
                "paid_on": text(on.toordinal() + 14),
                **differing,
            },
        )
        return f"T{number}"

    def add_connection(self, suffix: str = "1", **differing: Any) -> str:
        """A second connection with its agreement, both there in every period."""
        number, agreement = f"{self.life.connection}{suffix}", f"{self.life.agreement}-{suffix}"
        agreed = date(2012, 5, 14)
        self.add(
            "connections",
            **{
                "connection_number": number,
                "customer_number": self.number,
                "agreement_number": agreement,
                "property_id": "232-404-7-21",
                "site_address": "Hakatie 3",
                "agreed_on": agreed,
                "status": "voimassa",
                **differing,
            },
        )
        self.add_agreement(agreement, connection_number=number)
        return number

    def add_agreement(self, agreement: str, **differing: Any) -> None:
        self.add(
            "agreements",
            **{
                "agreement_number": agreement,
                "binder": "Mappi 7",
                "agreement_type": "liittymäsopimus",
                "connection_number": self.life.connection,
                "property_id": "232-404-7-21",
                "party_name": self.life.name,
                "agreed_on": date(2012, 5, 14),
                "site_plan": "K",
                "floor_plan": "K",
                "retention_reviewed_on": date(2024, 3, 4),
                **differing,
            },
        )

    def add_claim(
        self,
        opened: date,
        resolved: date | None = None,
        until: date | None = None,
        description: str = "Laskun määrä epäselvä.",
    ) -> None:
        self.add(
            "claims",
            resolved or opened,
            until,
            claim_number=f"RE{self.number}",
            customer_number=self.number,
            opened_on=opened,
            resolved_on=resolved or "",
            description=description,
        )

    def add_message(self, sent_at: str, suffix: str = "9", **differing: Any) -> None:
        self.add(
            "messages",
            **{
                "message_id": f"V{self.number}{suffix}",
                "customer_number": self.number,
                "phone": "0401234500",
                "sent_at": sent_at,
                "category": "huolto",
                "text": "Verkoston huuhtelu, vesi voi olla sameaa.",
                **differing,
            },
        )

    def add_disclosure(self, on: date, until: date | None = None, **differing: Any) -> bool:
        return self.add(
            "installer_disclosures",
            on,
            until,
            **{
                "disclosure_id": f"LU{self.number}9",
                "disclosed_on": on,
                "customer_number": self.number,
                "recipient": "LVI-Lähdeputki Oy",
                "channel": "puhelin",
                "fields": "nimi, osoite, puhelin",
                **differing,
            },
        )

    def add_request(
        self, received: date, answered: date | None = None, extended: str = "E", kind: str = "tarkastus"
    ) -> bool:
        return self.add(
            "requests",
            received,
            request_number=f"TP{self.number}9",
            customer_number=self.number,
            kind=kind,
            received_on=received,
            answered_on=answered if answered and answered <= self.as_of else "",
            extended=extended,
        )

    def add_consent(self, given: date, withdrawn: date | None = None, in_use: str = "K") -> None:
        self.add(
            "consents",
            consent_id=f"SU{self.number}9",
            customer_number=self.number,
            purpose="kulutusvahti",
            given_on=given,
            withdrawn_on=withdrawn or "",
            in_use=in_use,
        )

    def add_hold(
        self, system: str = "", dataset: str = "", begins: date | None = None, ends: date | None = None
    ) -> None:
        self.rows.setdefault("holds", []).append(
            [
                f"PI{self.number}",
                system,
                dataset,
                self.number,
                "riita-asia, käräjäoikeus",
                text(begins) if begins else "",
                text(ends) if ends else "",
            ]
        )

    def sent(self, day: date, clock: str = "10:15") -> str:
        return f"{text(day)} {clock}"

    # -- the answer key

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
        """Note a finding on the customer's `nth` row of `dataset`, as it now stands."""
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
        """Note a `deleted-early` finding: the row was only in the previous export, and will be in `back_in`'s."""
        self._key.expect(
            self.period, "deleted-early", dataset, record_key, "", customer, due_on.isoformat() if due_on else "", why
        )
        if back_in is not None:
            self._key.restore(back_in, dataset, record_key)

    def expect_line(self, rule: str, dataset: str, field: str = "", why: str = "", nth: int = -1) -> None:
        """Note a finding whose key is the line on which the row is going to be written."""
        customer = "" if rule == "rejected-row" else self._named(dataset, nth)
        self.line_notes.setdefault(id(self.rows[dataset][nth]), []).append((rule, field, customer, why))

    def _named(self, dataset: str, nth: int) -> str:
        place = LAYOUTS[dataset].places.get("customer_number")
        value = "" if place is None or not self.has(dataset) else str(self.rows[dataset][nth][place]).strip()
        return "" if value.lower() in {word.lower() for word in PLACEHOLDERS} else value

    def written(self, dataset: str, cells: list, line: int) -> None:
        """Complete the notes of a row now that its line is known."""
        for rule, field, customer, why in self.line_notes.get(id(cells), ()):
            self._key.expect(self.period, rule, dataset, f"{LAYOUTS[dataset].file}:{line}", field, customer, "", why)
