"""Identifiers in free text: what must be found, and what only looks like one. No miss, no false alarm."""

import random

import duckdb
import phonenumbers
import pytest
from stdnum import iban
from stdnum.fi import hetu

from pipelines.person import redact
from pipelines.registry import functions

CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
MACROS = {
    "identity code": "free_text_identity_code",
    "IBAN": "free_text_iban",
    "email address": "free_text_email",
    "phone number": "free_text_phone",
}
CONTEXTS = [
    "{}",
    "{}.",
    "({})",
    "Asiakas soitti, {}, ja pyysi uutta laskua.",
    "Tiedot: {}; sovittu maksuaika.",
    "Käynti 1.2.2026 klo 14:05, {} / Matti",
    "Huom! {}!",
    "Omistaja vaihtunut.\n{}\nKatso liite.",
    "Topeekantie 3 A 5, 61800 KAUHAJOKI, {}",
    '"{}" löytyi lapusta.',
]


def listed(text):
    """The values of a text: `|` and line ends between them, lines in brackets are headings."""
    lines = [line for line in text.splitlines() if not line.strip().startswith("[")]
    return [value.strip(" ") for line in lines for value in line.split("|") if value.strip()]


@pytest.fixture(scope="module")
def call():
    connection = duckdb.connect(config={"threads": 1})
    functions.install(connection)

    def evaluate(macro, texts):
        rows = "select unnest($texts::varchar[]) as t, unnest(range(len($texts))) as i"
        query = f"select {macro}(t) from ({rows}) order by i"
        return [row[0] for row in connection.execute(query, {"texts": list(texts)}).fetchall()]

    return evaluate


def in_contexts(values):
    return [context.format(value) for value in values for context in CONTEXTS]


def silent(call, macro, values, contexts=CONTEXTS):
    texts = [context.format(value) for value in values for context in contexts]
    assert [text for text, found in zip(texts, call(macro, texts), strict=True) if found] == []


def found(call, macro, values):
    texts = in_contexts(values)
    assert [text for text, hit in zip(texts, call(macro, texts), strict=True) if not hit] == []


# Identity codes


def identity_codes(count, seed=1):
    """Artificial ones (900-999), of every sign."""
    rng = random.Random(seed)
    for place in range(count):
        nine = f"{rng.randint(1, 28):02}{rng.randint(1, 12):02}{rng.randint(0, 99):02}{rng.randint(900, 999)}"
        yield f"{nine[:6]}{'+-YXWVUABCDEF'[place % 13]}{nine[6:]}{CHECK_CHARACTERS[int(nine) % 31]}"


def test_identity_codes_are_found(call):
    codes = list(identity_codes(26))
    assert all(hetu.is_valid(code, allow_temporary=True) for code in codes)
    found(call, "free_text_identity_code", codes)
    found(call, "free_text_identity_code", map(str.lower, codes))
    found(call, "free_text_identity_code", [f"{a}/{b}" for a, b in zip(codes, codes[1:], strict=False)])
    found(
        call,
        "free_text_identity_code",
        ["131052-902X 131052-902Y", "131052-902X-131052-902Y", "hetu:131052-902Y:n", "1-131052-902Y-1"],
    )


@pytest.mark.parametrize("dash", ["\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212"])
def test_identity_codes_are_found_with_the_dashes_of_word_processors(call, dash):
    codes = [code for code in identity_codes(26) if "-" in code]
    found(call, "free_text_identity_code", [code.replace("-", dash) for code in codes])


def test_what_is_no_identity_code_is_left_alone(call):
    codes = list(identity_codes(26))
    wrong = [code[:-1] + CHECK_CHARACTERS[(CHECK_CHARACTERS.index(code[-1]) + 1) % 31] for code in codes]
    longer = [around for code in codes for around in (f"X{code}", f"{code}1", f"2{code}", f"ä{code}", f"{code}ä")]
    others = [
        "131052 902Y",
        "131052902Y",
        "131052\u2013902X",
        "131052 \u2013 902Y",
        "1310520\u2011902Y",
        "1310520-902Y",
        "131052--902Y",
        "13.10.52-902Y",
        "310252-902Y",
        "131052-90 2Y",
    ]
    silent(call, "free_text_identity_code", wrong + longer + others)


# IBANs


def finnish_ibans(count, seed=2):
    rng = random.Random(seed)
    for _ in range(count):
        rest = f"{rng.randrange(10**14):014}"
        yield "FI" + iban.calc_check_digits("FI00" + rest) + rest


FOREIGN_IBANS = [
    "GB82WEST12345698765432",
    "EE382200221020145685",
    "NO9386011117947",
    "SE4550000000058398257466",
    "MT84MALT011000012345MTLCAST001S",
]


def test_ibans_are_found(call):
    numbers = [*finnish_ibans(12), *FOREIGN_IBANS]
    found(call, "free_text_iban", numbers)
    found(call, "free_text_iban", [iban.format(number) for number in numbers])
    found(call, "free_text_iban", [iban.format(number, "\u00a0") for number in numbers])
    found(call, "free_text_iban", [iban.format(number) + " KIITOS 1234" for number in numbers])
    found(call, "free_text_iban", [f"{numbers[0]},{numbers[1]}", f"FI00 {iban.format(numbers[2])}"])


def grouped(text, rng, signs):
    """The text with a sign before some of its characters, the country and check digits aside."""
    return text[:4] + "".join((rng.choice(signs) if rng.random() < 0.3 else "") + c for c in text[4:])


def test_ibans_are_found_in_any_case_and_grouping(call):
    numbers = [*finnish_ibans(12), *FOREIGN_IBANS]
    rng = random.Random(6)
    found(call, "free_text_iban", [number.lower() for number in numbers])
    found(call, "free_text_iban", [iban.format(number).lower() for number in numbers])
    for sign in ("-", "\u2011", "\u2013", "\u2009"):
        found(call, "free_text_iban", [iban.format(number, sign) for number in numbers])
    found(call, "free_text_iban", [grouped(number, rng, " -") for number in numbers])


def test_what_is_no_iban_is_left_alone(call):
    numbers = [*finnish_ibans(12), *FOREIGN_IBANS]
    wrong = [number[:3] + str((int(number[3]) + 1) % 10) + number[4:] for number in numbers]
    longer = [around for number in numbers for around in (f"X{number}", f"{number}1", f"{iban.format(number)}A")]
    rest = [
        "FI21 12345 6000 0785",
        "FI21  1234  5600  0007  85",
        "FI2 1123 4560 0007 85",
        "FI21/1234/5600/0007/85",
        "no10 oli talo jo kes",
    ]
    words = [f"no{check:02} oli talo jo kes" for check in range(100)]
    silent(call, "free_text_iban", wrong + [number.lower() for number in wrong + longer] + longer + rest + words)


# Email addresses


def test_email_addresses_are_found(call):
    found(
        call,
        "free_text_email",
        [
            "a@b.fi",
            "matti.meikalainen+vesi@posti.example.fi",
            "<a@b.fi>",
            "mailto:a@b.fi",
            "ÄÖ@ääkköset.fi",
            "A_B-1@X-Y.COM",
        ],
    )


def test_what_is_no_email_address_is_left_alone(call):
    silent(
        call,
        "free_text_email",
        [
            "5 kpl@3.50",
            "@matti",
            "matti@localhost",
            "a@b@c",
            "a @ b.fi",
            "@b.fi",
            "matti (at) b.fi",
            "hinta@12.5e",
            "a@.fi",
        ],
    )


# Phone numbers

PHONES = listed(
    """
    040-123 4567 | 040 123 4567 | 040 1234567 | 040-1234567 | 0401234567 | 040-123-4567 | 040-123-45-67
    040 12 34 567 | 040 - 123 4567 | 040\u2013123 4567 | 040\u00a0123\u00a04567 | 040  1234567 | (040) 123 4567
    (040)1234567 | (0)40 123 4567 | 0400 123456 | 0400-123 456 | 0457 123 4567 | 0451-234567 | 050 123 456
    041 234 5678 | 044-9876543 | (06) 231 2345 | 06 231 2345 | 06-2312345 | 062312345 | (06) 2312345 | 09 1234 5678
    019-123 456 | 013 123 4567 | 020 123 456 | 029 123 4567 | 010 123 4567 | 0800 12345 | 0600 12345 | 0203 12345
    +358 40 1234567 | +358 40 123 4567 | +358401234567 | +358-40-1234567 | +358 (0)40 123 4567 | +358(0)401234567
    +358 6 231 2345 | +358 4012 34567 | + 358 40 1234567 | 00358 40 1234567 | 00358401234567 | 040.123 4567
    040.1234567 | 040/1234567 | p.0401234567 | p. 040 1234567 | puh:040 123 4567 | puh. 040-1234567
    Puh.040 1234567 | GSM 0401234567 | gsm: 050 1234567 | puh0401234567 | tel. +358 40 1234567
    puhelin (06) 231 2345 | matkapuh. 0401234567 | numero 0401234567 | -0401234567 | 040 1234567 12.3.
    040 1234567 5 kpl | 2 040 1234567 | klo 8-16 0401234567 | 61800 Kauhajoki 040 1234567 | 61800 0401234567
    soitettu 1.2.2026 040 1234567 klo 14:05 | 040 1234567/050 7654321 | 0401234567,0501234567
    0401234567 0501234567 | 0612, 0401234567 | mittari 1002345678, 040 1234567 | FI21 1234 5600 0007 85 0401234567
    232-401-12-34 040 1234567 | 040 1234567-numeroon
    018 12345 | (018) 123 456 | +358 18 12345 | (+358) 068 123 456 | (+358) 40 123 4567 | (+358)0681234567
    +358 (06) 231 2345 | +358 (40) 123 4567 | +358 (06)2312345 | viite 1234561 040 1234567 | viite 13, 040 1234567
    2 040 123 456 | 5 09 1234 5678
    """
)
FOREIGN_PHONES = listed(
    """
    +46 70 123 45 67 | +46701234567 | +46-70-1234567 | +46 (0)70 123 45 67 | (+46) 70 1234567 | + 46 70 1234567
    +44 20 7946 0958 | +44 (0)20 7946 0958 | +372 512 3456 | +49 30/123456 | +33 1.42.68.53.00 | +1 202-555-0123
    +47\u00a022\u00a033\u00a044\u00a055 | +46 70 123 45 67 12.3. | +46 70 123 45 67/Anna | puh. +46 70 123 45 67
    +46 70\u2013123\u201345\u201367
    """
)


def test_phones_are_found(call):
    found(call, "free_text_phone", PHONES)


def test_foreign_phones_are_found_in_international_form(call):
    found(call, "free_text_phone", FOREIGN_PHONES)


def test_every_example_number_of_every_country_is_found(call):
    regions = phonenumbers.SUPPORTED_REGIONS
    numbers = [number for region in sorted(regions) if (number := phonenumbers.example_number(region))]
    style = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    written = [phonenumbers.format_number(number, style) for number in numbers]
    texts = [f"Soita {number} iltapäivällä." for number in written if sum(map(str.isdigit, number)) >= 9]
    assert len(texts) > 200
    assert [text for text, hit in zip(texts, call("free_text_phone", texts), strict=True) if not hit] == []


def test_every_finnish_example_number_is_found(call):
    kinds = (0, 1, 3, 4, 9)  # fixed line, mobile, toll free, premium rate, company number
    numbers = [phonenumbers.example_number_for_type("FI", kind) for kind in kinds]
    styles = (
        phonenumbers.PhoneNumberFormat.NATIONAL,
        phonenumbers.PhoneNumberFormat.INTERNATIONAL,
        phonenumbers.PhoneNumberFormat.E164,
    )
    found(
        call, "free_text_phone", [phonenumbers.format_number(number, style) for number in numbers for style in styles]
    )


def test_random_numbers_are_found_where_they_are_valid(call):
    rng = random.Random(3)
    codes = [
        "40",
        "41",
        "44",
        "45",
        "46",
        "50",
        "400",
        "6",
        "9",
        "3",
        "13",
        "19",
        "20",
        "10",
        "29",
        "800",
        "600",
        "12",
        "71",
        "35",
        "72",
    ]
    numbers = [(code, f"{rng.randrange(10**size):0{size}}") for code in codes for size in range(4, 9) for _ in range(4)]
    for pattern in ("0{} {}", "0{}-{}", "0{}{}", "(0{}) {}", "+358 {} {}", "+358{}{}"):
        texts = [f"Soita numeroon {pattern.format(*number)} iltapäivällä." for number in numbers]
        valid = [
            phonenumbers.is_valid_number_for_region(phonenumbers.parse("+358" + "".join(number), "FI"), "FI")
            for number in numbers
        ]
        assert [
            text for text, hit, right in zip(texts, call("free_text_phone", texts), valid, strict=True) if hit != right
        ] == []


NO_PHONES = listed(
    """
    [dates and times]
    01.02.2026 | 1.2.2026 klo 14:05 | 01-02-2026 | 05-12-2026 | 2026-05-06 | 2026-02-01 08:15 | 05-12-2026 08:15
    05 2026 | 06-2026 | 05 12 2026 | 05/2026 | 02-03 2026 | 08:15-16:00 | klo 08-16 | klo 08.15 | 01.02.2026 08.15
    [property ids, postal codes, business ids]
    232-401-12-34 | 092-012-0203-0015 | 050-401-12-34 | 047-401-12-34 | 232-401-0012-0034 | 23240100120034
    09201202030015 | 232-401-12-34-M601 | 61800 | 00100 Helsinki | 02600 Espoo | 06100 04300 | 0112038-9 | 0612345-7
    FI06123457 | 003706123457
    [accounts and references]
    FI21 1234 5600 0007 85 | FI79 4405 2020 0360 82 | FI12 0600 1234 5678 90 | FI7944052020036082
    EE38 0800 1234 0401 4567 | RF71 0401 2345 67 | RF18 0400 1234 56 | 04012 34567 89012 | 0401 2345 6789 0123
    0400 1234 5678 9012 | 040 12345 67890 | 04012 34567 | 12345 06789 01234 | 12345678901234567894 | 0401 23456
    0401 2345 67 | 0400 1234 56 | Viitenumero: 12 040 123 456 | maksuviite 2 040 123 456
    viitteellä 10 0401 2345 | 12 040 123 456 | 1 040 123 454 | rf18 0400 1234 56
    [amounts, readings, coordinates]
    1 050 123 | 12 050,50 € | 20 050 123 l | 0,0612345 | 62.8012345, 22.0612345 | 3 kpl 0,5 m | 0.5 m³
    +45 30 000 000 € | +47 22 000 000 | +20 °C | +46 12 | x+46701234567 | +46701234567a | + 12 345 678 €
    [numbers of orders, invoices, meters, files]
    2026-0612345 | #0612345 | TIL-0612345 | L-0401234567 | L0401234567 | 0612345/2025 | 2/0612345 | IMG_0401234567
    0401234567890123 | A0401234567 | 0401234567B | 1002345678 | 00123456 | 45-0612345
    [other countries, identity codes, too short]
    +46 70 123 | +44 20 7946 | +1 040 123 4567 | 131052-902Y | 020352-902Y
    010190-999P | 044 | 040123 | 040 1 | 0 40 | +358 | +358 40 | 0701 2345
    """
)


def test_what_is_no_phone_is_left_alone(call):
    silent(call, "free_text_phone", NO_PHONES)


DAILY_WORK = [
    "Tilaus {a}, toimitus {day:02}.{month:02}.2026 klo {hour:02}.{minute:02}.",
    "Mittari {b} vaihdettu {day}.{month}.2026, loppulukema {c} m³, uusi mittari {a}.",
    "Lasku {a}/2026, viite {r}, eräpäivä {day:02}.{month:02}.2026, {c},{minute:02} €.",
    "Kiinteistö 232-4{minute:02}-{day}-{month}, rakennus {day:03}, postinumero 618{minute:02}.",
    "Käynti {hour:02}:{minute:02}–{hour:02}:59, lukema {c},5 (arvio {c}), hyvitys 1 {c:03},20 €.",
    "Y-tunnus {business}, OVT 0037{ovt}, sopimus 2026-{b}, liite {day:02}/2026.",
    "Jakso {month:02}/2025–{month:02}/2026, kulutus {c} 0{day:02} litraa.",
    "Vesikatko {day:02}.{month:02}.2026 08:00-16:00, alue 0{month}, putki DN{b}.",
    "Viite {ref5}, maksettu 2026-{month:02}-{day:02}.",
    "Kohde {day} ja {month}, venttiili V-0{b}, kartta {c}-{day:02}-{month:02}.",
]


def daily_texts(count):
    rng = random.Random(4)
    for place in range(count):
        digits = "".join(rng.choice("0123456789") for _ in range(14))
        yield DAILY_WORK[place % len(DAILY_WORK)].format(
            a=rng.randrange(10**7, 10**10),
            b=rng.randrange(10**4, 10**8),
            c=rng.randrange(1, 1000),
            r=rng.randrange(10**4, 10**19),
            day=rng.randint(1, 28),
            month=rng.randint(1, 12),
            hour=rng.randrange(24),
            minute=rng.randrange(60),
            business=f"{digits[:7]}-{digits[7]}",
            ovt=digits[:8],
            ref5=f"{digits[:4]} {digits[4:9]} {digits[9:]}",
        )


def test_texts_of_daily_work_hold_nothing(call):
    texts = list(daily_texts(600))
    for macro in MACROS.values():
        assert [text for text, hit in zip(texts, call(macro, texts), strict=True) if hit] == []
    assert set(call("free_text_kinds", texts)) == {None}


# The kinds together


def test_the_kinds_come_in_a_fixed_order(call):
    values = {
        "identity code": "131052-902Y",
        "IBAN": "FI21 1234 5600 0007 85",
        "email address": "a@b.fi",
        "phone number": "040 1234567",
    }
    for mask in range(16):
        kinds = [kind for place, kind in enumerate(values) if mask >> place & 1]
        text = " ja ".join(["Huom", *(values[kind] for kind in reversed(kinds))])
        assert call("free_text_kinds", [text]) == [", ".join(kinds) or None]
        assert call("free_text_codes", [text]) == [
            ", ".join(kind for kind in kinds if kind in ("identity code", "IBAN")) or None
        ]


def test_nothing_in_a_missing_text(call):
    assert call("free_text_kinds", [None, "", " "]) == [None] * 3
    assert call("free_text_phone", [None, ""]) == [None, False]


# Redaction of access packages looks for the same, and for more


def test_what_is_found_in_a_text_is_taken_out_of_a_package(call):
    own = redact.Own(frozenset(), frozenset())
    codes = [code.replace("-", dash) for code in identity_codes(13) for dash in ("-", "\u2011", "\u2013", "\u2212")]
    numbers = [*finnish_ibans(12), *FOREIGN_IBANS]
    rng = random.Random(7)
    accounts = [way(n) for n in numbers for way in (str.lower, iban.format, lambda n: grouped(n, rng, " -"))]
    texts = in_contexts([*codes, *accounts, *PHONES, *FOREIGN_PHONES, "a@b.fi"])
    clean = [redact.codes(redact.free_text(text, own), own) for text in texts]
    left = [redact.Mark.CODE, redact.Mark.DATA, redact.Mark.EMAIL, redact.Mark.ACCOUNT, redact.Mark.PHONE]
    assert [text for text in clean if not any(mark in text for mark in left)] == []
    assert [(a, b) for a, b, hit in zip(texts, clean, call("free_text_kinds", clean), strict=True) if hit] == []


# A made-up Swedish number in every form, and one whose day is 60 more (a co-ordination number).
SWEDISH = [
    "890201-2387", "19890201-2387", "890201+2387", "198902012387", "8902012387", "890261-2387", "890201\u20132387", "890201 - 2387",
]  # fmt: skip
NOT_SWEDISH = ["891301-2387", "890232-2387", "890293-2387", "8902012388", "1234567890", "45890201-2387"]


@pytest.mark.parametrize("number", SWEDISH)
def test_a_third_partys_swedish_number_never_leaves(number):
    """With a mistyped check digit too; a person's own stays, in any of its forms."""
    nobody, somebody = redact.Own(frozenset(), frozenset()), redact.Own(frozenset(), frozenset(redact.codes_in(number)))
    for text in (number, f"make {number}, ring", f"({number})", f"pnr:{number}."):
        assert redact.codes(redact.free_text(text, nobody), nobody) == text.replace(number, redact.Mark.CODE)
        assert redact.codes(redact.free_text(text, somebody), somebody) == text
    other = "890261-2387" if "61" in number else "19890201-2387"
    assert redact.codes(other, somebody) == other
    assert redact.codes("890202-2386", somebody) == redact.Mark.CODE


def test_a_swedish_number_counts_with_its_check_digit_where_nothing_else_tells():
    nobody = redact.Own(frozenset(), frozenset())
    assert [redact.codes(text, nobody) for text in NOT_SWEDISH] == NOT_SWEDISH


def test_the_persons_own_phone_and_numbers_of_other_columns_are_no_swedish_number():
    """0401234562 has a month, a day and a check digit; so have a reference and a key of twelve digits."""
    phone = "0401234562"
    own = redact.Own(frozenset(), frozenset(), frozenset({redact.digits(phone)}))
    kinds = {
        "phone": ("pd:TelephoneNumber",),
        "reference": ("pd:Transaction",),
        "key": (),
        "note": ("pd:Communication",),
    }
    values = {"phone": phone, "reference": "8902012387", "key": "201901150001", "note": f"ring {phone}"}
    assert redact.row(values, kinds, own, set(), ("pd:Communication",), False) == (values, [])
    hidden, marks = redact.row(values | {"note": "8902012387"}, kinds, own, set(), ("pd:Communication",), False)
    assert hidden["note"] == redact.Mark.CODE and [mark.field for mark in marks] == ["note"]


def test_what_is_the_persons_own_stays(call):
    number = next(finnish_ibans(1))
    own = redact.Own(
        frozenset(), frozenset(), frozenset({redact.digits("+358 40 123 4567")}), accounts=frozenset({number})
    )
    for text in (
        "(+358) 040 123 4567",
        "040\u2013123 4567",
        f"{iban.format(number).lower()} kiitos",
        iban.format(number, "-"),
    ):
        assert redact.free_text(text, own) == text
