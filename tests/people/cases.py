"""Every way in which one person's records get mixed up with another's, or are not known for theirs.

A case is a function that adds its people and rows. `shares` of a row says what it has of the person whose it is; a row
that merely looks like somebody's is another person's, or of nobody who has a row (0).
"""

from __future__ import annotations

from dataclasses import replace

from people import names
from people.maker import Maker
from people.register import Person, Register


def make(count: int, seed: int = 1) -> Register:
    """A register of at least so many people, every case among them."""
    maker = Maker(seed)
    for plant in CASES.values():
        plant(maker)
    plants = list(CASES.values())
    while len(maker.register.people) < count:
        if maker.random.random() < 0.4:
            maker.random.choice(plants)(maker)
        else:
            maker.ordinary(maker.person())
    return maker.register


# People who are taken for one ---------------------------------------------------------------------------------


def _spouse(make: Maker, person: Person) -> Person:
    """The other of a couple: one surname, one home."""
    woman = not person.is_woman
    other = make.person(person.surname, make.given(woman), woman)
    return replace(other, street=person.street, postal=person.postal, property_id=person.property_id)


def spouse_code(make: Maker) -> None:
    """A code typed on the row of the other spouse."""
    person = make.ordinary(make.person(), "spouse with the other's code")
    make.ordinary(replace(_spouse(make, person), code=person.code), "spouse with the other's code")


def stranger_code(make: Maker) -> None:
    """A code typed on the row of somebody unrelated, who may share the given name."""
    person = make.ordinary(make.person(), "a stranger's code")
    given = person.given if make.random.random() < 0.5 else ""
    make.ordinary(make.person("", given, person.is_woman, code=person.code), "a stranger's code")


def spouses(make: Maker) -> None:
    """A couple that shares its phone and an email address; a message and an account without a number."""
    case = "couple that shares a phone"
    person = make.ordinary(make.person(), case)
    other = make.ordinary(replace(_spouse(make, person), phone=person.phone, email=person.email), case)
    make.register.add("messages", other.who, case, "phone", phone=person.phone, text="Katko huomenna.")
    make.register.add(
        "accounts",
        person.who,
        case,
        "phone email address",
        email=person.email,
        phone=person.phone,
        **make.three(person),
    )


def twins(make: Maker) -> None:
    """One birthday, one home, one phone, names alike."""
    case, born = "twins", make.born()
    pairs = (("Aino", "Eino"), ("Marja", "Maija"), ("Jarmo", "Jarno"), ("Sari", "Saara"))
    one, two = make.random.choice(pairs)
    first = make.person("", one, one != "Jarmo")
    first.code = make.code(born, first.is_woman)
    make.ordinary(first, case)
    second = make.person(
        first.surname, two, two not in ("Eino", "Jarno"), street=first.street, postal=first.postal, phone=first.phone
    )
    second.code = make.code(born, second.is_woman) if make.random.random() < 0.5 else ""
    make.ordinary(second, case)
    make.register.add(
        "map_customers",
        second.who,
        case,
        "name phone address",
        name=make.map_name(second),
        address=make.line(second),
        phone=second.phone,
    )


def namesakes(make: Maker) -> None:
    """Two of one name who have nothing else in common; rows of each that carry no number."""
    case = "namesakes"
    first = make.ordinary(make.person(), case)
    second = make.ordinary(make.person(first.surname, first.given, first.is_woman), case)
    for person in (first, second):
        make.register.add(
            "map_customers",
            person.who,
            case,
            "name phone address",
            name=make.map_name(person),
            address=make.line(person),
            phone=person.phone,
        )
    make.register.add(
        "agreements",
        first.who,
        case,
        "name",
        party_name=make.map_name(first),
        binder="M2",
        property_id="232-499-1-1",
        agreement_type="liittymäsopimus",
    )


def father_and_son(make: Maker) -> None:
    """A son of his father's name, with his father's code on his row; at home, or moved out."""
    case = "a father's code on his son"
    father = make.ordinary(make.person("", make.given(False), False), case)
    son = make.person(father.surname, father.given, False, code=father.code, since="1.1.2021")
    if make.random.random() < 0.5:
        son = replace(son, street=father.street, postal=father.postal, phone=father.phone)
    make.ordinary(son, case)


def junior(make: Maker) -> None:
    """A son of his father's first given name, each with a code of his own, at one address and phone."""
    case = "father and son"
    father = make.person("", make.given(False, 2), False)
    make.ordinary(father, case)
    second = make.random.choice([name for name in names.MEN if name not in father.given.split()])
    son = make.person(
        father.surname,
        f"{father.first} {second}",
        False,
        phone=father.phone,
        street=father.street,
        postal=father.postal,
    )
    make.ordinary(son, case)
    make.register.add(
        "map_customers",
        son.who,
        case,
        "name phone address",
        name=make.map_name(son),
        address=make.line(son),
        phone=son.phone,
    )


def estate(make: Maker) -> None:
    """An estate beside the one who died: the name with kp, the phone, and now and then the code."""
    case = "estate"
    person = make.ordinary(make.person(until="1.3.2025"), case)
    suffix = make.random.choice(("kp", "kuolinpesä", "kp.", "dödsbo", "KP"))
    heirs = replace(
        person,
        who=make.who(),
        number="",
        given=f"{person.given} {suffix}",
        since="1.3.2025",
        until="",
        account=make.account(),
        type=make.random.choice("HY"),
    )
    heirs.code = person.code if make.random.random() < 0.5 else ""
    make.ordinary(heirs, case)
    make.register.add(
        "map_customers",
        heirs.who,
        case,
        "phone address",
        name=make.map_name(heirs),
        address=make.line(heirs),
        phone=heirs.phone,
    )


def estate_under_number(make: Maker) -> None:
    """The estate's rows under the number of the one who died."""
    case = "estate under the number of the dead"
    person = make.ordinary(make.person(until="1.3.2025"), case)
    heirs = make.who()
    add, number = make.register.add, person.number
    add("ledger", heirs, case, customer_number=number, name=f"{person.name} kuolinpesä")
    add(
        "map_customers",
        heirs,
        case,
        customer_number=number,
        name=f"{person.name} kp",
        address=make.line(person),
        phone=make.phone(),
    )


def widow(make: Maker) -> None:
    """A widow's rows under her husband's number, which has his row alone."""
    case = "widow under her husband's number"
    person = make.ordinary(make.person("", make.given(False), False), case)
    other, number = _spouse(make, person), person.number
    add = make.register.add
    add("ledger", other.who, case, customer_number=number, name=other.name)
    add(
        "map_customers",
        other.who,
        case,
        customer_number=number,
        name=make.map_name(other),
        address=make.line(other),
        phone=other.phone,
    )
    add("accounts", other.who, case, customer_number=number, email=other.email, phone=other.phone, **make.three(other))


def widow_in_place(make: Maker) -> None:
    """A widow's own row under her husband's number, beside his; what carries no name can be of either."""
    case = "two people under one number"
    person = make.ordinary(make.person("", make.given(False), False, since="1.1.2010"), case)
    other = replace(_spouse(make, person), number=person.number, since="1.6.2024")
    make.keep(other, case)
    make.register.add("ledger", other.who, case, "key", customer_number=other.number, name=other.name)


# Values that go from hand to hand --------------------------------------------------------------------------


def recycled_phone(make: Maker) -> None:
    """A phone number that somebody else has now, one that somebody else had before, and one's own all along."""
    case = "recycled phone"
    gone = make.ordinary(make.person(until="1.5.2020"), case)
    make.register.add("messages", 0, case, phone=gone.phone, text="Katko huomenna.", sent_at="1.6.2026 12:00")
    new = make.ordinary(make.person(since="1.6.2025"), case)
    make.register.add("messages", 0, case, phone=new.phone, text="Katko huomenna.", sent_at="1.2.2024 12:00")
    same = make.ordinary(make.person(), case)
    make.register.add("messages", same.who, case, "phone", phone=same.phone, text="Katko huomenna.")


def somebody_elses_row(make: Maker) -> None:
    """A map row and an account without a number, with one's phone or address and another's name or email."""
    case = "a shared value on another's row"
    person, other = make.ordinary(make.person(), case), make.person()
    add = make.register.add
    add("map_customers", 0, case, name=make.map_name(other), address=make.line(other), phone=person.phone)
    add("map_customers", 0, case, name=make.map_name(other), address=make.line(person), phone=person.phone)
    add("accounts", 0, case, email=other.email, phone=person.phone, **make.three(other))
    add("accounts", 0, case, email=person.email, phone=other.phone, **make.three(other))


def flatmates(make: Maker) -> None:
    """Two customers at one address with one landline; a message to it."""
    case = "flatmates"
    one = make.ordinary(make.person(), case)
    two = make.ordinary(make.person(phone=one.phone, street=one.street, postal=one.postal), case)
    make.register.add("messages", two.who, case, "phone", phone=one.phone, text="Katko huomenna.")


def redacted_on_map(make: Maker) -> None:
    """A map row of somebody else whose name was taken out, with one's phone."""
    case = "a map row without its name"
    person = make.ordinary(make.person(), case)
    name = make.random.choice(("", "***", "[poistettu]", "Nimi poistettu"))
    line = make.line(person) if make.random.random() < 0.5 else ""
    make.register.add("map_customers", 0, case, name=name, address=line, phone=person.phone)


def company(make: Maker) -> None:
    """A company with its owner's phone and email; a row of it without a number."""
    case = "company of one's own phone"
    owner = make.ordinary(make.person(), case)
    firm = make.company(
        f"Kuljetus {owner.surname} Oy", phone=owner.phone, email=owner.email, street=owner.street, postal=owner.postal
    )
    make.ordinary(firm, case)
    alone = make.ordinary(make.person(), case)
    make.register.add(
        "map_customers", 0, case, name=f"Kiinteistö {alone.surname} Oy", address=make.line(alone), phone=alone.phone
    )


def sole_trader(make: Maker) -> None:
    """A person's business under its own number: the same person."""
    case = "sole trader"
    person = make.ordinary(make.person(), case)
    trade = make.random.choice((f"Tmi {make.map_name(person)}", f"{person.surname} {person.first} Tmi"))
    firm = make.company(trade, phone=person.phone, street=person.street, postal=person.postal)
    make.ordinary(replace(firm, who=person.who), case, "member name phone address")


def care_of(make: Maker) -> None:
    """Somebody who gets their post at another's."""
    case = "c/o"
    host = make.ordinary(make.person(), case)
    guest = make.person(street=host.street, postal=host.postal, phone=host.phone)
    guest.given += f" c/o {host.name}"
    make.ordinary(guest, case)
    other = make.person()
    make.register.add(
        "map_customers", 0, case, name=f"{other.name} c/o {host.name}", address=make.line(host), phone=host.phone
    )


# What is not known for one's own ----------------------------------------------------------------------------


def twice(make: Maker) -> None:
    """One person under two numbers, with the code on both; moved, now and then with another surname."""
    case = "twice, with the code"
    person = make.ordinary(make.person(), case)
    again = replace(person, number="", property_id=f"{person.property_id[:-1]}9")
    again.street, again.postal = make.address()
    again.surname = make.random.choice(names.SURNAMES) if make.random.random() < 0.4 else again.surname
    make.ordinary(again, case, "member code")


def old_surname(make: Maker) -> None:
    """Rows under a number that is not known, or none, with the surname of before."""
    case = "old surname"
    person = make.ordinary(make.person(), case)
    before = replace(person, surname=make.random.choice([s for s in names.SURNAMES if s != person.surname]))
    _loose(make, person, before, case)
    make.register.add("ledger", person.who, case, "key", customer_number=person.number, name=before.name)


def initials(make: Maker) -> None:
    """Rows with an initial in place of the given name."""
    case = "initials"
    person = make.ordinary(make.person(), case)
    short = replace(person, given=" ".join(f"{word[0]}." for word in person.given.split()))
    _loose(make, person, short, case)
    make.register.add("ledger", person.who, case, "key", customer_number=person.number, name=short.name)


def call_name(make: Maker) -> None:
    """Rows under the name that people call one by."""
    case = "call name"
    given = make.random.choice(list(names.CALL_NAMES))
    person = make.ordinary(make.person("", given, given in names.WOMEN), case)
    _loose(make, person, replace(person, given=names.CALL_NAMES[given]), case)


def second_name(make: Maker) -> None:
    """Rows under the second given name."""
    case = "second given name"
    woman = make.random.random() < 0.5
    person = make.ordinary(make.person("", make.given(woman, 2), woman), case)
    second = replace(person, given=person.given.split()[1])
    _loose(make, person, second, case)
    make.register.add("ledger", person.who, case, "key", customer_number=person.number, name=second.name)


def slip_of_the_hand(make: Maker) -> None:
    """Rows with a slip in the surname, the given name or the street."""
    case = "typing error"
    person = make.ordinary(make.person(), case)
    for spoilt in (
        replace(person, surname=make.slip(person.surname)),
        replace(person, given=make.slip(person.given)),
        replace(person, street=make.slip(person.street), surname=make.slip(person.surname)),
    ):
        _loose(make, person, spoilt, case)


def joint_name(make: Maker) -> None:
    """A row that names both of a couple, under the number of one."""
    case = "a row that names two"
    person = make.ordinary(make.person(), case)
    other = _spouse(make, person)
    make.register.add(
        "ledger", person.who, case, "key", customer_number=person.number, name=f"{person.name} ja {other.first}"
    )


def nameless_account(make: Maker) -> None:
    """A portal account without a number, at one's address, with an email address that nobody knows."""
    case = "nameless account"
    person = make.ordinary(make.person(), case)
    make.register.add("accounts", person.who, case, "address", email=f"x{person.who}@example.fi", **make.three(person))


def other_property(make: Maker) -> None:
    """An additional agreement on another property, whose connection nobody knows."""
    case = "agreement for another property"
    person = make.ordinary(make.person(), case)
    make.register.add(
        "agreements",
        person.who,
        case,
        "name agreement",
        agreement_type="lisäliittymäsopimus",
        original_agreement_number=f"S-{person.number}",
        party_name=make.map_name(person),
        binder="M3",
        property_id=f"232-498-{person.who % 997 + 1}-1",
    )


def unknown_claim(make: Maker) -> None:
    """Claims with no number, or one that nobody has; the text names the person with an address or a phone."""
    case = "claim with no number"
    person = make.ordinary(make.person(), case)
    texts = (
        f"{make.map_name(person)}, {person.street}, valitti laskusta.",
        f"Soittaja {person.name}, puh. {person.phone}: vesi on sameaa.",
    )
    for text, number in zip(texts, ("", f"9{person.number[1:]}"), strict=True):
        make.register.add("claims", person.who, case, "text", customer_number=number, description=text)


def unknown_message(make: Maker) -> None:
    """A message to an unknown phone that names the person and the address."""
    case = "message that names nobody's number"
    person = make.ordinary(make.person(), case)
    text = f"Hei {person.first} {person.surname}, mittari osoitteessa {person.street} vaihdetaan."
    make.register.add("messages", person.who, case, "text", phone=make.phone(), text=text)


def _loose(make: Maker, person: Person, written: Person, case: str) -> None:
    """A map row without a number and an account under one that nobody has, as the name is written there."""
    add = make.register.add
    add(
        "map_customers",
        person.who,
        case,
        "name phone address",
        name=make.map_name(written),
        address=make.line(written),
        phone=person.phone,
    )
    add("ledger", person.who, case, "name", customer_number=f"9{person.number[1:]}", name=written.name)
    add(
        "accounts",
        person.who,
        case,
        "member phone email address",
        customer_number=f"9{person.number[1:]}",
        email=person.email,
        phone=person.phone,
        **make.three(written),
    )


CASES = {
    plant.__name__: plant
    for plant in (
        spouse_code,
        stranger_code,
        spouses,
        twins,
        namesakes,
        father_and_son,
        junior,
        estate,
        estate_under_number,
        widow,
        widow_in_place,
        recycled_phone,
        somebody_elses_row,
        flatmates,
        redacted_on_map,
        company,
        sole_trader,
        care_of,
        twice,
        old_surname,
        initials,
        call_name,
        second_name,
        slip_of_the_hand,
        joint_name,
        nameless_account,
        other_property,
        unknown_claim,
        unknown_message,
    )
}
