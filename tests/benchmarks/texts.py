"""Notes of customer service with and without an identity code, and the truth about each."""

from __future__ import annotations

import random

CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"
SENTENCES = (
    "Asiakas soitti {day}.2.2026, mittari {number}, lukema {small} m³.", "Lasku {number} maksettu, viite {number}0.",
    "Sovittu uusi lukema {day}.3., soittaa takaisin klo 08.15.", "Kiinteistö 232-401-{day}-{small}, avain naapurilla.",
    "Hyvitys {small},50 e, tosite T{number}.", "Liittymä siirtyy uudelle omistajalle {day}.4.2026.",
)  # fmt: skip


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
