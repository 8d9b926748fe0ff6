"""What exports and worklists may do to their reader, a process of its own: it ends, or is ended, and that is a file
that could not be read. The period goes on, the books balance, and nothing of this process is within its reach."""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import threading
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import little
import pytest
from conftest import NOTES, contract_of
from little import PERIODS, Place
from workbooks import workbook, zipped

from pipelines import sandbox
from pipelines.errors import ExportsError, WorklistError
from pipelines.home import store
from pipelines.job import doctor
from pipelines.landing import apart, reader
from pipelines.landing.lines import Source
from pipelines.ledger import worklist_files
from pipelines.text import holds_value

SHEET = replace(NOTES, file="vihko.xlsx", kind="xlsx")
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of Linux")
ROOM = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


TARGET = b"worksheets/sheet1.xml"
GOOD = workbook(("Numero", "Nimi", "Huom"), ("1", "a", "b"))
PART, SHARED, RELATIONS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"
FAR = b"<row r='1048576'><c r='XFD1048576' t='n'><v>1</v></c></row></sheetData>"


def sheet_of(cells: bytes) -> bytes:
    return f"<worksheet {ROOM}><sheetData>".encode() + cells + b"</sheetData></worksheet>"


def in_single_quotes() -> bytes:
    return zipped(GOOD | {PART: GOOD[PART].replace(b"</sheetData>", FAR)})


def moved() -> bytes:
    """The sheet lies where its relationships say, and nowhere that a look at names would find."""
    parts = dict(GOOD)
    sheet = parts.pop(PART).replace(b"</sheetData>", FAR)
    parts[RELATIONS] = parts[RELATIONS].replace(b"worksheets/sheet1.xml", b"elsewhere/data.bin")
    types = parts["[Content_Types].xml"].replace(b"/xl/worksheets/sheet1.xml", b"/xl/elsewhere/data.bin")
    return zipped(parts | {"xl/elsewhere/data.bin": sheet, "[Content_Types].xml": types})


def sharing() -> bytes:
    """200,000 cells that are all the same text of 20 KB."""
    texts = f"<sst {ROOM}><si><t>".encode() + b"x" * 20_000 + b"</t></si></sst>"
    cells = (f"<row r='{n}'><c r='A{n}' t='s'><v>0</v></c></row>" for n in range(1, 200_001))
    return zipped(GOOD | {SHARED: texts, PART: sheet_of("".join(cells).encode())})


def without_places() -> bytes:
    """Cells that do not say where they stand: 20 million of them with `make soak`."""
    cells = b"<c><v>1</v></c>" * (20_000_000 if "VAHTI_SOAK_KILLS" in os.environ else 2_000_000)
    return zipped(GOOD | {PART: sheet_of(b"<row>" + cells + b"</row>")})


def far_more_than_it_says() -> bytes:
    """An archive that says of a part that it is of 3 GB."""
    data = bytearray(zipped(GOOD))
    place = data.rindex(PART.encode()) - 46
    assert data[place : place + 4] == b"PK\x01\x02"
    struct.pack_into("<I", data, place + 24, 3_000_000_000)
    return bytes(data)


ATTACKS = {
    "far corner in single quotes": in_single_quotes, "sheet moved by its relationships": moved,
    "a text of 20 KB shared by 200,000 cells": sharing, "an archive of 3 GB": far_more_than_it_says,
}  # fmt: skip


@LINUX
@pytest.mark.parametrize("make", ATTACKS.values(), ids=ATTACKS)
def test_a_workbook_that_takes_all_memory_is_a_file_that_could_not_be_read(land, make):
    landed = land(make(), SHEET)
    assert (landed.status, landed.rows, landed.books) == ("refused", [], (None, None, None))
    reason, digest = land.query("select reason, sha256 from feed.files")[0]
    assert (reason, len(digest)) == (apart.LARGE, 64)
    assert land(zipped(GOOD), SHEET).cells == [("1", "a", "b")]


def entity(kind: str, path: Path) -> bytes:
    """The shared texts begin with a declaration; the cell under `Nimi` is what it stands for."""
    declared = {
        "a file": f'<!ENTITY x SYSTEM "file://{path}">',
        "the net": '<!ENTITY x SYSTEM "http://127.0.0.1:9/x">',
        "a parameter": f'<!ENTITY % y SYSTEM "file://{path}"> %y; <!ENTITY x "z">',
        "a billion": "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10 if n else "lol"}">' for n in range(12))
        + f'<!ENTITY x "{"&x11;" * 10}">',
    }[kind]
    texts = GOOD[SHARED].replace(b"<sst", f"<!DOCTYPE sst [{declared}]><sst".encode(), 1).replace(b">a<", b">&x;<")
    assert b"&x;" in texts
    return zipped(GOOD | {SHARED: texts})


def twice() -> bytes:
    """Two parts of one name: which of them holds, a reader may see in another way than the next."""
    buffer = io.BytesIO(zipped(GOOD))
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning):
        archive.writestr(PART, GOOD[PART].replace(b"</sheetData>", FAR))
    return buffer.getvalue()


def zip64() -> bytes:
    """A part whose size stands in a field of 64 bits, and is all that it can say."""
    data = bytearray(zipped(GOOD))
    at = data.rindex(PART.encode()) - 46
    extra = struct.pack("<HHQQ", 1, 16, 2**63, 2**63)
    struct.pack_into("<IIH", data, at + 20, 2**32 - 1, 2**32 - 1, len(PART))
    struct.pack_into("<H", data, at + 30, len(extra))
    data[at + 46 + len(PART) : at + 46 + len(PART)] = extra
    end = data.rindex(b"PK\x05\x06")
    struct.pack_into("<I", data, end + 12, struct.unpack_from("<I", data, end + 12)[0] + len(extra))
    return bytes(data)


OTHERS = {
    **{f"an entity of {kind}": lambda path, kind=kind: entity(kind, path) for kind in ("a file", "the net", "a parameter", "a billion")},
    "an archive in an archive": lambda path: zipped(GOOD | {PART: zipped({PART: zipped(GOOD)})}),
    "a part named out of its folder": lambda path: zipped(GOOD | {"../../" + PART: GOOD[PART], str(path): b"x"}),
    "a part twice": lambda path: twice(),
    "a size of 64 bits": lambda path: zip64(),
    "a sheet that is the workbook": lambda path: zipped(GOOD | {RELATIONS: GOOD[RELATIONS].replace(b"worksheets/sheet1.xml", b"workbook.xml")}),
    "a sheet that is its relationships": lambda path: zipped(GOOD | {RELATIONS: GOOD[RELATIONS].replace(b"worksheets/sheet1.xml", b"_rels/workbook.xml.rels")}),
    "a sheet elsewhere": lambda path: zipped(GOOD | {RELATIONS: GOOD[RELATIONS].replace(TARGET, b"file://" + bytes(path) + b'" TargetMode="External')}),
    "a text that is not there": lambda path: zipped(GOOD | {PART: GOOD[PART].replace(b"<v>1</v>", b"<v>4294967295</v>")}),
    "as many texts as there are numbers": lambda path: zipped(GOOD | {SHARED: re.sub(rb'count="\d+"', b'count="4294967295"', GOOD[SHARED])}),
    "a row of no end": lambda path: zipped(GOOD | {PART: GOOD[PART].replace(b'r="2"', b'r="99999999999999999999"')}),
    "elements within elements": lambda path: zipped(GOOD | {PART: sheet_of(b"<c>" * 1_000_000)}),
    "a formula": lambda path: zipped(GOOD | {PART: GOOD[PART].replace(b"<v>3</v>", b'<f>WEBSERVICE("file://' + bytes(path) + b'")</f><v>3</v>')}),
}  # fmt: skip


@LINUX
@pytest.mark.parametrize("make", OTHERS.values(), ids=OTHERS)
def test_a_workbook_that_lies_is_refused_or_read_as_it_stands(land, tmp_path, make):
    """Nothing but its own cells is in what is read, and the next file is read as ever."""
    secret = tmp_path / "secret.txt"
    secret.write_text("a line of another file", "utf-8")
    try:
        landed = land(make(secret), SHEET)
    except ExportsError as error:
        assert error.remedy and "another file" not in str(error)
    else:
        cells = [str(cell) for row in landed.cells for cell in row]
        assert landed.status in ("read", "refused", "no header line")
        assert all(len(cell) < 100 and "another file" not in cell for cell in cells)
    assert land(zipped(GOOD), SHEET).cells == [("1", "a", "b")]


@LINUX
def test_cells_that_do_not_say_where_they_stand_take_no_memory_here(land):
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    landed = land(without_places(), SHEET)
    assert (landed.status, land.query("select reason from feed.files")) == ("refused", [(apart.LARGE,)])
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024 < 300


# So many seconds a piece of the answer, in all, and a megabyte; and of processor in the life of the process.
TIMES = {
    "no word for too long": {"MOST_SECONDS": 0.2},
    "piece after piece, too long in all": {"MOST_SECONDS_IN_ALL": 0.2, "SECONDS_A_MEGABYTE": 0},
    "too much of the processor": {"MOST_PROCESSOR": 1},
}


def slow_workbook() -> tuple[bytes, object]:
    row = b"<row>" + b"<c><v>1</v></c>" * 500 + b"</row>"
    return zipped(GOOD | {PART: sheet_of(row * 4000)}), SHEET


def slow_csv() -> tuple[bytes, object]:
    return b"Numero;Nimi;Huom\n" + "1;\u20ac\u20ac\u20ac\u20ac;b\n".encode("cp1252") * 8_000_000, replace(
        NOTES, encoding="windows-1252"
    )


@LINUX
@pytest.mark.parametrize(("make", "limit"), [(slow_workbook, limit) for limit in TIMES] + [(slow_csv, [*TIMES][1])])
def test_a_file_that_takes_too_long_is_one_too(land, monkeypatch, make, limit):
    for name, seconds in TIMES[limit].items():
        monkeypatch.setattr(reader, name, seconds)
    apart.stop()
    landed = land(*make())
    assert (landed.status, land.query("select reason from feed.files")) == ("refused", [(apart.SLOW,)])
    apart.stop()


@LINUX
@pytest.mark.parametrize("make", [in_single_quotes, far_more_than_it_says])
def test_none_of_them_is_a_worklist(tmp_path, make):
    path = tmp_path / "worklist.xlsx"
    path.write_bytes(make())
    with pytest.raises(WorklistError, match="cannot be taken in: it is too large to read\n  Remedy: ") as error:
        worklist_files.read(path)
    assert error.value.exit_code == 11


# What ends the reader ends one file


@pytest.fixture(params=["vesikanta_reklamaatiot.csv"])
def ended(request, monkeypatch):
    """A reader that is ended from outside when it comes to one file, whichever way it is read."""
    send = apart.Reader.send

    def killed(self, order, content):
        if here.file == ended_file:
            os.kill(self.process.pid, signal.SIGKILL)
        send(self, order, content)

    ended_file, answers, here = request.param, apart._answers, threading.local()  # files are read side by side

    def known(source, *more, **options):
        here.file = source.path.name
        yield from answers(source, *more, **options)

    monkeypatch.setattr(apart.Reader, "send", killed)
    monkeypatch.setattr(apart, "_answers", known)
    return ended_file


def test_the_period_goes_on_with_a_finding_a_note_and_books_that_balance(tmp_path, ended):
    place = Place(tmp_path)
    little.expectations(place.expectations)
    little.exports(place.exports, PERIODS[0])
    outcome = place.run(period=PERIODS[0])[-1]
    assert f"{PERIODS[0]}: {ended} ends what reads it" in " ".join(outcome.notes)
    with store.reading(place.opened(), PERIODS[0]) as connection:
        files = dict(connection.execute("select file, status from feed.files").fetchall())
        found = connection.execute(
            "select dataset, detail from results.findings where rule = 'missing-export'"
        ).fetchall()
    assert files.pop(ended) == "refused" and "read" in files.values()
    assert ("vesikanta.claims" in dict(found) or "claims" in dict(found)) and f"refused: {apart.ENDED}" in dict(
        found
    ).values()
    assert outcome.counts["rows_read"] == outcome.counts["rows_registered"] + outcome.counts["rows_rejected"]


@pytest.mark.parametrize("ended", ["holds.csv"], indirect=True)
def test_where_it_is_a_file_that_the_controller_writes_nothing_is_taken_in(tmp_path, ended, monkeypatch, capsys):
    """Without its legal holds, records that must be kept would be called overdue."""
    place = Place(tmp_path)
    shutil.copy(little.worlds.EXPECTATIONS / "holds.odcs.yaml", little.expectations(place.expectations))
    little.exports(place.exports, PERIODS[0])
    (place.exports / PERIODS[0] / "holds.csv").write_text("Pito;Asiakasnumero;Peruste\nP1;A1;suit\n", "utf-8")
    little.quiet(monkeypatch)
    code, out, err = little.command(monkeypatch, capsys, *place.arguments())
    assert (code, out.strip()) == (3, "") and f"holds.csv: {apart.ENDED}; nothing was taken in\n  Remedy: " in err
    assert not (place.home / "periods" / f"{PERIODS[0]}.duckdb").exists()


def test_a_link_that_leads_to_itself_is_told(land):
    (land.folder / "vihko.csv").symlink_to("vihko.csv")
    with pytest.raises(ExportsError, match=r"vihko\.csv: is a link that leads nowhere\n  Remedy: ") as error:
        land(None)
    assert error.value.exit_code == 3


# Headers


@pytest.mark.parametrize("header", ["@" * 20_000, "a@" * 10_000, ";".join(f"h{n}" for n in range(10_000))])
def test_headers_of_any_kind_take_time_as_they_are_long(land, header):
    began = time.process_time()
    landed = land("Numero;Nimi;Huom;" + header + "\n1;a;b" + ";c" * (header.count(";") + 1) + "\n")
    assert landed.status in ("read", "refused")
    assert not holds_value("@" * 20_000) and holds_value("see a.b@example.fi")
    assert time.process_time() - began < 5


# What the reader cannot reach

REACH = """
import json, os, socket, subprocess, sys
import resource
from pipelines import sandbox
secret = open(sys.argv[1]).read()
told = {"limits": sandbox.enter(), "environment": sorted(os.environ)}
def attempt(name, work):
    try:
        work()
        told[name] = "done"
    except OSError as error:
        told[name] = "refused"
    except MemoryError:
        told[name] = "no memory"
attempt("read", lambda: os.open(sys.argv[1], os.O_RDONLY))
attempt("write", lambda: os.open(sys.argv[1] + "2", os.O_CREAT | os.O_WRONLY))
attempt("network", lambda: socket.socket())
attempt("program", lambda: os.execv("/bin/true", ["true"]))
attempt("process", os.fork)
attempt("memory", lambda: bytearray(3 * 2**30))
attempt("kill", lambda: os.kill(os.getppid(), 9))
print(json.dumps(told))
"""


@LINUX
def test_it_reaches_no_file_no_network_no_program_and_no_more_memory(tmp_path):
    (tmp_path / "key").write_text("secret", "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", REACH, str(tmp_path / "key")], capture_output=True, text=True, timeout=60, check=False
    )
    import json

    told = json.loads(done.stdout)
    if not told["limits"]["files and network"]:
        pytest.skip("no seccomp here, as `vahti doctor` says")
    assert told["memory"] == "no memory"
    assert {told[name] for name in ("read", "write", "network", "program", "process", "kill")} == {"refused"}
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


@LINUX
def test_the_key_is_not_in_it():
    apart.stop()
    apart.start()
    begun = apart._free[False][0]
    told = Path(f"/proc/{begun.process.pid}/environ").read_bytes() if apart.limits() and os.getuid() else b""
    assert b"VAHTI" not in told
    assert not [name for name in reader.ENVIRONMENT if "VAHTI" in name or "KEY" in name]


def test_a_process_that_speaks_of_something_else_takes_no_memory_here(tmp_path, monkeypatch):
    other, path = tmp_path / "other", tmp_path / "a.csv"
    other.write_text("#!/bin/sh\necho 'this is no frame, and read as one it is longer than any memory'\n", "utf-8")
    other.chmod(0o700)
    path.write_text("a;b\n1;2\n", "utf-8")
    monkeypatch.setattr("pipelines.child.sys.executable", str(other))
    monkeypatch.setattr(apart, "_free", {False: [], True: []})
    with pytest.raises(apart.Unread, match=re.escape(apart.ENDED)):
        list(apart.pieces(Source(path), "utf-8"))


@LINUX
def test_it_is_one_process_for_many_files_and_ends_with_this_one(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a;b\n1;2\n", "utf-8")
    program = (
        "import sys, time; from pathlib import Path; from pipelines.landing import apart, lines\n"
        "for _ in range(3): assert list(apart.pieces(lines.Source(Path(sys.argv[1])), 'utf-8'))\n"
        "print(*(one.process.pid for one in apart._free[False]), flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program, path], stdout=subprocess.PIPE, text=True) as parent:
        (child,) = map(int, parent.stdout.readline().split())
        parent.kill()
    until = time.monotonic() + 10
    while Path(f"/proc/{child}/stat").exists() and time.monotonic() < until:
        if re.search(r"\) Z ", Path(f"/proc/{child}/stat").read_text()):
            break
        time.sleep(0.02)
    else:
        assert not Path(f"/proc/{child}/stat").exists()


def test_a_file_that_is_read_no_further_leaves_no_process_midway(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a;b\n" * 30_000_00)
    begun = apart.pieces(Source(path), "utf-8")
    next(begun)
    begun.close()
    assert all(one.is_there for one in apart._free[False])
    source = Source(path)
    assert sum(piece.count(b"\n") for piece in apart.pieces(source, "utf-8")) == source.lines == 3_000_000


def test_a_column_writes_its_native_cells_as_its_contract_says():
    contract = contract_of(["Numero"])
    assert apart.form(contract.columns[0]) == (contract.columns[0].format, ",", "K", "E")


@pytest.mark.parametrize("lacking", ["memory", "files and network", ""])
def test_the_doctor_says_what_this_system_lacks(monkeypatch, lacking):
    monkeypatch.setattr(apart, "limits", lambda: {what: what != lacking for what in ("memory", "files and network")})
    (check,) = doctor.reader()
    assert check.state == (doctor.NOTE if lacking else doctor.FINE) and lacking in check.found


def test_the_filter_of_calls_fits_its_jumps():
    for architecture, calls in sandbox.CALLS.values():
        program = sandbox._program(architecture, calls)
        assert len(program) % 8 == 0 and len(program) // 8 == len(calls) + 6
        assert len(set(calls.values())) == len(calls)
