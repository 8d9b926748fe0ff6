"""One customer's rows of one period, open to change."""

from __future__ import annotations

from datetime import date
from typing import Any

from pipelines.samples.days import YEAR_END, text
from pipelines.samples.identifiers import money, reference_number
from pipelines.samples.layout import LAYOUTS
from pipelines.samples.life import Life


class Rows:
    """One planted customer in one period; `copy` numbers the customers of the same plant."""

    def __init__(self, life: Life, period: int, copy: int) -> None:
        self.life, self.period, self.copy = life, period, copy
        self.as_of = date.fromordinal(life.ends[period])
        self.number = life.number
        self.unknown = f"9{life.number[1:]}"  # a customer number that billing never had
        self.rows: dict[str, list[list]] = {}
        for dataset, first, stop, cells in life.rows:
            if first <= period < stop:
                self.rows.setdefault(dataset, []).append(list(cells))
        self.shapes: dict[int, str] = {}

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
        """Adds a row, in the periods from `since` until `until` is past; returns whether it was added."""
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
