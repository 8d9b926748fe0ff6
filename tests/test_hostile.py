"""Exports, contracts and files that mean harm: each ends in a finding or in a message, in little memory, and touches
nothing outside the home. What a line, a cell or a header may hold is in test_landing.py."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import little
import pytest
import worlds
from little import PERIODS, Place
from workbooks import workbook, zipped

from pipelines.errors import ExpectationsError, ExportsError, HomeError
from pipelines.expectations.contract_reader import load_contract
from pipelines.expectations.controller import load_controller
from pipelines.expectations.rule import load_rule
from pipelines.home import store
from pipelines.landing import periods

SOAK = int(os.environ.get("VAHTI_SOAK_KILLS", "0"))
MEGABYTE = 2**20
# Lands a file in a process of its own, and says what came of it, how long it took, and how much memory.
LAND = """
import resource, sys, json
import duckdb
from pathlib import Path
sys.path.insert(0, "tests")
from conftest import NOTES, contract_of, landing
from pipelines.errors import VahtiError
folder, file = Path(sys.argv[1]), sys.argv[2]
contract = contract_of(["Numero", "Nimi", "Huom"], file=file)
resource.setrlimit(resource.RLIMIT_AS, (8 * 2**30, 8 * 2**30))
with landing(folder) as land:
    land.connection.execute("set memory_limit = '500MB'")
    began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        landed = land(None, contract)
        told = {"status": landed.status, "rows": [row[1:2] for row in landed.rows[:5]], "rejected": landed.rejected[:5], "columns": len(landed.columns)}
    except VahtiError as error:
        told = {"error": str(error)}
    except duckdb.OutOfMemoryException:
        told = {"error": "needs more memory, as `vahti run` says it. Remedy"}
print("\\n" + json.dumps(told | {"grown": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - began) // 1024}))
"""


def landed(path: Path) -> dict:
    """What came of one file; `grown`: megabytes."""
    command = [sys.executable, "-c", LAND, str(path.parent), path.name]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", cwd=worlds.ROOT, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])  # a progress bar may stand before it


# Size


def test_a_line_of_hundreds_of_megabytes_is_rejected_in_little_memory(tmp_path):
    """2 GB of it with `make soak`. The file is sparse: a hole of NULs is a line, too."""
    path, size = tmp_path / "vihko.csv", (2200 if SOAK else 300) * MEGABYTE
    with path.open("wb") as file:
        file.write(b"Numero;Nimi;Huom\n1;a;b\n2;c;")
        file.seek(size)
        file.write(b"\n3;d;e\n")
    told = landed(path)
    assert (told["rows"], told["rejected"]) == ([["1"], ["3"]], [[3, "line too long"]])
    assert told["grown"] < 450


def test_a_header_of_a_million_columns_is_no_header_in_little_memory(tmp_path):
    path = tmp_path / "vihko.csv"
    path.write_text("Numero;Nimi;Huom;" + "x;" * 990_000 + "\n1;a;b\n", "utf-8")
    told = landed(path)
    assert (told["status"], told["rows"]) == ("refused", [])
    assert told["grown"] < 400


def test_rows_of_a_million_cells_are_rejected_or_end_in_a_message_in_little_memory(tmp_path):
    path = tmp_path / "vihko.csv"
    path.write_text("Numero;Nimi;Huom\n" + ("1" + ";x" * 900_000 + "\n") * 20 + "2;a;b\n", "utf-8")
    told = landed(path)
    assert "error" in told or (told["rows"], told["rejected"][0]) == ([["2"]], [2, "cell beyond the last header"])
    assert told["grown"] < 1200


# Workbooks


def lying(data: bytes, name: str) -> bytes:
    """The same archive, in which one part says that it is small."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = archive.getinfo(name)
    data = bytearray(data)
    struct.pack_into("<I", data, entry.header_offset + 22, 1000)
    place = data.rindex(name.encode()) - 46
    assert data[place : place + 4] == b"PK\x01\x02"
    struct.pack_into("<I", data, place + 24, 1000)
    return bytes(data)


GOOD = workbook(("Numero", "Nimi", "Huom"), ("1", "a", "b"))
SHEET, SHARED = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12))
    + b"]>"
)


def repeated_text() -> dict[str, bytes]:
    """One long text to which a million cells refer: 32 kilobytes a cell, and thirty bytes in the file."""
    text = b"x" * 32_000
    shared = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + text + b"</t></si></sst>"
    )
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 1_000_001))
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + cells
        + b"</sheetData></worksheet>"
    )
    return GOOD | {SHEET: sheet, SHARED: shared}


def after_declaration(part: bytes, start: bytes) -> bytes:
    return start + re.sub(rb"^<\?xml.*?\?>\s*", b"", part)


WORKBOOKS = {
    "a part larger than it says": lambda: lying(zipped(GOOD | {SHEET: GOOD[SHEET] + b" " * 200 * MEGABYTE}), SHEET),
    "a text that a million cells repeat": lambda: zipped(repeated_text()),
    "a billion laughs in the texts": lambda: zipped(GOOD | {SHARED: after_declaration(GOOD[SHARED].replace(b"Nimi", b"&l;"), LAUGHS)}),
    "a billion laughs in the sheet": lambda: zipped(GOOD | {SHEET: after_declaration(GOOD[SHEET], LAUGHS).replace(b"<v>0</v>", b"<v>&l;</v>")}),
    "a file of this machine in the texts": lambda: zipped(
        GOOD | {SHARED: after_declaration(GOOD[SHARED].replace(b"Nimi", b"&f;"), b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>')}
    ),
    "parts that climb out of the archive": lambda: zipped(GOOD | {"../../../tmp/vahti-out.xml": b"x", "/tmp/vahti-out.xml": b"x"}),
    "mappings without end": lambda: zipped(GOOD | {SHEET: b"<a>" * 1_000_000}),
}  # fmt: skip


@pytest.mark.parametrize("make", WORKBOOKS.values(), ids=WORKBOOKS)
def test_a_hostile_workbook_ends_in_a_message_or_is_read_in_little_memory(tmp_path, make):
    path = tmp_path / "vihko.xlsx"
    path.write_bytes(make())
    told = landed(path)
    assert "Remedy" in told.get("error", "Remedy")
    assert "root:" not in json.dumps(told)
    assert told["grown"] < 700
    assert [one.name for one in tmp_path.iterdir()] == ["vihko.xlsx"]


# YAML and JSON

LAUGHING = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
DEEP = "a: " + "[" * 20_000


@pytest.mark.parametrize(
    ("text", "problem"), [(LAUGHING, "is an anchor to YAML"), (DEEP, "nested too deeply")], ids=["laughs", "deep"]
)
@pytest.mark.parametrize("reader", [load_contract, load_controller])
def test_yaml_that_grows_or_nests_is_refused(tmp_path, reader, text, problem):
    path = tmp_path / "x.odcs.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ExpectationsError, match=problem):
        reader(path)


@pytest.mark.parametrize("text", [LAUGHING, DEEP], ids=["laughs", "deep"])
def test_so_is_the_front_matter_of_a_rule(tmp_path, text):
    path = tmp_path / "a-rule.sql"
    path.write_text(f"/*\n{text}\n*/ select 1", "utf-8")
    with pytest.raises(ExpectationsError, match="front matter is not YAML"):
        load_rule(path)


def test_deep_json_in_a_home_is_a_message(tmp_path):
    (tmp_path / "home.json").write_text("[" * 200_000, "utf-8")
    with pytest.raises(HomeError, match=r"home\.json is damaged"):
        store.open_home(tmp_path)


def test_deep_json_in_the_log_is_a_line_that_is_no_entry(tmp_path):
    from pipelines.person import log

    home = store.open_home(tmp_path / "home")
    log.append(home, "a look", by="officer")
    with log.path(home).open("a") as file:
        file.write("[" * 200_000 + "\n")
    verdict = log.verify(home)
    assert (verdict.entries, verdict.line) == (1, 2)


# Keys, headers and names that would run somewhere

RUNS = [
    '=HYPERLINK("http://example.fi")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "'=1+1",
]
SHOWS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\u202eevil\u202c",
    "a\x1b[31mred",
    "'); drop table raw.x; --",
    "../../../../etc/passwd",
]
# As many as a file may have that is not refused for them; a carriage return in a header refuses it, too.
HEADERS = [*(each for each in RUNS if "\r" not in each), *SHOWS[:3]]
SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")


@pytest.fixture(scope="module")
def attacked(tmp_path_factory) -> Place:
    """Keys and headers of every hostile kind, with everything that a run writes, and the desk's report."""
    place = Place(tmp_path_factory.mktemp("hostile"))
    little.expectations(place.expectations)
    for period in PERIODS[:2]:
        little.exports(place.exports, period)
        path = place.exports / period / "vesikanta_reklamaatiot.csv"
        rows = list(csv.reader(path.read_text("cp1252").splitlines(), delimiter=";"))
        rows[0] += HEADERS
        rows[1:] = [
            [
                key.replace("\u202e", "?").replace("\u202c", "?"),
                key.encode("cp1252", "replace").decode("cp1252"),
                "1.3.2025",
                "",
                key.encode("cp1252", "replace").decode("cp1252"),
                *["x"] * len(HEADERS),
            ]
            for key in (*RUNS, *SHOWS)
        ]
        with path.open("w", encoding="cp1252", errors="replace", newline="") as file:
            csv.writer(file, delimiter=";").writerows(rows)
        (place.exports / period / "'; drop table x; --.csv").write_text("a\n", "utf-8")
        with pytest.MonkeyPatch.context() as patch:
            if period == PERIODS[0]:
                little.quiet(patch)
            place.outcomes = place.run(period=period)
    return place


def outputs(place: Place, *ends: str) -> list[Path]:
    found = [path for path in place.home.rglob("*") if path.suffix in ends]
    assert found
    return found


def test_it_was_taken_in(attacked):
    assert attacked.outcomes[-1].counts["rows_registered"] >= len(RUNS)
    text = (attacked.home / "reports" / PERIODS[1] / "findings.csv").read_text("utf-8")
    assert "drop table" in text and "undeclared-column" in text


def test_no_csv_cell_is_run_by_a_spreadsheet(attacked):
    for path in outputs(attacked, ".csv"):
        cells = [cell for row in csv.reader(io.StringIO(path.read_text("utf-8"), newline="")) for cell in row]
        assert [cell for cell in cells if cell.lstrip(" ").startswith(SIGNS)] == [], path


def test_no_workbook_holds_a_formula_or_a_link(attacked):
    for path in outputs(attacked, ".xlsx"):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                assert not re.search(rb"<f[ >]|<hyperlink|externalLink|ddeLink", archive.read(name)), (path, name)


def test_no_page_holds_a_script_or_a_turning_letter(attacked):
    for path in outputs(attacked, ".html"):
        text = path.read_text("utf-8")
        assert "<script>alert" not in text and "<img src=x" not in text, path
        if path.name == "report.html":
            assert "\u202e" not in text and "\x1b" not in text, path


def test_no_terminal_is_given_what_it_would_obey(attacked, monkeypatch, capsys):
    code, out, err = little.command(monkeypatch, capsys, "findings", "--home", attacked.home)
    assert code == 0
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", out + err)
    _, out, err = little.command(
        monkeypatch,
        capsys,
        "accept",
        "\x1b[31m\u202e",
        "--reason",
        "weighed by the board in its spring meeting",
        "--by",
        "y",
        "--until",
        "2026-04-30",
        "--home",
        attacked.home,
    )
    assert "⟨U+001B⟩" in err and not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", out + err)


def test_nothing_was_written_outside_the_home(attacked):
    assert {path.name for path in attacked.folder.iterdir()} == {"exports", "expectations", "home"}
    assert not list(Path("/tmp").glob("vahti-out*"))


def test_a_period_folder_that_is_a_link_out_of_the_exports_is_refused(tmp_path):
    for folder in ("exports", "elsewhere"):
        (tmp_path / folder / "2026-03-31").mkdir(parents=True)
    (tmp_path / "exports" / "2026-06-30").symlink_to(tmp_path / "elsewhere" / "2026-03-31")
    with pytest.raises(ExportsError, match="2026-06-30: is a link out of the exports folder") as caught:
        periods.find(tmp_path / "exports")
    assert caught.value.remedy
    (tmp_path / "exports" / "2026-06-30").unlink()
    (tmp_path / "exports" / "2026-06-30").symlink_to(tmp_path / "exports" / "2026-03-31")
    (tmp_path / "link").symlink_to(tmp_path / "exports")
    assert periods.find(tmp_path / "link") == ["2026-03-31", "2026-06-30"]


def test_what_is_no_regular_file_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "vihko.csv")
    assert landed(tmp_path / "vihko.csv")["status"] == "missing"
