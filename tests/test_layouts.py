"""Files that are no plain table with one header line: what a contract can say of them, option by option."""

from dataclasses import replace

import pytest
import worlds
import yaml
from conftest import NOTES
from test_landing import SHEET, workbook

from pipelines.errors import ExpectationsError
from pipelines.expectations.contract_reader import load_contract
from pipelines.expectations.layout import Layout

HEADER = "Numero;Nimi;Huom\n"


def laid_out(**options):
    delimiter, encoding = options.pop("delimiter", ";"), options.pop("encoding", "utf-8")
    return replace(NOTES, delimiter=delimiter, encoding=encoding, layout=Layout(**options))


def balanced(landed):
    assert landed.status == "read" and landed.books[0] == landed.books[1] + landed.books[2]
    return landed


@pytest.mark.parametrize(
    ("text", "contract", "cells"),
    [
        ("Raportti 2026\n\n" + HEADER + "1;a;b\n", laid_out(skip_rows=2), [("1", "a", "b")]),
        ("Nume;Ni;Hu\n" + HEADER + "1;a;b\n", laid_out(skip_rows=1), [("1", "a", "b")]),
        ("1;a;b\n2;c;d\n", laid_out(header_rows=0), [("1", "a", "b"), ("2", "c", "d")]),
        ("x\n1;a;b\n", laid_out(header_rows=0, skip_rows=1), [("1", "a", "b")]),
        (HEADER + "1;'a;''b';\"c\"\n", laid_out(quote="'"), [("1", "a;'b", '"c"')]),
        (HEADER + '1;"a;"b;c\n', laid_out(quote=""), []),
        (HEADER + '1;"a;b"\n', laid_out(quote=""), [("1", '"a', 'b"')]),
        (HEADER + '1;"a\\"b;c";d\\;e\n', laid_out(escape="\\"), [("1", 'a"b;c', "d;e")]),
        (HEADER + "1;a\\\\;b\n", laid_out(escape="\\"), [("1", "a\\", "b")]),
        (HEADER.replace(";", "||") + '1||"a||b"||c|d\n', laid_out(delimiter="||"), [("1", "a||b", "c|d")]),
        (
            'NumeroNimi  Huom \n1     "a bb cc\n2     x\n',
            laid_out(widths=(6, 6, 5), quote=""),
            [("1     ", '"a bb ', "cc"), ("2     ", "x", "")],
        ),
    ],
    ids=["skipRows", "skipRows over a header", "no header", "no header, skipRows", "quote", "no quote, too many",
         "no quote", "escape", "escaped escape", "delimiter of several", "widths"],
)  # fmt: skip
def test_what_a_contract_says_is_how_the_file_is_read(land, text, contract, cells):
    assert balanced(land(text, contract)).cells == cells


def test_a_header_over_two_rows_is_joined_cell_by_cell(land):
    headers = ("Nro", "Nimi suku", "Nimi etu")
    columns = tuple(replace(column, header=header) for column, header in zip(NOTES.columns, headers, strict=True))
    contract = replace(NOTES, layout=Layout(header_rows=2), columns=columns)
    landed = balanced(land("Nro;Nimi;Nimi\n;suku;etu\n1;a;b\n", contract))
    assert (landed.rows, {status for *_, status in landed.columns}) == ([(3, "1", "a", "b")], {"declared"})


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "iso8859-15", "cp437", "mac-roman", "cp037"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_any_encoding_that_python_has(land, encoding, end):
    text = (HEADER + "1;Mäkinen;yö\n2;Öhman;\n").replace("\n", end)
    landed = balanced(land(text.encode(encoding), laid_out(encoding=encoding)))
    assert landed.rows == [(2, "1", "Mäkinen", "yö"), (3, "2", "Öhman", "")]
    assert land.query("select seems from feed.files") == [("",)]


def test_rejected_lines_keep_their_own_characters(land):
    land(HEADER.replace(";", "||") + "1||'a'\n", laid_out(delimiter="||", quote="'"))
    assert land.query("select text from raw.rejected_rows") == [("1||'a'",)]


def test_a_fixed_width_line_that_is_too_long_is_rejected(land):
    text = "NumeroNimi  Huom \n1     a     b    \n2     c     d    x\n"
    landed = balanced(land(text, laid_out(widths=(6, 6, 5), quote="")))
    assert (len(landed.rows), landed.rejected) == (1, [(3, "cell beyond the last header")])


def sheet(**options):
    return replace(SHEET, layout=Layout(**options))


TITLED = [
    ("Väestö kunnittain 2026",), (), ("", "Numero", "Nimi", "Huom", "muuta"), ("", 1, "a", "b", "x"),
    ("", 2, "c", "d", ""), ("", "Lähde: rekisteri"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "contract", "landed_rows"),
    [
        (TITLED, sheet(cell_range=(3, 5, 2, 4)), [(4, "1", "a", "b"), (5, "2", "c", "d")]),
        ([("Otsikko",), ("Numero", "Nimi", "Huom"), (1, "a", "b")], sheet(header_row=2), [(3, "1", "a", "b")]),
        ([(1, "a", "b"), (2, "c", "d")], sheet(header_rows=0), [(1, "1", "a", "b"), (2, "2", "c", "d")]),
        ([("x",), (1, "a", "b")], sheet(header_rows=0, skip_rows=1), [(2, "1", "a", "b")]),
    ],
    ids=["cellRange", "headerRow", "no header", "no header, skipRows"],
)
def test_a_sheet_with_a_title_or_without_headers(land, rows, contract, landed_rows):
    assert balanced(land(workbook(*rows), contract)).rows == landed_rows


def written(tmp_path, **options):
    document = yaml.safe_load((worlds.EXPECTATIONS / "contracts" / "vesikanta.claims.odcs.yaml").read_text("utf-8"))
    table = document["schema"][0]
    table["customProperties"] = [one for one in table["customProperties"] if one["property"] not in options]
    table["customProperties"] += [{"property": name, "value": value} for name, value in options.items()]
    path = tmp_path / "vesikanta.claims.odcs.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    return path


def test_contracts_say_all_of_it(tmp_path):
    contract = load_contract(
        written(tmp_path, skipRows=2, headerRows=2, quote="'", escape="\\", delimiter="||", encoding="utf-16")
    )
    assert contract.layout == Layout(2, 2, "'", "\\")
    assert (contract.delimiter, contract.encoding) == ("||", "utf-16")
    contract = load_contract(written(tmp_path, header="none", quote="none", cellRange="B3:AA9", headerRow=3))
    assert contract.layout == Layout(0, 0, "", header_row=3, cell_range=(3, 9, 2, 27))
    assert load_contract(written(tmp_path, widths=[3, 4, 5, 6, 7])).layout.widths == (3, 4, 5, 6, 7)


def test_decimal_and_thousands_hold_for_every_column_that_does_not_say_otherwise(tmp_path):
    document = yaml.safe_load((worlds.EXPECTATIONS / "contracts" / "vesikanta.invoices.odcs.yaml").read_text("utf-8"))
    table = document["schema"][0]
    table["customProperties"] += [{"property": "decimal", "value": "."}, {"property": "thousands", "value": ","}]
    for column in table["properties"]:
        column.pop("customProperties", None) if column["name"] == "amount" else None
    path = tmp_path / "vesikanta.invoices.odcs.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    column = load_contract(path).column("amount")
    assert (column.decimal_separator, column.grouping_separator) == (".", ",")


@pytest.mark.parametrize(
    "options",
    [{"skipRows": "two"}, {"skipRows": -1}, {"quote": "aa"}, {"header": "yes"}, {"widths": [0]}, {"cellRange": "B3"},
     {"cellRange": "B9:A1"}, {"encoding": "klingon"}, {"encoding": "base64"}],
)  # fmt: skip
def test_a_mistake_in_them_is_told(tmp_path, options):
    with pytest.raises(ExpectationsError):
        load_contract(written(tmp_path, **options))
