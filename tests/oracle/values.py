"""Values: what a cell holds, the calendar, and the normal forms that are compared."""

import calendar
import datetime as dt
import re
from decimal import Decimal
from functools import cache

import holidays
import phonenumbers
from stdnum import numdb

from .layouts import PLACEHOLDERS

FINNISH_HOLIDAYS = holidays.Finland()


def is_missing(cell: object) -> bool:
    return isinstance(cell, str) and (cell == "" or cell.lower() in PLACEHOLDERS)


# Reading a cell as its declared type: the value, or ValueError.


def as_text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, dt.datetime):
        return f"{cell.day}.{cell.month}.{cell.year} {cell.hour}:{cell.minute:02}"
    if isinstance(cell, dt.date):
        return f"{cell.day}.{cell.month}.{cell.year}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def as_date(cell: object) -> dt.date:
    if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
        return cell
    parts = re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", as_text(cell))
    if not parts:
        raise ValueError("not a date")
    return dt.date(int(parts[3]), int(parts[2]), int(parts[1]))


def as_timestamp(cell: object) -> dt.datetime:
    if isinstance(cell, dt.datetime):
        return cell
    parts = re.fullmatch(r"(\S+) ([0-9]{1,2}):([0-9]{2})", as_text(cell))
    if not parts:
        raise ValueError("not a timestamp")
    return dt.datetime.combine(as_date(parts[1]), dt.time(int(parts[2]), int(parts[3])))


def as_decimal(cell: object) -> Decimal:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return Decimal(repr(cell))
    if not re.fullmatch(r"-?([0-9]+|[0-9]{1,3}([ \u00a0][0-9]{3})+)(,[0-9]+)?", as_text(cell)):
        raise ValueError("not a decimal")
    return Decimal(re.sub("[ \u00a0]", "", as_text(cell)).replace(",", "."))


def as_month(cell: object) -> dt.date:
    """The last day of a `yyyy-mm` month."""
    parts = re.fullmatch(r"([0-9]{4})-([0-9]{2})", as_text(cell))
    if not parts:
        raise ValueError("not a month")
    first = dt.date(int(parts[1]), int(parts[2]), 1)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def as_yes_no(cell: object) -> str:
    if cell not in ("K", "E"):
        raise ValueError("neither K nor E")
    return cell


READERS = {
    "text": as_text,
    "date": as_date,
    "timestamp": as_timestamp,
    "decimal": as_decimal,
    "month": as_month,
    "yes/no": as_yes_no,
}


# The calendar. Sums beyond year 9999 stay on its last day.


def add_months(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > dt.MAXYEAR:
        return dt.date.max
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_years(day: dt.date, years: int) -> dt.date:
    return add_months(day, 12 * years)


def add_days(day: dt.date, days: int) -> dt.date:
    return dt.date.fromordinal(min(day.toordinal() + days, dt.date.max.toordinal()))


def end_of_year(day: dt.date) -> dt.date:
    return dt.date(day.year, 12, 31)


def is_working_day(day: dt.date) -> bool:
    midsummer_eve = day.month == 6 and 19 <= day.day <= 25 and day.weekday() == 4
    christmas_eve = (day.month, day.day) == (12, 24)
    return not (day.weekday() >= 5 or midsummer_eve or christmas_eve or day in FINNISH_HOLIDAYS)


def next_working_day(day: dt.date) -> dt.date:
    while not is_working_day(day) and day < dt.date.max:
        day += dt.timedelta(days=1)
    return day


# Validity of what is there.

CENTURIES = {"+": 1800} | dict.fromkeys("-YXWVU", 1900) | dict.fromkeys("ABCDEF", 2000)


def is_identity_code(value: str) -> bool:
    parts = re.fullmatch(
        r"([0-9]{2})([0-9]{2})([0-9]{2})([-+A-FU-Y])([0-9]{3})([0-9A-Y])", value.upper() if value.isascii() else ""
    )
    if not parts:
        return False
    day, month, year, sign, individual, check = parts.groups()
    try:
        dt.date(CENTURIES[sign] + int(year), int(month), int(day))
    except ValueError:
        return False
    return (
        int(individual) >= 2 and check == "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(day + month + year + individual) % 31]
    )


def is_temporary_identity_code(value: str) -> bool:
    return is_identity_code(value) and value[7] == "9"


def is_business_id(value: str) -> bool:
    if not re.fullmatch(r"[0-9]{7}-?[0-9]", value):
        return False
    remainder = sum(weight * int(digit) for weight, digit in zip((7, 9, 10, 5, 8, 4, 2), value, strict=False)) % 11
    return remainder != 1 and int(value[-1]) == (11 - remainder if remainder else 0)


def mod_97(text: str) -> int:
    return int("".join(str(int(character, 36)) for character in text)) % 97


def iban_length(country: str) -> int:
    """Characters of this country's IBANs, 0 of a country that has none."""
    properties = numdb.get("iban").info(country + "00")[0][1]
    return 4 + sum(int(size) for size in re.findall(r"([0-9]+)!", properties.get("bban", ""))) if properties else 0


def is_iban(value: str) -> bool:
    compact = re.sub("[ \u00a0]", "", value)
    if not re.fullmatch(r"[A-Za-z]{2}[0-9]{2}[A-Za-z0-9]{11,30}", compact):
        return False
    if len(compact) != iban_length(compact[:2].upper()):
        return False
    return mod_97(compact[4:] + compact[:4]) == 1


def is_property_id(value: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,3}-[0-9]{1,3}-[0-9]{1,4}-[0-9]{1,4}|[0-9]{14}", value))


def is_postal_code(value: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{5}", value))


@cache
def is_phone(value: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(value, "FI"))
    except phonenumbers.NumberParseException:
        return False


def is_email(value: str) -> bool:
    local, _, domain = value.partition("@")
    words, names = local.split("."), domain.split(".")
    return (
        len(value) <= 254
        and len(names) > 1
        and all(word and all(c.isalnum() or c in "!#$%&'*+/=?^_`{|}~-" for c in word) for word in words)
        and all(name and all(c.isalnum() or c == "-" for c in name) and name.strip("-") == name for name in names)
        and len(names[-1]) > 1
        and (names[-1].isalpha() or names[-1].lower().startswith("xn--"))
    )


def is_reference_number(value: str) -> bool:
    compact = re.sub("[ \u00a0]", "", value)
    if re.fullmatch(r"[0-9]{4,20}", compact):
        total = sum(int(digit) * (7, 3, 1)[place % 3] for place, digit in enumerate(reversed(compact[:-1])))
        return (10 - total % 10) % 10 == int(compact[-1])
    return bool(re.fullmatch(r"[Rr][Ff][0-9]{2}[A-Za-z0-9]{1,21}", compact)) and mod_97(compact[4:] + compact[:4]) == 1


VALIDITY = {
    "personal_identity_code": is_identity_code,
    "business_id": is_business_id,
    "bank_account": is_iban,
    "property_id": is_property_id,
    "postal_code": is_postal_code,
    "phone": is_phone,
    "email": is_email,
    "reference_number": is_reference_number,
}


# Normal forms: two values agree when their normal forms are equal; no normal form, no comparison.


def name_form(value: str | None) -> list[str] | None:
    return sorted(value.casefold().split()) if value else None


def line_form(value: str | None) -> str | None:
    return " ".join(value.casefold().split()) if value else None


def address_form(value: str | None) -> str | None:
    """A one-line address with all its parts: street, then postal code and city after the last comma."""
    street, comma, rest = (line_form(value) or "").rpartition(",")
    return line_form(value) if street.strip() and len(rest.split()) >= 2 else None


def joined_address_form(street: str | None, postal_code: str | None, city: str | None) -> str | None:
    return line_form(f"{street}, {postal_code} {city}") if street and postal_code and city else None


@cache
def phone_form(value: str | None) -> str | None:
    try:
        return (
            phonenumbers.format_number(phonenumbers.parse(value, "FI"), phonenumbers.PhoneNumberFormat.E164)
            if value
            else None
        )
    except phonenumbers.NumberParseException:
        return None


def email_form(value: str | None) -> str | None:
    return value.lower() if value else None


def business_id_form(value: str | None) -> str | None:
    return value.replace("-", "") if value else None


def differ(left: object, right: object) -> bool:
    return left is not None and right is not None and left != right
