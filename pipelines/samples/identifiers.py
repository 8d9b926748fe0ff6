"""Identifiers that pass their checks and belong to no one.

Identity codes use individual numbers 900-999 only; business ids start with 4 or more, bank accounts with 9, which the
registers have not issued. Each is a one-to-one function of the customer's index, so no two customers share one.
"""

from __future__ import annotations

from datetime import date

CHECKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
SIGNS_1900 = "-YXWVU"
SIGNS_2000 = "ABCDEF"
_BORN = [date.fromordinal(day) for day in range(date(1930, 1, 1).toordinal(), date(2006, 12, 31).toordinal() + 1)]
_BIRTHS = [(f"{day:%d%m%y}", SIGNS_1900 if day.year < 2000 else SIGNS_2000) for day in _BORN]
_CODES = len(_BIRTHS) * 600  # 100 individual numbers, six signs
_BUSINESS = 600_000 * 5
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2)


def identity_code(birth: str, sign: str, individual: int) -> str:
    """`DDMMYY` and its sign with an artificial individual number and the right check character."""
    return f"{birth}{sign}{individual}{CHECKS[int(f'{birth}{individual}') % 31]}"


def identity_code_of(index: int, seed: int) -> str:
    """The code of customer `index`: multiplying by a prime that does not divide the space permutes it."""
    place, sign = divmod((index * 7_368_787 + seed * 1_299_709) % _CODES, 6)
    place, individual = divmod(place, 100)
    birth, signs = _BIRTHS[place]
    return identity_code(birth, signs[sign], 900 + individual)


def spare_identity_code(number: int) -> str:
    """A code of the 1920s, which no customer of `identity_code_of` has."""
    born = date.fromordinal(date(1920, 1, 1).toordinal() + number % 3600)
    return identity_code(f"{born:%d%m%y}", SIGNS_1900[number // 3600 % 6], 900 + number // 21600 % 100)


def business_id_check(first: str) -> str:
    """The check digit of seven digits, or an empty text where none exists."""
    rest = sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True)) % 11
    return "" if rest == 1 else str(-rest % 11)


def _business_id(stem: int, nth: int) -> str:
    """The `nth` valid business id that starts with the six digits of `stem`."""
    valid = ((first, business_id_check(first)) for first in (f"{stem}{last}" for last in range(10)))
    first, check = [pair for pair in valid if pair[1]][nth]
    return f"{first}-{check}"


def business_id_of(index: int, seed: int) -> str:
    stem, nth = divmod((index * 1_000_003 + seed * 7_919) % _BUSINESS, 5)
    return _business_id(400_000 + stem, nth)


def spare_business_id(number: int) -> str:
    """An id that no customer of `business_id_of` has: that function stops at the fifth valid one of a stem."""
    return _business_id(400_000 + number % 600_000, 5 + number // 600_000 % 3)


def iban(account: int, country: str = "FI") -> str:
    """A Finnish IBAN over an unassigned bank code, with the inner Luhn digit; `account` is up to ten digits."""
    inner = f"979{account:010d}"
    total = sum(map(int, inner[1::2])) + sum(_DOUBLED[int(digit)] for digit in inner[::2])
    return with_iban_check(country, f"{inner}{-total % 10}")


def with_iban_check(country: str, account: str) -> str:
    digits = "".join(str(int(sign, 36)) for sign in f"{account}{country}00")
    return f"{country}{98 - int(digits) % 97:02d}{account}"


def in_fours(code: str) -> str:
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def reference_number(stem: int) -> str:
    """The national reference number over `stem`: weights 7, 3, 1 from the right."""
    total, rest, place = 0, stem, 0
    while rest:
        rest, digit = divmod(rest, 10)
        total += digit * (7, 3, 1)[place % 3]
        place += 1
    return f"{stem}{-total % 10}"


def creditor_reference(national: str) -> str:
    """The ISO 11649 form of a national reference number."""
    return f"RF{98 - int(f'{national}271500') % 97:02d}{national}"


def money(cents: int, space: str = " ") -> str:
    """`-1 234,50`: a decimal comma, thousands separated by `space`."""
    whole, part = divmod(abs(cents), 100)
    digits = f"{whole:,}".replace(",", space) if whole > 999 else str(whole)
    return f"{'-' if cents < 0 else ''}{digits},{part:02d}"
