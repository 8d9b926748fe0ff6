"""`vahti check`: what a file seems to be where its contract says otherwise, and nothing that stands in its cells."""

import shutil
from dataclasses import replace

import little
import pytest
import worlds
from conftest import NOTES, contract_of, text_column
from test_landing import SHEET, workbook

from pipelines.expectations.contract import Column
from pipelines.expectations.layout import Layout
from pipelines.landing import seeming

TEXT = "Numero;Nimi;Huom\n" + "".join(f"{n};Mäkinen;yö {n}\n" for n in range(1, 9))
DATED = contract_of(
    [text_column("c1", "Numero", key=True), Column("day", "Alku", "date", "date", "", format="d.M.yyyy")]
)


def said(tmp_path, data, contract=NOTES):
    path = tmp_path / contract.file
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return {(one.what, one.seems, one.declared) for one in seeming.of(contract, path)}


@pytest.mark.parametrize(
    ("data", "contract"),
    [
        (TEXT, NOTES),
        (TEXT.replace("\n", "\r"), NOTES),
        (TEXT.replace("\n", "\r\n").encode("cp1252"), replace(NOTES, encoding="windows-1252")),
        (TEXT.replace("\n", ";\n"), NOTES),  # the same surplus in every line
        (TEXT.replace("yö", '"yö; ö"'), NOTES),
        (TEXT.encode("utf-16"), replace(NOTES, encoding="utf-16")),
        ("Otsikko\n\n" + TEXT, replace(NOTES, layout=Layout(skip_rows=1))),
        (TEXT.partition("\n")[2], replace(NOTES, layout=Layout(header_rows=0))),
        (TEXT.replace(";", "||"), replace(NOTES, delimiter="||")),
        ("Numero;Nimi;Huom\n", NOTES),
        ("Numero;Alku\n1;1.2.2020\n2;\n3;-\n4;2020-01-01\n", DATED),
        ("", NOTES),
    ],
)
def test_a_file_as_its_contract_says_it_is(tmp_path, data, contract):
    assert said(tmp_path, data, contract) == set()


@pytest.mark.parametrize(
    ("data", "contract", "seems"),
    [
        (TEXT, replace(NOTES, encoding="windows-1252"), {("encoding", "utf-8", "windows-1252")}),
        (TEXT.encode("cp1252"), NOTES, {("encoding", "windows-1252", "utf-8")}),
        (TEXT.encode("utf-16"), NOTES, {("encoding", "utf-16", "utf-8")}),
        (TEXT.replace(";", ","), NOTES, {("delimiter", "“,”", "“;”")}),
        (TEXT.replace(";", "\t"), NOTES, {("delimiter", "“tab”", "“;”")}),
        (TEXT, replace(NOTES, delimiter="||"), {("delimiter", "“;”", "“||”")}),
        ("Otsikko\n\n" + TEXT, NOTES, {("headers", "in line 3", "in line 1")}),
        (TEXT, replace(NOTES, layout=Layout(header_rows=0)), {("headers", "in line 1", "there are none")}),
        (TEXT.partition("\n")[2], NOTES, {("headers", "elsewhere, or not there: line 1 has none of them", "in line 1")}),
        (TEXT.replace("yö ", ";yö;"), NOTES, {("columns", "5", "3, and the headers are 3")}),
        (TEXT.replace("\n", "\r", 4).replace("Nimi", "Nimi"), NOTES, {("line ends", "some CR and some LF", "nothing: one of them is expected")}),
        ("Numero;Alku\n1;2020-02-01\n2;\n3;2020-01-01\n", DATED, {("days of “Alku”", "yyyy-MM-dd", "d.M.yyyy")}),
        ("Numero;Alku\n1;1/2/2020\n", DATED, {("days of “Alku”", "d/M/yyyy or M/d/yyyy", "d.M.yyyy")}),
        (workbook(("Otsikko",), (), ("Numero", "Nimi", "Huom"), (1, "a", "b")), SHEET, {("headers", "in line 3", "in line 1")}),
        (workbook(("Numero", "Nimi", "Huom"), (1, "a", "b")), replace(SHEET, layout=Layout(header_row=3)),
         {("headers", "in line 1", "in line 3")}),
    ],
)  # fmt: skip
def test_what_it_seems_to_be_where_the_contract_says_otherwise(tmp_path, data, contract, seems):
    assert seems <= said(tmp_path, data, contract)


@pytest.mark.parametrize("period", little.PERIODS)
def test_the_samples_are_as_their_contracts_say(period):
    from pipelines.job import arrived, fit

    checks = arrived.seeming(worlds.SAMPLES / "exports", worlds.EXPECTATIONS, period)
    assert len(checks) == 18 and {check.state for check in checks if check.found != "missing"} == {fit.FINE}


def test_the_command_says_it_without_a_cell_and_takes_nothing_in(tmp_path, monkeypatch, capsys):
    period, home = "2025-12-31", tmp_path / "home"
    shutil.copytree(worlds.SAMPLES / "exports" / period, tmp_path / "exports" / period)
    path = tmp_path / "exports" / period / "vesikanta_asiakkaat.csv"
    text = path.read_text("cp1252")
    path.write_text(text.replace(";", ","), "utf-8")
    (path.parent / "vesikanta_reklamaatiot.csv").unlink()
    words = ("check", "--exports", tmp_path / "exports", "--expectations", worlds.EXPECTATIONS, "--home", home)
    code, out, err = little.command(monkeypatch, capsys, *words)
    assert (code, home.exists()) == (15, False) and "to be mended: vesikanta_asiakkaat.csv" in err
    assert "encoding: seems to be utf-8, the contract says windows-1252" in " ".join(out.split())
    assert "missing" in out
    names = {row.split(";")[2] for row in text.splitlines()[1:] if row.count(";") > 3} - {""}
    assert len(names) > 300 and not [name for name in names if name in out + err]
    code, _, err = little.command(monkeypatch, capsys, *words, "--period", "2025-12-30")
    assert code == 14 and "did you mean 2025-12-31" in err
