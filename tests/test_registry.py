"""The registry: typed values, missing apart from unreadable, keys that repeat, personal attributes of each record."""

import datetime as dt
from decimal import Decimal

import pytest
from conftest import contract_of, text_column

from pipelines.expectations.contract import Column

DATE, MONTH, MINUTE, YES_NO, AMOUNT, KIND = (
    Column("v", "Arvo", "date", "date", "", format="d.M.yyyy"),
    Column("v", "Arvo", "month", "date", "", format="yyyy-MM"),
    Column("v", "Arvo", "timestamp", "timestamp", "", format="d.M.yyyy H:mm"),
    Column("v", "Arvo", "boolean", "boolean", "", true_value="K", false_value="E"),
    Column("v", "Arvo", "decimal", "decimal(18,4)", "", decimal_separator=",", grouping_separator=" "),
    text_column("v", "Arvo", valid_values=("voimassa", "päättynyt")),
)
UNREADABLE = object()
PLACEHOLDERS = ("-", "--", "?", "ei tiedossa", "ei tiedoss", "puuttuu", "N/A", "tuntematon", "xxx")


def values(land, column: Column, cells: list[str]) -> list:
    """What the registry makes of one column's cells: the value, None where missing, UNREADABLE where unfit."""
    contract = contract_of([text_column("k", "Avain", key=True), column], missing_values=PLACEHOLDERS)
    rows = "".join(f'{number};"{cell.replace(chr(34), chr(34) * 2)}"\n' for number, cell in enumerate(cells))
    land.register(contract, notes="Avain;Arvo\n" + rows, subject=("notes", "k"))
    found = land.query("select v, unreadable from registry.notes order by line")
    assert len(found) == len(cells)
    assert all(unreadable in (None, ["v"]) and (value is None or not unreadable) for value, unreadable in found)
    return [UNREADABLE if unreadable else value for value, unreadable in found]


def reads(land, column: Column, expected: dict[str, object]) -> None:
    assert dict(zip(expected, values(land, column, list(expected)), strict=True)) == expected


# Missing


@pytest.mark.parametrize("column", [text_column("v", "Arvo"), DATE, AMOUNT, YES_NO, KIND], ids=lambda one: one.type)
def test_an_empty_cell_and_every_placeholder_are_missing_in_any_case_and_among_spaces(land, column):
    cells = ["", " ", "\t", "\u00a0", "\u2003 \u00a0", "\n"]
    for word in PLACEHOLDERS:
        cells += [
            word,
            word.upper(),
            word.title(),
            f"  {word} ",
            f"\u00a0{word}\u00a0",
            f"\t{word}\u3000",
            f"\u202f{word.lower()}\r",
        ]
    assert values(land, column, cells) == [None] * len(cells)


def test_what_only_looks_like_a_placeholder_is_a_value(land):
    words = ["---", "??", "- -", "ei  tiedossa", "xxxx", "N/A.", "0", "ei", "NULL", "nan", "xxx x", "ei tiedossa vielä"]
    assert values(land, text_column("v", "Arvo"), words) == words


def test_without_placeholders_only_the_empty_cell_is_missing(land):
    contract = contract_of(["Avain", "Arvo"], missing_values=())
    land.register(contract, notes="Avain;Arvo\n1; \n2;-\n")
    assert land.query("select c2 from registry.notes order by line") == [(None,), ("-",)]


def test_surrounding_white_space_of_any_kind_is_no_part_of_a_value(land):
    spaces = [chr(one) for one in range(0x3001) if chr(one).isspace() and chr(one) != "\r"]
    cells = [f"{space}{space}a{space}b {space}" for space in spaces]
    assert values(land, text_column("v", "Arvo"), cells) == [f"a{space}b" for space in spaces]


def test_text_stays_as_it_is_with_leading_zeros_and_spaces_inside(land):
    words = ["00123", "1e5", "Aalto  Eva", 'a "b"', "31.2.2025", "\u20ac", "\0", "a\nb"]
    assert values(land, text_column("v", "Arvo"), words) == words


# Types


def test_dates(land):
    expected = {
        "31.12.2025": dt.date(2025, 12, 31),
        "1.2.2025": dt.date(2025, 2, 1),
        "01.02.2025": dt.date(2025, 2, 1),
        " 1.2.2025\u00a0": dt.date(2025, 2, 1),
        "28.2.2025": dt.date(2025, 2, 28),
        "29.2.2024": dt.date(2024, 2, 29),
        "29.2.2000": dt.date(2000, 2, 29),
        "1.1.0001": dt.date(1, 1, 1),
        "31.12.9999": dt.date(9999, 12, 31),
    }
    wrong = [
        "29.2.2025",
        "29.2.1900",
        "30.2.2024",
        "31.2.2025",
        "31.4.2025",
        "0.1.2025",
        "1.0.2025",
        "1.13.2025",
        "32.1.2025",
    ]
    wrong += [
        "1.1.25",
        "1.1.0000",
        "1.1.10000",
        "2025-01-01",
        "1/1/2025",
        "1. 1.2025",
        "1.1.2025.",
        "1.1.2025 0:00",
        "tammikuu",
        "-1.1.2025",
        "001.1.2025",
    ]
    reads(land, DATE, expected | dict.fromkeys(wrong, UNREADABLE))


def test_iso_dates_where_the_contract_says_so(land):
    iso = Column("v", "Arvo", "date", "date", "", format="yyyy-MM-dd")
    reads(
        land,
        iso,
        {
            "2024-02-29": dt.date(2024, 2, 29),
            "2025-02-29": UNREADABLE,
            "1.2.2025": UNREADABLE,
            "0000-01-01": UNREADABLE,
        },
    )


def test_timestamps(land):
    expected = {
        "31.12.2025 14:05": dt.datetime(2025, 12, 31, 14, 5),
        "1.2.2025 4:05": dt.datetime(2025, 2, 1, 4, 5),
        "29.2.2024 0:00": dt.datetime(2024, 2, 29),
        "29.2.2024 23:59": dt.datetime(2024, 2, 29, 23, 59),
    }
    wrong = [
        "31.2.2025 14:05",
        "1.2.2025 24:00",
        "1.2.2025 14:60",
        "1.2.2025",
        "14:05",
        "1.2.2025 14:05:30",
        "1.2.2025 14.05",
        "1.1.0000 0:00",
        "1.2.2025 4:5",
    ]
    reads(land, MINUTE, expected | dict.fromkeys(wrong, UNREADABLE))


def test_iso_timestamps_where_the_contract_says_so(land):
    iso = Column("v", "Arvo", "timestamp", "timestamp", "", format="yyyy-MM-dd HH:mm:ss")
    reads(
        land,
        iso,
        {
            "2024-02-29 14:05:09": dt.datetime(2024, 2, 29, 14, 5, 9),
            "2024-02-29 14:05": UNREADABLE,
            "2025-02-29 14:05:09": UNREADABLE,
        },
    )


def test_months_are_their_first_day(land):
    expected = {"2026-06": dt.date(2026, 6, 1), "2024-02": dt.date(2024, 2, 1), "0001-01": dt.date(1, 1, 1)}
    wrong = ["2026-13", "2026-00", "2026-6", "06-2026", "6/2026", "2026-06-01", "202606", "0000-01"]
    reads(land, MONTH, expected | dict.fromkeys(wrong, UNREADABLE))


def test_decimals(land):
    expected = {
        "1 234,50": Decimal("1234.5"),
        "1\u00a0234,50": Decimal("1234.5"),
        "1\u202f234,50": Decimal("1234.5"),
        "1 234\u00a0567,89": Decimal("1234567.89"),
        "1234,50": Decimal("1234.5"),
        "12 345": Decimal("12345"),
        "-1 234,50": Decimal("-1234.5"),
        "-0,01": Decimal("-0.01"),
        "0": Decimal(0),
        "007": Decimal(7),
        "12345678901234": Decimal("12345678901234"),
        "0,0001": Decimal("0.0001"),
    }
    wrong = [
        "12,5x",
        "x",
        "1 23,5",
        "1234 567",
        "1  234",
        " 1 2",
        "1.234,50",
        "1.5",
        "1,2,3",
        ",5",
        "5,",
        "+5",
        "1-",
        "--5",
        "1e3",
        "1 234,5 6",
        "€5",
        "123456789012345",
    ]
    reads(land, AMOUNT, expected | dict.fromkeys(wrong, UNREADABLE))


@pytest.mark.parametrize(
    ("decimal", "grouping", "text"),
    [(".", "", "1234.5"), (".", ",", "1,234.5"), (",", ".", "1.234,5"), (".", "'", "1'234.5")],
)
def test_decimals_are_written_as_the_contract_says(land, decimal, grouping, text):
    column = Column("v", "Arvo", "decimal", "decimal(18,4)", "", decimal_separator=decimal, grouping_separator=grouping)
    reads(
        land,
        column,
        {text: Decimal("1234.5"), "1 234,5": UNREADABLE, "1x234": UNREADABLE, f"12{decimal}34{decimal}5": UNREADABLE},
    )


def test_yes_and_no(land):
    reads(
        land,
        YES_NO,
        {"K": True, "E": False, " K ": True} | dict.fromkeys(["k", "e", "Kyllä", "1", "true", "K E"], UNREADABLE),
    )


def test_a_closed_list_of_values_case_included(land):
    reads(
        land,
        KIND,
        {"voimassa": "voimassa", " päättynyt": "päättynyt"}
        | dict.fromkeys(["Voimassa", "PÄÄTTYNYT", "voimassa.", "päättynyt\u0308", "x"], UNREADABLE),
    )


def test_unreadable_names_every_column_that_did_not_fit_and_the_row_stays(land):
    day, amount = (
        Column("d", "Päivä", "date", "date", "", format="d.M.yyyy"),
        Column("a", "Summa", "decimal", "decimal(18,4)", ""),
    )
    contract = contract_of([text_column("k", "Avain", key=True), day, amount])
    land.register(contract, notes="Avain;Päivä;Summa\n1;31.2.2025;x\n2;;-\n3;1.1.2025;y\n", subject=("notes", "k"))
    assert land.query("from registry.notes order by line") == [
        ("1", 2, "1", None, None, ["d", "a"]),
        ("2", 3, "2", None, None, None),
        ("3", 4, "3", dt.date(2025, 1, 1), None, ["a"]),
    ]


# Keys

NOTES = contract_of(["Numero", "Nimi"])


def test_the_record_key_is_the_primary_key_or_else_the_place_in_the_file(land):
    land.register(NOTES, notes='Numero;Nimi\n"7\n";a\n;b\n ? ;c\n-;d\n')
    assert land.query("select record_key, c1, c2 from registry.notes order by line") == [
        ("7", "7", "a"),
        ("vihko.csv:4", None, "b"),
        ("?", "?", "c"),
        ("vihko.csv:6", None, "d"),
    ]


def test_an_unreadable_key_is_missing_too(land):
    contract = contract_of([Column("day", "Päivä", "date", "date", "", format="d.M.yyyy", key=True)])
    land.register(contract, notes="Päivä\n1.2.2025\n31.2.2025\n", subject=("notes", "day"))
    assert land.query("select record_key, unreadable from registry.notes order by line") == [
        ("2025-02-01", None),
        ("vihko.csv:3", ["day"]),
    ]


def test_a_key_of_several_columns_is_all_of_them_or_the_place(land):
    contract = contract_of([text_column("a", "A", key=True), text_column("b", "B", key=True)])
    land.register(contract, notes="A;B\n1;2\n1;\n;2\n", subject=("notes", "a"))
    assert land.query("select record_key from registry.notes order by line") == [
        ("1|2",),
        ("vihko.csv:3",),
        ("vihko.csv:4",),
    ]


def test_without_its_key_column_every_record_is_known_by_its_place(land):
    land.register(NOTES, notes="Nimi\na\nb\n")
    assert land.query("select record_key, c2 from registry.notes order by line") == [
        ("vihko.csv:2", "a"),
        ("vihko.csv:3", "b"),
    ]


def test_rows_that_share_a_key_all_stay_and_latest_has_the_last_of_the_file(land):
    land.register(NOTES, notes="Numero;Nimi\n1;a\n2;b\n1;c\n;d\n;e\n1 ;f\n")
    assert land.query("select count(*) from registry.notes") == [(6,)]
    assert land.query("select record_key, c2 from latest.notes order by line") == [
        ("2", "b"),
        ("vihko.csv:5", "d"),
        ("vihko.csv:6", "e"),
        ("1", "f"),
    ]


def test_latest_is_the_whole_table_where_no_key_repeats(land):
    land.register(NOTES, notes="Numero;Nimi\n1;a\n01;b\n")
    assert land.query("from latest.notes order by line") == land.query("from registry.notes order by line")


# Columns that are not there


def test_a_column_that_the_file_lacks_is_absent_and_one_nobody_declared_is_not_taken_in(land):
    land.register(contract_of(["Numero", "Nimi", "Huom"]), notes="Muuta;Numero;Huom\nx;1;y\n")
    assert [row[0] for row in land.query("describe registry.notes")] == ["record_key", "line", "c1", "c3", "unreadable"]


def test_without_its_file_a_dataset_has_no_table(land):
    land.register(NOTES, contract_of(["A"], file="toinen.csv", dataset="others"), notes="Numero;Nimi\n1;a\n", others="")
    assert (
        land.query("select table_name from duckdb_tables() where schema_name = 'registry' and table_name = 'others'")
        == []
    )


# Personal attributes


def person(name, header, kind=(), **more):
    return text_column(name, header, categories=tuple(kind), **more)


CUSTOMERS = contract_of(
    [
        person("number", "Numero", ["pd:UID"], key=True),
        person("name", "Nimi", ["pd:Name"]),
        person("code", "Tunnus", ["pd:OfficialID"]),
        person("street", "Osoite", ["pd:PhysicalAddress"]),
        person("postal_code", "Postinumero", ["pd:PhysicalAddress"]),
        person("city", "Kunta", ["pd:PhysicalAddress"]),
        person("phone", "Puhelin", ["pd:TelephoneNumber"]),
        person("email", "Posti", ["pd:EmailAddress"]),
        person("account", "Tili", ["pd:BankAccount"]),
        person("kind", "Laji", personal=False),
        person("extra", "Muuta"),
    ],
    file="asiakkaat.csv",
    dataset="customers",
    address=("street", "postal_code", "city"),
)
CONNECTIONS = contract_of(
    [
        person("connection", "Liittymä", personal=False, key=True),
        person("owner", "Omistaja", ["pd:UID"], references=("customers", "number")),
        person("site", "Paikka", ["pd:PhysicalAddress"]),
    ],
    file="liittymat.csv",
    dataset="connections",
)
READINGS = contract_of(
    [
        person("reading", "Lukema", personal=False, key=True),
        person("connection", "Liittymä", personal=False, references=("connections", "connection")),
        Column("amount", "Määrä", "decimal", "decimal(18,4)", "", categories=("pd:Behaviour",), decimal_separator=","),
    ],
    file="lukemat.csv",
    dataset="readings",
)
CUSTOMER_ROWS = (
    "Numero;Nimi;Tunnus;Osoite;Postinumero;Kunta;Puhelin;Posti;Tili;Laji;Muuta\n"
    "1;Aalto  EVA;131052-902y;Topeekantie 3  A 5;61800;KAUHAJOKI;040 123 4567;Eva@Example.FI;"
    "fi21 1234 5600 0007 85;H;koira\n"
    "2;Berg;;Kotitie 1;-;Kauhajoki;n/a;;;Y;\n"
)


def attributes(land, what: str = "kind, value, normal_value", where: str = "true") -> list[tuple]:
    return land.query(f"select {what} from registry.subject_attributes where {where} order by all")


def test_every_personal_cell_that_has_a_value_is_one_attribute_with_its_normal_form(land):
    land.register(CUSTOMERS, customers=CUSTOMER_ROWS, subject=("customers", "number"))
    assert attributes(land, where="record_key = '1'") == [
        ("dpv:PersonalData", "koira", "koira"),
        ("pd:BankAccount", "fi21 1234 5600 0007 85", "FI2112345600000785"),
        ("pd:EmailAddress", "Eva@Example.FI", "eva@example.fi"),
        ("pd:Name", "Aalto  EVA", "aalto eva"),
        ("pd:OfficialID", "131052-902y", "131052-902Y"),
        ("pd:PhysicalAddress", "Topeekantie 3  A 5, 61800 KAUHAJOKI", "topeekantie 3 a 5, 61800 kauhajoki"),
        ("pd:TelephoneNumber", "040 123 4567", "+358401234567"),
        ("pd:UID", "1", "1"),
    ]


def test_a_column_that_nobody_classified_counts_as_personal_and_one_that_is_not_personal_does_not(land):
    land.register(CUSTOMERS, customers=CUSTOMER_ROWS, subject=("customers", "number"))
    assert attributes(land, "value", "kind = 'dpv:PersonalData'") == [("koira",)]
    assert attributes(land, "value", "value in ('H', 'Y')") == []


def test_an_address_that_lacks_a_part_is_still_known_but_not_compared(land):
    land.register(CUSTOMERS, customers=CUSTOMER_ROWS, subject=("customers", "number"))
    assert attributes(land, where="record_key = '2'") == [
        ("pd:Name", "Berg", "berg"),
        ("pd:PhysicalAddress", "Kotitie 1, Kauhajoki", None),
        ("pd:UID", "2", "2"),
    ]


def test_an_address_whose_column_is_not_in_the_file_is_still_known(land):
    rows = "Numero;Osoite;Kunta\n1;Kotitie 1;Kauhajoki\n2;;Kauhajoki\n3;Kotitie 1;\n4;;\n"
    land.register(CUSTOMERS, customers=rows, subject=("customers", "number"))
    assert attributes(land, "record_key, value, normal_value", "kind = 'pd:PhysicalAddress'") == [
        ("1", "Kotitie 1, Kauhajoki", None),
        ("2", "Kauhajoki", None),
        ("3", "Kotitie 1", None),
    ]


def test_each_attribute_names_the_customer_directly_or_through_the_connection(land):
    land.register(
        READINGS,
        CONNECTIONS,
        CUSTOMERS,
        customers=CUSTOMER_ROWS,
        connections="Liittymä;Omistaja;Paikka\nL1;1;Kotitie 1\nL2;;Kotitie 2\nL3;99;Kotitie 3\nL1;2;Kotitie 4\n",
        readings="Lukema;Liittymä;Määrä\nR1;L1;5,50\nR2;L2;6\nR3;L9;7\nR4;;8\n",
        subject=("customers", "number"),
    )
    assert attributes(land, "record_key, customer_number, value", "dataset = 'readings'") == [
        ("R1", "2", "5.5000"),  # the connection's last row
        ("R2", None, "6.0000"),
        ("R3", None, "7.0000"),
        ("R4", None, "8.0000"),
    ]
    assert attributes(
        land, "record_key, customer_number", "dataset = 'connections' and kind = 'pd:PhysicalAddress'"
    ) == [("L1", "1"), ("L1", "2"), ("L2", None), ("L3", "99")]
    assert attributes(land, "distinct system, dataset", "customer_number = '1'") == [
        ("test", "connections"),
        ("test", "customers"),
    ]


def test_without_the_connections_file_the_attributes_stay_but_name_no_customer(land):
    land.register(
        READINGS,
        CONNECTIONS,
        connections="",
        readings="Lukema;Liittymä;Määrä\nR1;L1;5,50\n",
        subject=("customers", "number"),
    )
    assert attributes(land, "record_key, customer_number, value") == [("R1", None, "5.5000")]


def test_without_any_export_the_view_is_there_and_empty(land):
    land.register(CUSTOMERS, customers="", subject=("customers", "number"))
    assert attributes(land) == []


# The real contracts


def test_every_real_contract_builds_its_table_from_a_header_and_one_row_of_placeholders(land, contracts, own_contracts):
    files = {
        one.dataset: one.delimiter.join(column.header for column in one.columns)
        + "\nX"
        + one.delimiter * (len(one.columns) - 1)
        + "\n"
        for one in (*contracts, *own_contracts)
        if one.kind == "csv"
    }
    csv = [one for one in (*contracts, *own_contracts) if one.kind == "csv"]
    data = {
        one.dataset: files[one.dataset].encode("cp1252" if one.encoding == "windows-1252" else "utf-8") for one in csv
    }
    land.register(*csv, **data, subject=("customers", "customer_number"))
    for one in csv:
        names = [row[0] for row in land.query(f"describe registry.{one.dataset}")]
        assert names == ["record_key", "line", *(column.name for column in one.columns), "unreadable"]
        types = dict(row[:2] for row in land.query(f"describe registry.{one.dataset}"))
        assert {column.name: types[column.name].lower() for column in one.columns} == {
            column.name: column.sql_type for column in one.columns
        }
        assert land.query(f"select count(*) from latest.{one.dataset}") == [(1,)]
