"""Personal values are planted everywhere, everything is run, and every byte that was written outside the databases is
searched for them."""

from __future__ import annotations

import base64
import contextlib
import io
import logging
import os
import shutil
import sys
import tempfile
import unicodedata
import urllib.parse
import zipfile
import zlib
from dataclasses import dataclass, field, replace
from pathlib import Path

import canaries
import little
import nbformat
import pytest
import worlds
import yaml
from canaries import ACCENTED, CORE, WORD, found, in_folder
from pages import LOADS

from pipelines import outputs
from pipelines.commands import main as cli
from pipelines.desk import notebooks
from pipelines.expectations.load import load
from pipelines.home import store
from pipelines.ledger import findings_files
from pipelines.samples import write_samples
from pipelines.second_opinion import plan

EARLIER, PERIOD = "2025-12-31", "2026-03-31"
# The one output that is meant to hold values; what it says of itself holds none.
PACKAGE = (
    "letter.pdf",
    "letter.html",
    "letter.docx",
    "letter.txt",
    "records.json",
    "records.csv",
    "portable.json",
    "portable.csv",
)


@dataclass
class Played:
    """What was run, and what it left. `said`: (command, exit code, what it printed)."""

    folder: Path
    planted: list[dict[str, int]]
    said: list[tuple[str, int, str]] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def vahti(self, *words: object, code: int = 0) -> str:
        """A command as a user gives it, what it prints and logs kept."""
        told = _captured(self.folder, [*map(str, words)])
        self.said.append((" ".join(map(str, words)), *told))
        assert told[0] == code, told[1]
        return told[1]


def _captured(folder: Path, words: list[str]) -> tuple[int, str]:
    """Exit code, and all that came to the file descriptors, to Python's streams and to its log."""
    with (folder / "said").open("w+b") as file, pytest.MonkeyPatch.context() as patch:
        stream = io.TextIOWrapper(file, encoding="utf-8", write_through=True)
        handler = logging.StreamHandler(stream)
        logging.getLogger().addHandler(handler)
        kept = [os.dup(number) for number in (1, 2)]
        patch.setattr(sys, "argv", ["vahti", *words])
        try:
            for number in (1, 2):
                os.dup2(file.fileno(), number)
            with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
                cli.main()
            code = 0
        except SystemExit as ended:
            code = ended.code or 0
        finally:
            for number, old in zip((1, 2), kept, strict=True):
                os.dup2(old, number)
                os.close(old)
            logging.getLogger().removeHandler(handler)
        file.seek(0)
        said = file.read().decode("utf-8", "replace")
        stream.detach()
    return code, said


@contextlib.contextmanager
def apart(folder: Path):
    """Temporary files, settings and histories go to folders that are searched, too."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("tmp", "user", "config"):
            (folder / name).mkdir()
        patch.setenv("TMPDIR", str(folder / "tmp"))
        patch.setattr(tempfile, "tempdir", None)
        patch.setenv("HOME", str(folder / "user"))
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        for name in ("JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "JUPYTER_DATA_DIR"):
            patch.delenv(name, raising=False)
        patch.setenv("VAHTI_HOME", str(folder / "home"))
        watch = canaries.Watch(folder / "tmp")
        watch.start()
        yield watch
    tempfile.tempdir = None


@contextlib.contextmanager
def listening(drawn: list[str]):
    """Every text that a figure draws or that goes into a PDF, which is glyphs and not letters afterwards."""
    import typst
    from fpdf import FPDF
    from matplotlib.text import Text

    draw, normalize, compile_ = Text.draw, FPDF.normalize_text, typst.compile

    def noted_text(text, renderer, *more, **named):
        drawn.append(text.get_text())
        return draw(text, renderer, *more, **named)

    def noted_letters(page, text):
        drawn.append(text)
        return normalize(page, text)

    def noted_source(path, *more, **named):
        drawn.append(Path(path).read_text("utf-8"))
        return compile_(path, *more, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Text, "draw", noted_text)
        patch.setattr(FPDF, "normalize_text", noted_letters)
        patch.setattr(typst, "compile", noted_source)
        yield


# What the kernel draws is heard in the kernel.
EAR = """
import matplotlib.text
_draw, _drawn = matplotlib.text.Text.draw, []
matplotlib.text.Text.draw = lambda text, *more, **named: (_drawn.append(text.get_text()), _draw(text, *more, **named))[1]
"""


def all_notebooks() -> nbformat.NotebookNode:
    """The cells of every notebook, one after the other, then some that fail on a cell of the registers."""
    cells = [nbformat.v4.new_code_cell(EAR)]
    cells += [cell for path in notebooks.notebooks() for cell in notebooks.read(path).cells if cell.cell_type == "code"]
    cells += map(nbformat.v4.new_code_cell, ("wb.findings().browse()", "wb.mismatches().all()", "print(_drawn)"))
    for number, cell in enumerate(cells):
        cell.id, cell.metadata = f"c{number}", {"tags": ["raises-exception"]}
    return nbformat.v4.new_notebook(cells=list(cells))


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Two periods of small registers with canaries in them, and everything that a user can do with them."""
    folder = tmp_path_factory.mktemp("canaries")
    write_samples(folder / "sample", customers=300, seed=3, periods=2)
    loaded = load(worlds.EXPECTATIONS)
    contracts = (*loaded.contracts, *loaded.own)
    exports = folder / "exports"
    shutil.copytree(folder / "sample" / "exports", exports)
    planted = [canaries.plant(exports / period, contracts, loaded.controller.subject) for period in (EARLIER, PERIOD)]
    made = Played(folder, planted)
    with apart(folder) as watch, listening(made.drawn):
        everything(made, exports)
        made.watch = watch
    return made


def everything(made: Played, exports: Path) -> None:
    """The commands, one after the other."""
    named = ("--exports", exports, "--expectations", worlds.EXPECTATIONS, "--home", made.home)
    home = ("--home", made.home)
    with worlds.light():
        made.vahti("run", *named, "--period", EARLIER, code=10)
    failing_checks(made, ("run", *named, "--period", PERIOD))
    made.vahti("run", *named, code=10)
    for language in ("en", "fi", "sv"):
        made.vahti("report", "--lang", language, "--pdf", *home)
    made.vahti("findings", *home)
    made.vahti("findings", "--format", "csv", "--all", *home)
    listed = made.vahti("findings", "--format", "json", *home)
    made.vahti("notice", *home)
    made.vahti("notice", "--lang", "fi", "--format", "json", *home)
    made.vahti("notice", "--amendments", *home)
    made.vahti("ropa", *home)
    made.vahti("bundle", "--period", PERIOD, *home)
    made.vahti(
        "accept",
        yaml.safe_load(listed)[0]["fingerprint"],
        "--reason",
        "the keeper mends it before the end of the next quarter",
        "--until",
        "2026-09-30",
        "--by",
        "officer",
        "--second",
        "director",
        *home,
    )
    made.vahti("accept", "--list", *home)
    made.vahti("accept", "--yaml", *home)
    made.vahti("worklist", "import", next((made.home / "reports" / PERIOD / "worklists").glob("*.xlsx")), *home)
    listed = [row for row in yaml.safe_load(listed) if row["kind"] == "finding"]
    customer = next(
        row["record_key"] for row in listed if row["dataset"] == "customers" and ":" not in row["record_key"]
    )
    # Whom the holds are on cannot be told with what was planted there: nothing is said of the customers' own records.
    made.vahti("explain", "customers", customer, *home, code=14)
    with store.reading(store.open_home(made.home), PERIOD) as connection:
        kept = "select dataset, record_key from registry.retention order by all"
        dataset, key = connection.execute(kept).fetchone()
    made.vahti("explain", dataset, key, *home)
    made.vahti("subject", "find", WORD, "--by", "officer", *home)
    made.vahti("subject", "--customer", customer, *home)
    made.vahti("subject", "links", *home)
    made.vahti("subject", "requests", *home)
    drawn = len(made.drawn)
    asked = ("--reason", "a request of the sample", "--confirm-protected", "--leave-offers-open")
    made.vahti("subject", "--customer", customer, "--package", made.folder / "package", *asked, *home)
    del made.drawn[drawn:]  # the letter's copy of the person's own data
    made.vahti("log", "verify", *home)
    executed = notebooks.execute(all_notebooks())
    (made.folder / "out").mkdir()
    nbformat.write(executed, made.folder / "out" / "all.ipynb")
    mishaps(made, exports, named)


def failing_checks(made: Played, run: tuple) -> None:
    """Great Expectations stumbles over a value: in every check of a dataset, and as a whole. Then it is right again."""
    planned, again = plan.checks, (*run, "--replace")

    def stumbling(*more):
        """Every check of the customers casts their names to days: DuckDB's messages quote them, and Great Expectations keeps those."""
        bad = "select record_key from registry.customers where cast(name as date) is null"
        return tuple(
            replace(check, sql=bad) if check.sql and check.dataset == "customers" else check for check in planned(*more)
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "checks", stumbling)
        made.vahti(*run, code=10)
    shutil.copytree(made.home / "reports" / PERIOD, made.folder / "failed checks")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.second_opinion.suites.validate", stumble)
        made.vahti(*again, code=70)
    made.vahti(*again, code=10)


def stumble(connection, *more):
    connection.execute("select cast(name as date) from registry.customers")


def mishaps(made: Played, exports: Path, named: tuple) -> None:
    """What goes wrong, on purpose."""
    again = ("run", *named, "--period", PERIOD, "--replace")

    def full(*more):
        raise OSError(28, "No space left on device", f"{WORD}.csv")

    for target, fault, code in (
        ("pipelines.rules.findings.evaluate", stumble, 70),
        ("pipelines.ledger.findings_files.write_findings", full, 5),
        ("pipelines.ledger.worklists.write", stumble, 70),
    ):
        with pytest.MonkeyPatch.context() as patch, worlds.light():
            patch.setattr(target, fault)
            made.vahti(*again, code=code)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAHTI_KEY", "another key")
        made.vahti(*again, code=5)
        made.vahti("report", "--home", made.home, code=5)
    workbook = exports / PERIOD / "keyaqua_asiakkaat.xlsx"
    content = workbook.read_bytes()
    workbook.write_bytes(f"{WORD};{ACCENTED}".encode())
    made.vahti("run", *named, code=3)
    with worlds.light():
        made.vahti(*again, code=3)
    workbook.write_bytes(content)


def test_something_is_planted_into_every_personal_column(played):
    loaded = load(worlds.EXPECTATIONS)
    planted = set(played.planted[0]) | set(played.planted[1])  # an export may lack a column, as they do
    wanted = {
        f"{contract.dataset}.{column.name}"
        for contract in (*loaded.contracts, *loaded.own)
        for column in contract.columns
        if canaries.is_planted(contract, column, loaded.controller.subject)
    }
    assert wanted <= planted
    assert len(wanted) > 35


def test_findings_of_most_rules_are_about_what_was_planted(played):
    with store.reading(store.open_home(played.home), PERIOD) as connection:
        (rules,) = connection.execute("select count(distinct rule) from results.findings").fetchone()
        (rejected,) = connection.execute("select count(*) from raw.rejected_rows").fetchone()
        (seen,) = connection.execute(
            "select count(*) from registry.customers where contains(name, $1)", [WORD]
        ).fetchone()
    assert rules > 30 and rejected > 50 and seen > 25


def test_no_output_in_the_home_holds_a_planted_value(played):
    assert len(list(played.home.rglob("*"))) > 80
    assert in_folder(played.home) == []


def test_nothing_that_was_printed_or_logged_holds_one(played):
    said = [(words, text) for words, _, text in played.said if CORE in text.lower() or found(words, text.encode())]
    assert said == []


def test_checks_that_fail_on_a_value_say_so_and_not_on_which(played):
    results = list((played.folder / "failed checks" / "gx" / "validation").glob("*.json"))
    failed = {path.stem for path in results if "could not be evaluated: ConversionException" in path.read_text("utf-8")}
    assert failed == {"customers"} and len(results) > 10
    assert in_folder(played.folder / "failed checks") == []
    assert any("does not agree with the findings" in text for _, _, text in played.said)


def test_no_notebook_holds_one(played):
    assert in_folder(played.folder / "out") == []


def test_no_figure_and_no_pdf_shows_one(played):
    assert len(played.drawn) > 500
    assert found("drawn", "\n".join(played.drawn).encode()) == []


def test_the_access_package_says_nothing_of_them_outside_the_copy(played):
    names = {path.name for path in (played.folder / "package").iterdir()}
    assert {"certificate.json"} < names
    assert in_folder(played.folder / "package", but=PACKAGE) == []
    assert in_folder(played.folder / "package") != []


def test_nothing_is_left_in_temporary_folders_and_histories(played):
    assert [path for path in (played.folder / "tmp").rglob("*") if path.is_file()] == []
    assert in_folder(played.folder / "user") == []
    assert in_folder(played.folder / "config") == []


def test_nothing_was_in_temporary_folders_for_a_moment(played):
    assert played.watch.hits() == []


def test_no_page_loads_anything_from_elsewhere(played):
    """All that a full run, the report in three languages and the record of processing wrote."""
    pages = list(played.home.rglob("*.html"))
    names = {path.name for path in pages}
    assert {"report.html", "index.html", "customers.html", "ropa.fi.html"} <= names
    assert [path.name for path in pages if LOADS.search(path.read_text("utf-8"))] == []


def test_databases_hold_them_and_cannot_be_read(played):
    databases = [path for path in played.home.rglob("*") if path.suffix in (".duckdb", ".wal")]
    assert len(databases) >= 3
    assert [hit for path in databases for hit in found(path.name, path.read_bytes(), depth=9)] == []


def test_what_spills_to_disk_cannot_be_read_either(tmp_path):
    """A sort that does not fit into memory, stopped while its temporary files are there."""
    home = store.open_home(tmp_path / "home", memory="60MB", threads=1)
    home.tmp.mkdir()
    connection = store.connect(home)
    connection.execute(
        f"create temp table t as select '{WORD} ' || n || repeat('x', 300) as name from range(400000) as r(n)"
    )
    connection.execute("select * from t order by name desc")
    spilled = [path for path in home.tmp.rglob("*") if path.is_file()]
    hits = [hit for path in spilled for hit in found(path.name, path.read_bytes(), depth=9)]
    store.close(connection)
    assert spilled
    assert hits == []


# The search finds what there is to find


def in_zip(data: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/b.txt", data)
    return target.getvalue()


def in_png(data: bytes) -> bytes:
    chunk = b"note\0\0" + zlib.compress(data)
    return b"\x89PNG\r\n\x1a\n" + len(chunk).to_bytes(4, "big") + b"zTXt" + chunk + b"0000"


def in_parquet(data: bytes) -> bytes:
    import pyarrow
    import pyarrow.parquet

    target = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"a": [data.decode()] * 3}), target, compression="zstd")
    return target.getvalue()


def in_workbook(data: bytes) -> bytes:
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet().write_comment(0, 0, data.decode())
    return target.getvalue()


TEXT = f"Virtanen {ACCENTED} Matti"
HIDDEN = {
    "as it is": TEXT.encode(),
    "capitals": TEXT.upper().encode(),
    "latin-1": TEXT.encode("latin-1"),
    "utf-16": TEXT.encode("utf-16"),
    "decomposed": unicodedata.normalize("NFD", TEXT).encode(),
    "json": repr({"a": TEXT}).encode("unicode_escape"),
    "html": "".join(f"&#{ord(letter)};" if ord(letter) > 127 else letter for letter in TEXT).encode(),
    "within tags": TEXT.replace("kän", "<b>kän</b>").encode(),
    "url": urllib.parse.quote(TEXT).encode(),
    "base64": b"x=" + base64.b64encode(b"some more before it " + TEXT.encode()),
    "data uri": b'<img src="data:text/plain;base64,' + base64.b64encode(TEXT.encode("utf-16")) + b'">',
    "hexadecimal": WORD.lower().encode().hex().encode(),
    "zip": in_zip(TEXT.encode()),
    "zip in zip": in_zip(in_zip(TEXT.encode())),
    "workbook": in_workbook(TEXT.encode()),
    "picture": in_png(TEXT.encode()),
    "pdf": b"%PDF-1.7\nstream\n" + zlib.compress(TEXT.encode()) + b"\nendstream",
    "parquet": in_parquet(TEXT.encode()),
    "a number": b"puh. +358457731926",
}


@pytest.mark.parametrize("data", HIDDEN.values(), ids=HIDDEN)
def test_the_search_finds_it_however_it_is_packed(data):
    assert found("x", data)
    assert not found("x", b"Virtanen Matti, zqx, kanaria, 131052-9")


# A column that nobody has classified

NEW_COLUMN = """
      - name: nickname
        physicalName: Lempinimi
        logicalType: string
        physicalType: text
        description: Added in a hurry.
"""


@pytest.fixture
def hurried(tmp_path) -> little.Place:
    """A contract with a new column and no word on whether it is personal; its export has it."""
    place = little.Place(tmp_path)
    little.expectations(place.expectations)
    contract = place.expectations / "contracts" / "vesikanta.claims.odcs.yaml"
    text = contract.read_text("utf-8")
    at = text.index("      - name: customer_number")
    contract.write_text(text[:at].rstrip() + NEW_COLUMN + text[at:], "utf-8")
    little.exports(place.exports, little.PERIODS[0])
    export = place.exports / little.PERIODS[0] / "vesikanta_reklamaatiot.csv"
    lines = export.read_text("cp1252").splitlines()
    # Enough whole rows beside the broken ones: where most are broken, the reader takes the header for the broken part.
    more = [f"R9{number};" + lines[1].partition(";")[2] for number in range(20)]
    rows = [line + ";Matti" for line in (*lines[1:], *more)]
    export.write_text("\r\n".join([lines[0] + ";Lempinimi", *rows, ""]), "cp1252")
    loaded = load(place.expectations)
    planted = canaries.plant(place.exports / little.PERIODS[0], loaded.contracts, loaded.controller.subject)
    assert planted["claims.nickname"] > 0
    return place


def test_a_new_column_is_planted_by_itself_and_shown_nowhere(hurried, monkeypatch):
    little.quiet(monkeypatch)
    hurried.run()
    assert in_folder(hurried.home) == []


def test_the_search_fails_where_one_output_shows_it(hurried, monkeypatch):
    little.quiet(monkeypatch)
    write = findings_files.write_findings

    def leaky(connection, folder):
        write(connection, folder)
        (name,) = connection.execute("select max(nickname) from registry.claims").fetchone()
        outputs.write_text(folder, "notes.txt", f"{name}")

    monkeypatch.setattr(findings_files, "write_findings", leaky)
    hurried.run()
    assert {hit.partition(":")[0] for hit in in_folder(hurried.home)} == {f"reports/{little.PERIODS[0]}/notes.txt"}
