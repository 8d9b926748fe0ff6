"""Notes of customer service with and without an identity code, and the truth about each."""

from __future__ import annotations

import random

CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"
SENTENCES = (
    "Asiakas soitti {day}.2.2026, mittari {number}, lukema {small} m³.", "Lasku {number} maksettu, viite {number}0.",
    "Sovittu uusi lukema {day}.3., soittaa takaisin klo 08.15.", "Kiinteistö 232-401-{day}-{small}, avain naapurilla.",
    "Hyvitys {small},50 e, tosite T{number}.", "Liittymä siirtyy uudelle omistajalle {day}.4.2026.",
)  # fmt: skip


# Sentences as customers and clerks write them, most without a number, as prose is.
PROSE = (
    "Asiakas kertoi, että vedenpaine on ollut heikko koko viikon ja että naapurissa on sama vika.",
    "Sovittiin, että asentaja käy paikalla, kun lumet ovat sulaneet pihasta.", "Lasku oli mennyt vanhaan osoitteeseen, lähetettiin uudestaan.",
    "Omistaja vaihtui kesällä, ja uusi omistaja pyysi kopion sopimuksesta.", "Mittari on kellarissa portaiden alla, ja avain on naapurilla.",
    "Lukema {small} ilmoitettu {day}.2.2026, arvio oli {more} kuutiota.", "Vesi oli ruskeaa {day}. päivän iltana noin klo {hour}, huuhdeltu.",
    "Hyvitystä maksetaan {small},50 euroa, koska vuoto oli yhtiön putkessa.", "Soittaa takaisin ensi viikolla; ei kiirettä.",
)  # fmt: skip
WITH_VALUE = (
    "Tavoittaa parhaiten numerosta {phone} iltaisin.", "Laskut jatkossa osoitteeseen {email}, kiitos.",
    "Palautus tilille {iban}.", "Omistajan tunnus {code} tarkistettu.",
)  # fmt: skip


def prose(count: int, seed: int = 2) -> list[tuple[str, bool]]:
    """(text, whether one of four kinds of identifiers stands in it): three to eight sentences, a value in one of twenty."""
    chance = random.Random(seed)
    found = []
    for _ in range(count):
        sentences = [
            chance.choice(PROSE).format(
                small=chance.randint(1, 999),
                more=chance.randint(1, 999),
                day=chance.randint(1, 28),
                hour=chance.randint(6, 22),
            )
            for _ in range(chance.randint(3, 8))
        ]
        holds = chance.random() < 0.05
        if holds:
            sentences.insert(chance.randrange(len(sentences)), value(chance))
        found.append((" ".join(sentences), holds))
    return found


def value(chance: random.Random) -> str:
    """A sentence with an identifier of one of the four kinds."""
    rest = f"{chance.randrange(10**14):014}"
    check = 98 - int(rest + "151800") % 97
    return chance.choice(WITH_VALUE).format(
        phone=f"040 {chance.randint(100, 999)} {chance.randint(1000, 9999)}",
        email=f"nimi{chance.randint(1, 999)}@example.fi",
        iban=f"FI{check:02}{rest}",
        code=code(chance),
    )


def code(chance: random.Random) -> str:
    """A valid artificial identity code: individual number 900-999."""
    date = f"{chance.randint(1, 28):02}{chance.randint(1, 12):02}{chance.randint(0, 99):02}"
    number = f"{chance.randint(900, 999)}"
    sign = chance.choice("-+A" if int(date[4:]) < 20 else "-+")
    return f"{date}{sign}{number}{CHECK[int(date + number) % 31]}"


def near_miss(chance: random.Random) -> str:
    """What looks like one and is none: a wrong check character, an impossible day, part of a longer run."""
    right = code(chance)
    kind = chance.randrange(3)
    if kind == 0:
        return right[:-1] + chance.choice([letter for letter in CHECK if letter != right[-1]])
    if kind == 1:
        wrong = "32" + right[2:]
        return wrong[:-1] + CHECK[int(wrong[:6] + wrong[7:10]) % 31]
    return f"X{chance.randint(10, 99)}{right}{chance.randint(10, 99)}"


def made(count: int, seed: int = 1) -> list[tuple[str, bool]]:
    """(text, whether an identity code stands in it). Three of ten have one, two of ten a near miss; a tenth of the codes
    is in lower case, a tenth stands right beside a sign."""
    chance = random.Random(seed)
    texts = []
    for _ in range(count):
        text = chance.choice(SENTENCES).format(
            day=chance.randint(1, 28), number=chance.randint(10**6, 10**7), small=chance.randint(1, 999)
        )
        draw = chance.random()
        if draw < 0.3:
            found = code(chance)
            found = found.lower() if chance.random() < 0.1 else found
            found = f"({found})" if chance.random() < 0.1 else found
            text = f"{text} Hetu {found}, tarkistettu."
        elif draw < 0.5:
            text = f"{text} Nro {near_miss(chance)}, tarkistettu."
        texts.append((text, draw < 0.3))
    return texts
