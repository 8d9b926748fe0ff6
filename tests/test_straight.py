"""Rows that go straight into a raw table: to the byte what the judge of records makes of the same file."""

import random
from dataclasses import replace

import pytest
from conftest import NOTES, contract_of, landing
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipelines.landing import lines, straight

HEADER = "Numero;Nimi;Huom\n"
# What lines are made of: whole rows mostly, and all that a row may have wrong.
CELLS = [
    "1",
    "K2",
    "Aalto",
    "",
    " ",
    "Åke",
    "yö",
    "x y",
    "~",
    "!",
    "~a",
    "Numero",
    "Numerot",
    "-",
    "\t",
    "\u00a0",
    "\x1f",
    "1,5",
    "'",
    "\\\\",
]
ROWS = st.lists(st.sampled_from(CELLS), min_size=3, max_size=3).map(";".join)
ODD = st.sampled_from(
    [
        "",
        ";;",
        " ; ;",
        "1;2",
        "1;2;3;",
        "1;2;3;4",
        "Numero;Nimi;Huom",
        "Numero;Nimi;Muu",
        ";a;b",
        "x",
        ";",
        'a;"b;c',
        'a;"b";c',
        'a;b";c',
        "a;b\rc;d",
        "a;\x00;b",
        "a;\x01;b",
        "a;\x02;b",
        "a;\ufdd0;b",
        "\ufeffa;b;c",
        "a;b;\u2028",
        "#a;b;c",
        '"a";b;c',
        'a;"b;b";c',
        '1;"""x""";2',
        '"1;2"',
        '"";"";""',
        '1;2;"x',
    ]
)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with landing(tmp_path_factory.mktemp("straight")) as place:
        yield place


def told(place, contract) -> list:
    """All that landing left of a file."""
    tables = ["feed.files", "feed.columns", "raw.rejected_rows", "feed.rejected_cells", "raw.undeclared_headers"]
    there = place.query("select table_name from duckdb_tables() where schema_name = 'raw' and not temporary order by 1")
    if (contract.raw,) in there:
        tables.append(f"raw.{contract.raw}")
    found = [place.query(f"select * from {table} order by all") for table in tables]
    assert not [name for (name,) in there if name.startswith("straight of")]
    return found


def both(place, monkeypatch, data: bytes, contract=NOTES, size: int = 40) -> tuple[list, list, int]:
    """What the judge alone and both together make of a file in small pieces, and how many rows went straight."""
    taken = []
    merge = straight.Straight.merge
    with monkeypatch.context() as patch:
        patch.setattr(lines, "PIECE_BYTES", size)
        patch.setattr(straight.Straight, "merge", lambda self, source: (taken.append(self.count), merge(self, source)))
        found = []
        for least in (2**40, 0):
            patch.setattr(straight, "LEAST_BYTES", least)
            place.query(f"drop table if exists raw.{contract.raw}") if least else None
            place(data, contract)
            found.append(told(place, contract))
            place.connection.execute(f"drop table if exists raw.{contract.raw}")
    return *found, sum(taken)


@pytest.fixture(scope="module")
def module_patch():
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(st.one_of(ROWS, ROWS, ROWS, ODD), max_size=25), end=st.sampled_from(["\n", "\r\n"]), size=st.integers(20, 300),
    header=st.sampled_from([HEADER, HEADER, "\n" + HEADER, "Huom;Numero;Nimi\n", "Numero;Nimi;Huom;\n", "Numero;Nimi;Muu\n", "Numero;;Nimi;Huom\n"]),
)  # fmt: skip
@example(rows=["1;a;b"] * 20, end="\n", size=40, header=HEADER)
def test_both_ways_make_the_same(place, module_patch, rows, end, size, header):
    text = (header + "\n".join(rows) + "\n").replace("\n", end)
    judged, straightened, _ = both(place, module_patch, text.encode(), size=size)
    assert judged == straightened


def test_rows_go_straight_but_for_those_that_are_left(place, monkeypatch):
    rows = [f"{n};a;b" for n in range(30)]
    for at, odd in ((3, "x"), (9, ""), (17, "Numero;Nimi;Huom"), (18, "1;2;3;4"), (25, "Åke;a;b"), (29, ";;")):
        rows[at] = odd
    judged, straightened, count = both(place, monkeypatch, (HEADER + "\n".join(rows)).encode(), size=120)
    assert judged == straightened and 15 <= count <= 24


@pytest.mark.parametrize(
    ("odd", "registered", "went"),
    [
        ('31;"a;b";c\n', 31, True),
        ('31;"a\nb";c\n', 31, False),
        ('31;5";c\n', 31, False),
        ('31;"a"b;c\n', 30, False),
        ('31;"a;b\n', 30, False),
    ],
)
def test_a_quote_that_is_open_in_the_last_piece_puts_all_before_the_judge(place, monkeypatch, odd, registered, went):
    rows = "".join(f"{n};a;b\n" for n in range(30))
    judged, straightened, count = both(place, monkeypatch, (HEADER + rows + odd).encode())
    assert judged == straightened and len(judged[-1]) == registered and (count > 25) == went


@pytest.mark.parametrize(
    "contract",
    [
        replace(NOTES, delimiter="\t"), replace(NOTES, delimiter="|"), replace(NOTES, encoding="windows-1252"), replace(NOTES, delimiter="||"),
        replace(NOTES, delimiter="§"), contract_of(["Numero"]),
    ],
)  # fmt: skip
def test_with_other_contracts(place, monkeypatch, contract):
    text = HEADER.replace(";", contract.delimiter) + "".join(
        f"{n};å{n};b\n".replace(";", contract.delimiter) for n in range(40)
    )
    codec = "cp1252" if contract.encoding == "windows-1252" else "utf-8"
    judged, straightened, _ = both(place, monkeypatch, text.encode(codec), contract)
    assert judged == straightened


def test_bytes_that_were_changed(place, monkeypatch):
    data = (HEADER + "".join(f"{n};Aalto {n};3.4.2020\n" for n in range(40))).encode()
    for seed in range(25):
        chance = random.Random(seed)
        spoilt = bytearray(data)
        for _ in range(3):
            spoilt[chance.randrange(len(spoilt))] = chance.choice(b";\n\r\x00a\xe4 ")
        judged, straightened, _ = both(place, monkeypatch, bytes(spoilt), size=200)
        assert judged == straightened, seed


def test_nothing_is_lost_where_the_engine_reads_another_number_of_rows(place, monkeypatch):
    data = (HEADER + "".join(f"{n};a;b\n" for n in range(40))).encode()
    with monkeypatch.context() as patch:
        patch.setattr(straight, "READ", straight.READ + ", skip = 1")
        judged, straightened, count = both(place, patch, data)
    assert judged == straightened and count == 0 and len(judged[-1]) == 40
