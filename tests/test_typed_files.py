"""Exports whose cells have types, Parquet and JSON lines, and exports that are packed: read as the same table in CSV."""

import datetime as dt
import gzip
import io
import json
from dataclasses import replace
from decimal import Decimal

import pyarrow as arrow
import pytest
import worlds
import yaml
from conftest import NOTES, contract_of, text_column
from pyarrow import parquet

from pipelines.errors import ExpectationsError, ExportsError
from pipelines.expectations.contract_reader import load_contract
from pipelines.expectations.layout import Layout
from pipelines.landing import frames, seeming

COLUMNS = (
    text_column("number", "Numero", key=True),
    replace(text_column("day", "Päivä"), type="date", format="d.M.yyyy"),
    replace(text_column("amount", "Määrä"), type="decimal", decimal_separator=","),
    replace(text_column("paid", "Maksettu"), type="boolean", true_value="K", false_value="E"),
)
ROWS = [
    {"Numero": "1", "Päivä": dt.date(2026, 6, 30), "Määrä": Decimal("12.50"), "Maksettu": True},
    {"Numero": "2", "Päivä": None, "Määrä": None, "Maksettu": False},
]
CELLS = [("1", "30.6.2026", "12,50", "K"), ("2", "", "", "E")]


def contract(kind: str, columns=COLUMNS, **layout):
    return replace(contract_of(columns, file=f"vihko.{kind}"), kind=kind, layout=Layout(**layout))


def written(table: dict | list, **more) -> bytes:
    made = arrow.Table.from_pylist(table) if isinstance(table, list) else arrow.table(table)
    stream = io.BytesIO()
    parquet.write_table(made, stream, **more)
    return stream.getvalue()


def lines(*objects: dict) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=False, default=str) + "\n" for one in objects).encode()


def balanced(landed):
    assert landed.status == "read" and landed.books[0] == landed.books[1] + landed.books[2]
    return landed


def test_a_parquet_file_is_read_as_the_same_table_in_csv(land):
    landed = balanced(land(written(ROWS), contract("parquet")))
    assert (landed.cells, [row[0] for row in landed.rows], landed.lines) == (CELLS, [1, 2], 2)


@pytest.mark.parametrize(
    ("values", "cells"),
    [
        (arrow.array([7, None]), ["7", ""]),
        (arrow.array([0.5, 1e6]), ["0.5", "1000000"]),
        (arrow.array(["a", "b"]).dictionary_encode(), ["a", "b"]),
        (arrow.array([dt.datetime(2026, 6, 30, 14, 5)] * 2), ["30.6.2026 14:05"] * 2),
        (arrow.array([1_782_828_300_000_000_000] * 2, arrow.timestamp("ns")), ["30.6.2026 14:05"] * 2),
        (arrow.array([dt.datetime(2026, 6, 30, 14, 5, tzinfo=dt.UTC)] * 2), ["2026-06-30T14:05:00+00:00"] * 2),
        (arrow.array([dt.time(9, 30)] * 2), ["09:30:00"] * 2),
        (arrow.array([None, None]), ["", ""]),
    ],
    ids=["whole", "float", "dictionary", "moment", "nanoseconds", "zone", "time", "null"],
)
def test_cells_of_other_types_are_text_that_the_contract_judges(land, values, cells):
    columns = (text_column("number", "Numero", key=True), text_column("value", "Arvo"))
    columns = (columns[0], replace(columns[1], decimal_separator="."))
    data = written({"Numero": arrow.array(["1", "2"]), "Arvo": values})
    landed = balanced(land(data, contract("parquet", columns)))
    assert [row[1].replace(",", ".") for row in landed.cells] == cells


@pytest.mark.parametrize(
    "nested", [arrow.array([[1], [2]]), arrow.array([{"a": 1}] * 2), arrow.array([b"x", b"y"])], ids=["list", "struct", "bytes"]
)  # fmt: skip
def test_a_column_of_more_than_values_is_one_message(land, nested):
    with pytest.raises(ExportsError, match="lists, objects or bytes"):
        land(written({"Numero": arrow.array(["1", "2"]), "Nimi": nested}), contract("parquet"))


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_parquet_file_that_is_cut_short_is_one_message(land, share):
    data = written(ROWS)
    with pytest.raises(ExportsError, match="not a readable Parquet file"):
        land(data[: int(len(data) * share)] or b"PAR1", contract("parquet"))


def test_one_that_is_damaged_is_one_message_or_refused_or_read(land):
    data = written([{"Numero": str(number), "Päivä": None} for number in range(300)])
    for place in range(4, len(data), 97):
        spoilt = bytearray(data)
        spoilt[place] ^= 0xFF
        try:
            landed = land(bytes(spoilt), contract("parquet"))
            assert landed.status in ("refused", "no header line") or balanced(landed)
        except ExportsError as error:
            assert "Parquet" in str(error) or "lists" in str(error)


def test_a_column_twice_and_an_undeclared_one_are_told_as_in_csv(land):
    table = arrow.Table.from_arrays([arrow.array(["1"])] * 3, names=["Numero", "Numero", "Uusi"])
    stream = io.BytesIO()
    parquet.write_table(table, stream)
    landed = land(stream.getvalue(), contract("parquet"))
    same = land(b"Numero;Numero;Uusi\n1;1;1\n", contract("csv"))
    assert (landed.status, landed.columns, landed.cells) == (same.status, same.columns, same.cells)


def test_more_rows_than_memory_holds_at_once(land):
    rows = 300_000
    data = written({"Numero": arrow.array(map(str, range(rows))), "Päivä": arrow.array(["30.6.2026"] * rows)})
    assert balanced(land(data, contract("parquet"))).books == (rows, rows, 0)


def test_a_parquet_file_that_unpacks_to_far_too_much_is_refused_and_the_period_goes_on(land):
    data = written({"Numero": arrow.array(["x" * 1_000_000] * 3_000)}, use_dictionary=True, compression="zstd")
    assert len(data) < 10_000_000
    landed = land(data, contract("parquet"))
    assert landed.status == "refused"


@pytest.mark.parametrize("packed", [False, True])
def test_json_lines_are_read_as_the_same_table_in_csv(land, packed):
    first, second = ({**row, "Päivä": row["Päivä"] and "30.6.2026"} for row in ROWS)
    data = b'{"Numero": "1", "P\\u00e4iv\\u00e4": "30.6.2026", "M\xc3\xa4\xc3\xa4r\xc3\xa4": 12.50, "Maksettu": true}\r\n\n'
    data += lines({name: value for name, value in second.items() if value is not None})
    landed = balanced(land(gzip.compress(data) if packed else data, contract("jsonl", is_packed=packed)))
    assert landed.cells == CELLS and [row[0] for row in landed.rows] == [1, 3] and first


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b'{"Numero": "1"}\n{"Numero": \n', "line 2"),
        (b'{"Numero": "1"}\n["1"]\n', "line 2"),
        (b'{"Numero": "1", "Numero": "2"}\n', "line 1"),
        (b"[" * 100_000, "line 1"),
        (b'\xff{"Numero": "1"}\n', "line 1"),
        (b'{"Numero": {"a": 1}}\n', "lists, objects"),
    ],
)
def test_a_line_that_is_no_object_of_values_is_one_message(land, data, problem):
    with pytest.raises(ExportsError, match=problem):
        land(data, contract("jsonl"))


def test_an_empty_file_has_no_header_as_an_empty_csv(land):
    for kind in ("parquet", "jsonl"):
        assert land(b"", contract(kind)).status == "no header line"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252"])
def test_a_packed_file_is_read_as_it_was_before(land, end, encoding):
    text = 'Numero;Nimi;Huom\n1;"a\nb";ä\n2;c\n3;d;e\n'.replace("\n", end).encode(encoding)
    plain = land(text, replace(NOTES, encoding=encoding))
    packed = land(
        gzip.compress(text[:20]) + gzip.compress(text[20:]),
        replace(NOTES, encoding=encoding, layout=Layout(is_packed=True)),
    )
    assert (packed.rows, packed.rejected, packed.lines, packed.books) == (
        plain.rows,
        plain.rejected,
        plain.lines,
        plain.books,
    )


@pytest.mark.parametrize(
    "spoilt", [lambda data: data[:-9], lambda data: b"Numero;Nimi\n1;a\n", lambda data: data[:10] + b"\xff" * 9]
)
def test_one_that_is_no_whole_gzip_file_is_one_message(land, spoilt):
    data = gzip.compress(b"Numero;Nimi;Huom\n" + b"1;a;b\n" * 10_000)
    with pytest.raises(ExportsError, match="not a whole gzip file"):
        land(spoilt(data), replace(NOTES, layout=Layout(is_packed=True)))


def test_what_unpacks_to_no_end_is_refused(land, monkeypatch):
    bomb = gzip.compress(b"Numero;Nimi;Huom\n" + b"\0" * (frames.MOST_UNPACKED + 2**20))
    assert len(bomb) < 2**20
    landed = land(bomb, replace(NOTES, layout=Layout(is_packed=True)))
    assert landed.status == "refused"


def test_what_a_packed_file_seems_to_be_is_looked_at_too(tmp_path):
    path = tmp_path / "vihko.csv"
    path.write_bytes(gzip.compress(b"Numero,Nimi,Huom\n1,a,b\n2,a,b\n"))
    (found,) = seeming.of(replace(NOTES, layout=Layout(is_packed=True)), path)
    assert (found.what, found.seems) == ("delimiter", "“,”")
    with pytest.raises(ExportsError, match="not a whole gzip file"):
        path.write_bytes(b"Numero;Nimi;Huom\n")
        seeming.of(replace(NOTES, layout=Layout(is_packed=True)), path)


def test_contracts_name_them(tmp_path):
    document = yaml.safe_load((worlds.EXPECTATIONS / "contracts" / "vesikanta.claims.odcs.yaml").read_text("utf-8"))
    table = document["schema"][0]
    path = tmp_path / "vesikanta.claims.odcs.yaml"

    def read(kind: str, *options: dict):
        table["physicalType"] = kind
        kept = [one for one in table.get("customProperties", ()) if one["property"] not in ("compression", "encoding")]
        table["customProperties"] = [*kept, *options]
        path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
        return load_contract(path)

    packed = {"property": "compression", "value": "gzip"}
    assert [read(kind).kind for kind in ("csv", "parquet", "jsonl")] == ["csv", "parquet", "jsonl"]
    assert read("csv", packed).layout.is_packed and read("jsonl", packed).layout.is_packed
    for kind, option in (
        ("parquet", packed),
        ("xlsx", packed),
        ("csv", {"property": "compression", "value": "zip"}),
        ("orc", packed),
    ):
        with pytest.raises(ExpectationsError, match=r"compression|orc"):
            read(kind, option)
    with pytest.raises(ExpectationsError, match="compression"):
        read("csv", packed, {"property": "encoding", "value": "utf-16"})


def test_the_findings_are_those_of_the_same_table_in_csv(tmp_path):
    loaded = worlds.expectations()
    claims = next(one for one in loaded.contracts if one.dataset == "claims")
    typed = replace(claims, kind="parquet", file="reklamaatiot.parquet")
    others = replace(loaded, contracts=tuple(typed if one is claims else one for one in loaded.contracts))
    folder = worlds.write(
        tmp_path / "csv" / worlds.PERIOD,
        customers="customer_number | name\nA1 | Virtanen Matti",
        claims="""
            claim_number | customer_number | opened_on | resolved_on | description
            R1           | A1              | 1.3.2015  | 1.4.2015    | .
            R2           | A9              | 1.3.2026  | .           | soita 0407654321
        """,
    )
    text = (folder / claims.file).read_bytes().decode(claims.encoding).splitlines()
    header, *rows = (line.split(claims.delimiter) for line in text)
    days = {place for place, name in enumerate(header) if claims.column("opened_on").header == name}
    table = [
        {
            name: dt.datetime.strptime(cell, "%d.%m.%Y").date() if place in days else cell or None
            for place, (name, cell) in enumerate(zip(header, row, strict=True))
        }
        for row in rows
    ]
    (tmp_path / "typed" / worlds.PERIOD).mkdir(parents=True)
    for path in folder.iterdir():
        if path.name != claims.file:
            (tmp_path / "typed" / worlds.PERIOD / path.name).write_bytes(path.read_bytes())
    (tmp_path / "typed" / worlds.PERIOD / typed.file).write_bytes(written(table))
    with worlds.judged(tmp_path / "csv") as plain, worlds.judged(tmp_path / "typed", loaded=others) as other:
        found = [one for one in plain.findings() if one["dataset"] == "claims"]
        assert found and found == [one for one in other.findings() if one["dataset"] == "claims"]
