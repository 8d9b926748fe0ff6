"""Packs of countries: identifiers as python-stdnum has them, telephone numbers as libphonenumber has, and nothing of another country."""

from __future__ import annotations

import datetime as dt
import random

import duckdb
import phonenumbers
import pytest
from stdnum import luhn
from stdnum.de import idnr
from stdnum.de import vat as de_vat
from stdnum.dk import cpr, cvr
from stdnum.ee import ik, registrikood
from stdnum.es import dni, nie
from stdnum.fr import nir, siren
from stdnum.ie import pps
from stdnum.nl import bsn
from stdnum.no import fodselsnummer, orgnr
from stdnum.pl import nip, pesel
from stdnum.se import orgnr as se_orgnr
from stdnum.se import personnummer

from pipelines.person import redact
from pipelines.registry import functions

COUNTRIES = ("FI", "SE", "NO", "DK", "EE", "DE", "NL", "IE", "FR", "ES", "PL")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def day(draw: random.Random, form: str) -> str:
    """Stdnum asks the clock whether somebody is born already; here nothing does: no day of years that may be to come."""
    return (dt.date(1941, 1, 1) + dt.timedelta(draw.randrange(29_000))).strftime(form)


def digits(draw: random.Random, count: int) -> str:
    return "".join(draw.choice("0123456789") for _ in range(count))


# By country: what a candidate begins with, what it may end with, and the oracle.
PERSONS = {
    "SE": (lambda d: day(d, "%y%m%d") + "-" + digits(d, 3), "0123456789", personnummer.is_valid),
    "NO": (lambda d: day(d, "%d%m%y") + digits(d, 3), [f"{n:02d}" for n in range(100)], fodselsnummer.is_valid),
    "DK": (lambda d: day(d, "%d%m%y") + digits(d, 3), "0123456789", lambda n: len(n) == 10 and cpr.get_birth_date(n) is not None),
    "EE": (lambda d: d.choice("123456") + day(d, "%y%m%d") + digits(d, 3), "0123456789", ik.is_valid),
    "DE": (lambda d: "".join(d.sample("123456789", 9)) + d.choice("123456789"), "0123456789", idnr.is_valid),
    "NL": (lambda d: digits(d, 8), "0123456789", lambda n: len(n) == 9 and bsn.is_valid(n)),
    "IE": (lambda d: digits(d, 7), [*LETTERS, *(a + b for a in LETTERS for b in "AH")], pps.is_valid),
    "FR": (lambda d: d.choice("12") + day(d, "%y%m") + d.choice(("2A", "2B", "75", "33")) + digits(d, 6), [f"{n:02d}" for n in range(100)], nir.is_valid),
    "ES": (lambda d: d.choice("0123456789XYZ") + digits(d, 7), LETTERS, lambda n: dni.is_valid(n) or nie.is_valid(n)),
    "PL": (lambda d: day(d, "%y%m%d") + digits(d, 4), "0123456789", pesel.is_valid),
}  # fmt: skip
ORGANISATIONS = {
    "SE": (lambda d: digits(d, 2) + d.choice("23456789") + digits(d, 3) + "-" + digits(d, 3), se_orgnr.is_valid),
    "NO": (lambda d: d.choice("89") + digits(d, 7), orgnr.is_valid),
    "DK": (lambda d: d.choice("123456789") + digits(d, 6), cvr.is_valid),
    "EE": (lambda d: d.choice("1789") + digits(d, 6), registrikood.is_valid),
    "DE": (lambda d: d.choice("123456789") + digits(d, 7), de_vat.is_valid),
    "FR": (lambda d: digits(d, 8), lambda n: luhn.is_valid(n) and siren.is_valid(n)),
    "PL": (lambda d: digits(d, 9), nip.is_valid),
}


@pytest.fixture(scope="module")
def call():
    """`call(country, macro, values)` in one query; a connection per country."""
    opened: dict[str, duckdb.DuckDBPyConnection] = {}

    def evaluate(country: str, macro: str, values: list[str]) -> list:
        if country not in opened:
            opened[country] = duckdb.connect(config={"threads": 1})
            functions.install(opened[country], country=country)
        rows = "select unnest($values::varchar[]) as v, unnest(range(len($values))) as i"
        query = f"select {macro}(v) from ({rows}) order by i"
        return [row[0] for row in opened[country].execute(query, {"values": values}).fetchall()]

    return evaluate


def oracle(is_valid, value: str) -> bool:
    try:
        return bool(is_valid(value))
    except Exception:
        return False


@pytest.mark.parametrize("country", sorted(PERSONS))
def test_identity_codes_are_those_that_stdnum_knows(call, country):
    begin, ends, is_valid = PERSONS[country]
    draw = random.Random(country)
    values = [begin(draw) for _ in range(60)]
    values = [value + end for value in values for end in ends]
    values += ["", "0", "x" * 11, *(value[:-1] for value in values[:50]), *(value + "1" for value in values[:50])]
    expected = [oracle(is_valid, value) for value in values]
    found = call(country, "is_identity_code", values)
    assert [(v, f, e) for v, f, e in zip(values, found, expected, strict=True) if f != e][:5] == []
    assert sum(expected) > 20
    right = [value for value, is_right in zip(values, expected, strict=True) if is_right][:20]
    texts = [f"call about {value}, please" for value in right]
    assert call(country, "free_text_identity_code", texts) == [True] * len(texts)
    assert call(country, "free_text_identity_code", [f"x{value}1" for value in right]) == [False] * len(texts)
    assert call(country, "is_temporary_identity_code", right) == [False] * len(right)


@pytest.mark.parametrize("country", sorted(ORGANISATIONS))
def test_organisations_ids_are_those_that_stdnum_knows(call, country):
    begin, is_valid = ORGANISATIONS[country]
    draw = random.Random(country)
    values = [begin(draw) for _ in range(60)]
    values = [value + end for value in values for end in "0123456789"]
    expected = [oracle(is_valid, value) for value in values]
    found = call(country, "is_business_id", values)
    assert [(v, f, e) for v, f, e in zip(values, found, expected, strict=True) if f != e][:5] == []
    assert sum(expected) > 20
    assert [n for n, e in zip(call(country, "to_business_id", values), expected, strict=True) if (n is None) == e] == []


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_number_without_a_calling_code_is_the_countrys_own(call, country):
    kinds = (
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE,
        phonenumbers.PhoneNumberType.TOLL_FREE,
    )
    numbers = [number for kind in kinds if (number := phonenumbers.example_number_for_type(country, kind))]
    forms = (
        phonenumbers.PhoneNumberFormat.NATIONAL,
        phonenumbers.PhoneNumberFormat.INTERNATIONAL,
        phonenumbers.PhoneNumberFormat.E164,
    )
    values = [phonenumbers.format_number(number, form) for number in numbers for form in forms]
    expected = [phonenumbers.format_number(number, forms[2]) for number in numbers for _ in forms]
    assert call(country, "to_e164", values) == expected
    assert call(country, "is_phone", values) == [True] * len(values)
    wrong = ["12345", "070-12", "999", "0"]
    assert call(country, "is_phone", wrong) == [_valid(value, country) for value in wrong]


def _valid(value: str, country: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(value, country))
    except phonenumbers.NumberParseException:
        return False


def test_a_swedish_number_is_no_finnish_one(call):
    assert call("SE", "to_e164", ["070-123 45 67"]) == ["+46701234567"]
    assert call("FI", "to_e164", ["+46 70 123 45 67"]) == ["+46701234567"]
    assert call("SE", "is_phone", ["12345", "070-12", "070-123 45 67"]) == [False, False, True]
    assert call("SE", "free_text_kinds", ["ring 070-123 45 67", "faktura 2026-06-30, 12345"]) == ["phone number", None]


def test_of_a_country_without_a_plan_only_international_numbers_are_known(call):
    assert call("XX", "to_e164", ["070-123 45 67", "+46 70 123 45 67", "0401234567"]) == [None, "+46701234567", None]


@pytest.mark.parametrize(
    ("country", "right", "wrong"),
    [("SE", ["114 55", "11455"], ["1145", "01455"]), ("NL", ["1012 AB"], ["0012 AB", "1012"]), ("IE", ["D02 X285", "D6W XY00"], ["12345"]),
     ("PL", ["00-950"], ["00950"]), ("ES", ["28001"], ["53001"]), ("NO", ["0150"], ["01500"]), ("DE", ["10115"], ["1011"])],
)  # fmt: skip
def test_postal_codes_have_the_countrys_form(call, country, right, wrong):
    assert call(country, "is_postal_code", right + wrong) == [True] * len(right) + [False] * len(wrong)


def test_every_pack_is_complete_and_says_what_nobody_has_verified():
    packs = functions.packs()
    assert set(packs) == set(COUNTRIES)
    for country, pack in packs.items():
        assert {"formats", "identifiers", "authority", "periods"} <= pack.keys(), country
        assert pack["authority"].keys() == {"name", "address", "site", "reviewed"}
        assert all(period.keys() == {"records", "from", "period", "source", "reviewed"} for period in pack["periods"])
        if country != "FI":
            assert {
                "is_identity_code(v)",
                "is_postal_code(v)",
                "free_text_identity_code(t)",
                "free_text_home_phone(t)",
            } <= pack["sql"].keys()
            assert ("business-id" in pack["formats"]) == ("is_business_id(v)" in pack["sql"])


@pytest.mark.parametrize("country", sorted(set(PERSONS) - {"SE"}))
def test_another_persons_code_of_the_country_is_taken_out_of_what_is_sent(country):
    """Valid ones as python-stdnum knows them; the person's own stays, and so does a number in a column that holds no prose."""
    begin, ends, is_valid = PERSONS[country]
    draw = random.Random(country)
    candidates = (begin(draw) + end for _ in range(60) for end in ends)
    right = list(dict.fromkeys(value for value in candidates if oracle(is_valid, value)))[:12]
    mine, *others = right
    own = redact.Own(frozenset(), frozenset(redact.codes_of(country, mine)), country=country)
    assert redact.codes(f"her number is {mine}.", own) == f"her number is {mine}."
    for other in others:
        assert other not in redact.codes(f"his number is {other}, call", own)
    assert redact.codes("ring at nine, room 12", own) == "ring at nine, room 12"
    if mine.isdigit():
        assert redact.codes(others[0], own, is_prose=False) == others[0] or country in ("DK", "NO")


def test_a_country_without_a_pack_has_no_codes_of_its_own():
    assert redact.codes_of("XX", "1234567TA 12345678Z 44051401458") == set()
    own = redact.Own(frozenset(), frozenset(), country="XX")
    assert redact.codes("order 44051401458", own) == "order 44051401458"
