"""Registers of people who are known: who is who is written down, so that what the workbench makes of them can be
counted.

Families share a surname, an address and often a phone; fathers and sons share a name too; companies share what their
owners
have; and some people are in the register twice: moved, renamed, mistyped, with a key that says so or without one.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from pathlib import Path

import xlsxwriter

from pipelines.expectations.contract_reader import load_contracts
from pipelines.samples import wordlists
from pipelines.samples.identifiers import business_id_of, iban, identity_code_of

LETTERS = "abdehijklmnoprstuvyäö"
SURNAMES = [
    p + s
    for s in wordlists.SURNAMES
    if "-" not in s
    for p in ("", "Ylä-", "Ala-", "Iso-", "Vähä-", "Uusi-", "Perä-", "Keski-")
]
FIRST = date_of = "1.1.2010"
SHARES = {
    "code": 0.7,
    "phone": 0.95,
    "email": 0.85,
    "account": 0.5,
    "second name": 0.3,
    "company": 0.1,
    "family": 0.35,
    "family phone": 0.4,
    "family email": 0.05,
    "namesake": 0.01,
    "double": 0.04,
    "keyed": 0.25,
    "orphan": 0.005,
}


@dataclass
class Person:
    """One row of the billing register. `who`: the person behind it."""

    number: str
    who: int
    name: str
    is_company: bool = False
    code: str = ""
    business_id: str = ""
    street: str = ""
    postal: str = ""
    phone: str = ""
    email: str = ""
    account: str = ""


@dataclass
class World:
    """Rows by dataset, and who every member is: {member: person}."""

    people: list[Person] = field(default_factory=list)
    who: dict[str, int] = field(default_factory=dict)
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    keyed: set[tuple[str, str]] = field(default_factory=set)

    def add(self, dataset: str, **cells: str) -> None:
        self.rows.setdefault(dataset, []).append(cells)

    def pairs(self) -> set[tuple[str, str]]:
        """Every pair of members who are one person, those that a key joins aside."""
        by_person: dict[int, list[str]] = {}
        for member, person in self.who.items():
            by_person.setdefault(person, []).append(member)
        found = {tuple(sorted((a, b))) for members in by_person.values() for a in members for b in members if a < b}
        return found - self.keyed


class Maker:
    """Makes a world of so many people from a seed."""

    def __init__(self, count: int, seed: int = 1):
        self.random, self.count, self.world, self.next = random.Random(seed), count, World(), 0

    def chance(self, what: str) -> bool:
        return self.random.random() < SHARES[what]

    def make(self) -> World:
        while len(self.world.people) < self.count:
            if self.chance("company"):
                self.company()
            elif self.chance("family"):
                self.family()
            else:
                self.keep(self.person())
        for person in list(self.world.people):
            if self.chance("double") and not person.is_company:
                self.double(person)
        for person in list(self.world.people):
            self.traces(person)
        return self.world

    def keep(self, person: Person) -> Person:
        self.world.people.append(person)
        self.world.who[f"customers/{person.number}"] = person.who
        return person

    def number(self) -> str:
        self.next += 1
        return str(1_000_000 + self.next)

    def address(self) -> tuple[str, str]:
        return f"{self.random.choice(wordlists.STREETS)} {self.random.randint(1, 180)}", self.random.choice(
            wordlists.POSTAL_CODES
        )

    def phone(self) -> str:
        return f"0{self.random.choice((40, 41, 44, 45, 50))}{self.random.randint(1_000_000, 9_999_999)}"

    def person(self, surname: str = "", like: Person | None = None) -> Person:
        number, pick = self.number(), self.random.choice
        given = pick(wordlists.FIRST_NAMES) + (f" {pick(wordlists.FIRST_NAMES)}" if self.chance("second name") else "")
        name = f"{surname or pick(SURNAMES)} {given}"
        street, postal = (like.street, like.postal) if like else self.address()
        found = Person(number, int(number), name, street=street, postal=postal)
        found.code = identity_code_of(int(number), 1) if self.chance("code") else ""
        found.phone = (
            like.phone if like and self.chance("family phone") else self.phone() if self.chance("phone") else ""
        )
        found.email = (
            like.email
            if like and self.chance("family email")
            else f"{given.split()[0]}.{number}@example.fi".lower()
            if self.chance("email")
            else ""
        )
        found.account = iban(self.random.randrange(10**10)) if self.chance("account") else ""
        return found

    def family(self) -> None:
        head = self.keep(self.person())
        surname = head.name.split()[0]
        taken = {head.name.split()[1]}
        for _ in range(self.random.randint(1, 3)):
            member = self.person(surname, head)
            if member.name.split()[1] not in taken:  # no two children of one name
                taken.add(self.keep(member).name.split()[1])
        if self.chance("namesake"):
            son = self.person(surname, head)
            son.name = head.name
            if self.random.random() < 0.5:  # moved out, and has a phone of his own
                (son.street, son.postal), son.phone = self.address(), self.phone()
            elif self.random.random() < 0.6:
                son.phone = self.phone()
            if self.random.random() < 0.98 and son.email == head.email:
                son.email = f"poika.{son.number}@example.fi"  # and hardly ever his father's email address
            self.keep(son)

    def company(self) -> None:
        owner = self.keep(self.person())
        number = self.number()
        firm = Person(
            number,
            int(number),
            f"{self.random.choice(wordlists.TRADES)} {owner.name.split()[0]} Oy",
            True,
            business_id=business_id_of(int(number), 1),
        )
        firm.street, firm.postal = (owner.street, owner.postal) if self.random.random() < 0.5 else self.address()
        firm.phone = owner.phone if self.random.random() < 0.5 else self.phone()
        firm.email = owner.email if self.random.random() < 0.3 else f"toimisto{number}@example.com"
        self.keep(firm)

    def double(self, person: Person) -> None:
        """The same person once more."""
        other = replace(person, number=self.number())
        keyed = bool(person.code) and self.chance("keyed")
        cause = self.random.random()
        happened = ["moved" if cause < 0.6 else "renamed" if cause < 0.8 else "mistyped"]
        happened += [
            what
            for what, share in (("other phone", 0.1), ("other email", 0.1), ("mistyped", 0.1))
            if self.random.random() < share
        ]
        if "moved" in happened:
            other.street, other.postal = self.address()
        if "renamed" in happened:
            other.name = " ".join([self.random.choice(SURNAMES), *person.name.split()[1:]])
        if "mistyped" in happened:
            other.name = self.slip(other.name)
            other.street = self.slip(other.street) if self.random.random() < 0.3 else other.street
        if "other phone" in happened:
            other.phone = self.phone()
        if "other email" in happened and other.email:
            other.email = f"uusi.{other.number}@example.com"
        if not keyed:
            other.code = "" if self.random.random() < 0.7 or not person.code else self.slip_digit(person.code)
        if self.random.random() < 0.5:
            surname, *given = other.name.split()
            other.name = f"{surname.upper()} {' '.join(given)}"
        self.keep(other)
        if keyed:
            self.world.keyed.add(tuple(sorted((f"customers/{person.number}", f"customers/{other.number}"))))

    def slip(self, text: str) -> str:
        """One letter left out, doubled, changed or swapped."""
        place = self.random.randrange(1, len(text) - 1)
        match self.random.randrange(4):
            case 0:
                return text[:place] + text[place + 1 :]
            case 1:
                return text[:place] + text[place] + text[place:]
            case 2:
                return text[:place] + self.random.choice(LETTERS) + text[place + 1 :]
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]

    def slip_digit(self, code: str) -> str:
        place = self.random.choice((0, 1, 2, 3, 8, 9))
        return code[:place] + str((int(code[place]) + self.random.randint(1, 9)) % 10) + code[place + 1 :]

    def traces(self, person: Person) -> None:
        """What other systems have of the person; now and then under a number that does not exist."""
        number = person.number
        if self.random.random() < SHARES["orphan"]:
            number = f"9{person.number[1:]}"
        surname, *given = person.name.split()
        add = self.world.add
        if self.random.random() < 0.8:
            add(
                "map_customers",
                site_id=f"P{number}",
                customer_number=number,
                name=f"{' '.join(given)} {surname.upper()}",
                address=f"{person.street}, {person.postal} KAUHAJOKI",
                phone=person.phone,
            )
        if person.email and self.random.random() < 0.7:
            add(
                "accounts",
                account_id=f"K{number}",
                customer_number=number,
                email=person.email,
                phone=person.phone,
                street_address=person.street,
                postal_code=person.postal,
                city="Kauhajoki",
            )
        if not person.is_company and person.phone and self.random.random() < 0.3:
            add(
                "messages",
                message_id=f"V{number}",
                phone=person.phone,
                sent_at="1.6.2026 12:00",
                category="huolto",
                text="Huolto.",
            )
        if number != person.number and any(
            row["customer_number"] == number
            for name in ("map_customers", "accounts")
            for row in self.world.rows.get(name, ())[-1:]
        ):
            self.world.who[f"?/{number}"] = person.who
        add(
            "connections",
            connection_number=f"5{person.number}",
            customer_number=person.number,
            agreement_number=f"S-{person.number}",
            property_id=f"232-401-{int(person.number) % 997 + 1}-{int(person.number) // 997 % 997 + 1}",
            site_address=person.street,
            agreed_on=FIRST,
            status="voimassa",
        )
        add(
            "meter_readings",
            reading_id=f"R{person.number}",
            connection_number=f"5{person.number}",
            meter_number="1",
            read_on="1.6.2026",
            reading="1",
            method="arvio",
        )
        add(
            "ledger",
            company="KVH",
            voucher_number=f"T{person.number}",
            customer_number=person.number,
            name=person.name,
            voucher_date="1.6.2026",
            financial_year_end="31.12.2026",
            amount="1,00",
            open_amount="0,00",
        )


def write(folder: Path, contracts: Path, count: int, seed: int = 1) -> World:
    """Makes a world and writes its exports."""
    world = Maker(count, seed).make()
    for person in world.people:
        world.add(
            "customers",
            customer_number=person.number,
            customer_type="Y" if person.is_company else "H",
            name=person.name,
            personal_identity_code=person.code,
            business_id=person.business_id,
            street_address=person.street,
            postal_code=person.postal,
            city="Kauhajoki",
            phone=person.phone,
            email=person.email,
            bank_account=person.account,
            customer_since=FIRST,
            contact_source="asiakas",
            contact_confirmed_on="1.1.2026",
            protected_address="E",
        )
    folder.mkdir(parents=True, exist_ok=True)
    for contract in load_contracts(contracts):
        rows = [
            [row.get(column.name, "") for column in contract.columns] for row in world.rows.get(contract.dataset, ())
        ]
        table = [[column.header for column in contract.columns], *rows]
        if contract.kind == "xlsx":
            with xlsxwriter.Workbook(folder / contract.file, {"constant_memory": True}) as book:
                sheet = book.add_worksheet()
                for place, row in enumerate(table):
                    sheet.write_row(place, 0, row)
        else:
            text = "\n".join(contract.delimiter.join(row) for row in table) + "\n"
            (folder / contract.file).write_bytes(
                text.encode(contract.encoding if contract.encoding != "windows-1252" else "cp1252")
            )
    return world
