"""New people, alike in nothing, and what the systems ordinarily hold of one."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from people import names
from people.register import Person, Register
from pipelines.samples.identifiers import business_id_of, iban, identity_code


class Maker:
    """Makes people and their ordinary rows from a seed."""

    def __init__(self, seed: int):
        self.random, self.register, self.whos, self.seed = random.Random(f"people {seed}"), Register(), 0, seed
        self.codes: set[str] = set()

    def who(self) -> int:
        self.whos += 1
        return self.whos

    def number(self) -> str:
        """The next customer number."""
        return str(1_000_000 + len(self.register.people) + 1)

    def given(self, is_woman: bool, words: int = 0) -> str:
        pool = names.WOMEN if is_woman else names.MEN
        return " ".join(self.random.sample(pool, words or self.random.choice((1, 2, 2))))

    def code(self, born: date, is_woman: bool) -> str:
        """A code of that day that nobody has: its individual number is even for women."""
        while True:
            individual = 900 + 2 * self.random.randrange(50) + (not is_woman)
            code = identity_code(f"{born:%d%m%y}", "-" if born.year < 2000 else "A", individual)
            if code not in self.codes:
                self.codes.add(code)
                return code

    def born(self) -> date:
        return date(1935, 1, 1) + timedelta(days=self.random.randrange(24_000))

    def phone(self) -> str:
        """A number that nobody else has."""
        self.phones = getattr(self, "phones", 0) + 1
        return f"04{self.random.choice((0, 1, 4, 5))} {(self.phones * 7_919 + self.seed) % 10_000_000:07d}"

    def account(self) -> str:
        return iban((self.who() * 104_729 + self.seed) % 10**10)

    def address(self) -> tuple[str, str]:
        return f"{self.random.choice(names.STREETS)} {self.random.randint(1, 400)}", self.random.choice(
            names.POSTAL_CODES
        )

    def person(self, surname: str = "", given: str = "", is_woman: bool | None = None, **more: str) -> Person:
        """Somebody new with everything of their own, kept nowhere yet."""
        is_woman = self.random.random() < 0.5 if is_woman is None else is_woman
        who, given = self.who(), given or self.given(is_woman)
        surname = surname or self.random.choice(names.SURNAMES)
        street, postal = self.address()
        found = Person(who, surname, given, is_woman=is_woman, code=self.code(self.born(), is_woman))
        found.street, found.postal, found.phone, found.account = street, postal, self.phone(), self.account()
        found.email = f"{found.first}.{who}@example.fi".lower()
        found.property_id = f"232-{400 + who % 90}-{who % 997 + 1}-{who // 90 + 1}"
        return replace(found, **more)

    def keep(self, person: Person, case: str, shares: str = "key") -> Person:
        """A customer, with the number that comes next unless it has one; its own row."""
        person.number = person.number or self.number()
        self.register.people.append(person)
        self.register.add(
            "customers",
            person.who,
            case,
            shares,
            customer_number=person.number,
            customer_type=person.type,
            name=person.name,
            personal_identity_code=person.code,
            business_id=person.business_id,
            street_address=person.street,
            postal_code=person.postal,
            city=names.CITY,
            phone=person.phone,
            email=person.email,
            bank_account=person.account,
            customer_since=person.since,
            customer_until=person.until,
        )
        return person

    def ordinary(self, person: Person, case: str = "ordinary", shares: str = "key") -> Person:
        """A customer with what the systems ordinarily hold of one."""
        self.keep(person, case, shares)
        self.traces(person, case, shares)
        return person

    def traces(self, person: Person, case: str, shares: str = "key") -> None:
        """The rows that name the customer's number, or a record that does."""
        add, number, who = self.register.add, person.number, person.who
        connection, agreement = f"5{number}", f"S-{number}"
        add(
            "connections",
            who,
            case,
            shares,
            connection_number=connection,
            customer_number=number,
            agreement_number=agreement,
            property_id=person.property_id,
            site_address=person.street,
        )
        add(
            "agreements",
            who,
            case,
            shares,
            agreement_number=agreement,
            connection_number=connection,
            binder="M1",
            agreement_type="liittymäsopimus",
            party_name=self.map_name(person),
            property_id=person.property_id,
        )
        add("meter_readings", who, case, shares, connection_number=connection, reading="1")
        add("invoices", who, case, shares, customer_number=number)
        add("ledger", who, case, shares, customer_number=number, name=person.name)
        add(
            "map_customers",
            who,
            case,
            shares,
            customer_number=number,
            name=self.map_name(person),
            address=self.line(person),
            phone=person.phone,
        )
        if person.email and self.random.random() < 0.5:
            add(
                "accounts",
                who,
                case,
                shares,
                customer_number=number,
                email=person.email,
                phone=person.phone,
                **self.three(person),
            )
        if self.random.random() < 0.3:
            add("messages", who, case, shares, customer_number=number, phone=person.phone, text="Katko huomenna.")
        if self.random.random() < 0.3:
            add("claims", who, case, shares, customer_number=number, description="Lasku oli liian suuri.")

    def map_name(self, person: Person) -> str:
        """As the map and the binders write it."""
        return f"{person.given} {person.surname.upper()}".strip()

    def line(self, person: Person) -> str:
        return f"{person.street}, {person.postal} {names.CITY}"

    def three(self, person: Person) -> dict[str, str]:
        return {"street_address": person.street, "postal_code": person.postal, "city": names.CITY}

    def company(self, name: str, **more: str) -> Person:
        """A company with everything of its own."""
        found = self.person(name, "-", **more)
        return replace(
            found,
            given="",
            type="Y",
            code="",
            business_id=business_id_of(found.who, self.seed),
            email=more.get("email") or f"toimisto{found.who}@example.com",
        )

    def slip(self, text: str) -> str:
        """One letter left out, doubled or changed, never the first."""
        place = self.random.randrange(1, len(text))
        match self.random.randrange(3):
            case 0:
                return text[:place] + text[place + 1 :]
            case 1:
                return text[:place] + text[place] + text[place:]
        return text[:place] + self.random.choice("bcfgwxz") + text[place + 1 :]
