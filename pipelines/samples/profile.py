"""The kind of customer: random for most, fixed for those with a planted problem."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

CURRENT, ENDED, MOVED = "current", "ended", "moved"


@dataclass(slots=True)
class Profile:
    """One customer's circumstances.

    `ended` customers keep their own, ended connection; `moved` ones passed theirs on to the next owner and left only old
    invoices and ledger rows.
    """

    organisation: bool = False
    status: str = CURRENT
    until: int = 0
    joined: int = 0  # first period in which the customer exists
    identity_code: bool = True
    phone: bool = True
    email: bool = True
    iban: bool = True
    e_invoice: bool = False
    account: bool = True
    on_map: bool = True
    connection: bool = True
    message: bool = True
    rounds: bool = True  # invoices, readings and consumption of the running periods
    notes: bool = False
    protected: bool = False
    claim: bool = False
    consent: bool = False
    disclosure: bool = False
    request: bool = False
    new_phone_at: int = 0  # period from which the phone number is another one, everywhere


def person(**differing: object) -> Profile:
    """A current customer with everything that the plants of other files may want to spoil."""
    return Profile(**differing)  # type: ignore[arg-type]


def company(**differing: object) -> Profile:
    return Profile(**{"organisation": True, "identity_code": False, "e_invoice": True, **differing})  # type: ignore[arg-type]


_FIRST_UNTIL = date(2024, 10, 1).toordinal()  # + 3 years is after the eighth period: their contact data may stay
_FIRST_LEFT = date(2015, 2, 1).toordinal()


def draw_profile(draw: Callable[[], float], index: int, periods: int) -> Profile:
    """A random customer: mostly persons, one in eight an organisation, one in ten former."""
    organisation, fate = draw() < 0.12, draw()
    profile = Profile(
        organisation,
        CURRENT,
        0,
        0,
        not organisation and draw() < 0.6,
        draw() < 0.85,
        draw() < 0.6,
        draw() < 0.3,
        organisation and draw() < 0.5,
        draw() < 0.65,
        draw() < 0.9,
    )
    profile.message = draw() < 0.5
    if fate < 0.06:
        profile.status, profile.until = ENDED, _FIRST_UNTIL + int(draw() * 600)  # some end within the periods
        return profile
    if fate < 0.12:
        profile.status = MOVED
        year, day = int(draw() * 9), int(draw() * 300)
        profile.until = _FIRST_LEFT + year * 365 + 2 + day
        return profile
    odd = int(draw() * 100)
    profile.notes, profile.claim = odd < 14, 10 <= odd < 17
    profile.consent, profile.disclosure = 20 <= odd < 26, 24 <= odd < 32
    profile.request, profile.protected = 32 <= odd < 36, odd == 31 or odd == 40
    if periods > 1 and 50 <= odd < 55:
        profile.new_phone_at = 1 + index % (periods - 1)
    elif periods > 1 and 60 <= odd < 62:
        profile.joined = 1 + index % (periods - 1)
    return profile
