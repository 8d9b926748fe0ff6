"""The reader, given anything: rows or rejected rows, every line once, or one of the product's own messages. And every file that
is given to the workbench, exports, expectations and worklists: a small draw of `make fuzz`."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile

import pytest
import xlsxwriter
from conftest import landing
from fuzz import whole
from fuzz.check import check, check_sheet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HEADER = b"Numero;Nimi;Huom\n"
gently = settings(
    deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with landing(tmp_path_factory.mktemp("fuzz")) as place:
        yield place


@settings(gently, max_examples=150)
@given(data=st.binary(max_size=400), kind=st.integers(0, 11))
def test_any_bytes(place, data, kind):
    check(place, data, kind)


@settings(gently, max_examples=250)
@given(
    data=st.lists(
        st.one_of(
            st.binary(max_size=30),
            st.sampled_from([b"\n", b";", b'"', b"\r\n", b"\n\n", b'";"', b"\xef\xbb\xbf", b"\xef\xb7\x90"]),
        ),
        max_size=40,
    ),
    kind=st.integers(0, 2),
)
def test_any_bytes_after_a_header(place, data, kind):
    check(place, HEADER + b"".join(data), kind)


def parts() -> dict[str, bytes]:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate((("Numero", "Nimi", "Huom"), (1, "a", "b"), ("2", 45000.5, True))):
            sheet.write_row(row, 0, cells)
    with zipfile.ZipFile(buffer) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


GOOD = parts()


@settings(gently, max_examples=120)
@given(
    name=st.sampled_from(sorted(GOOD)),
    at=st.floats(0, 1),
    cut=st.integers(0, 40),
    put=st.one_of(
        st.binary(max_size=20),
        st.sampled_from([b"-1", b"99999999999", b'r="XFD1048576"', b"<c/>", b"1e999", b"&amp;", b"\0"]),
    ),
)
def test_any_damage_to_a_workbook(place, name, at, cut, put):
    content = GOOD[name]
    start = int(at * len(content))
    check_sheet(place, GOOD | {name: content[:start] + put + content[start + cut :]})


# Any file


EVERY_KIND = {
    "expectations/controller.yaml", "expectations/retention.yaml", "expectations/notice.yaml", "expectations/holds.odcs.yaml",
    "expectations/contracts/vesikanta.claims.odcs.yaml", "expectations/rules/claim-unanswered.sql",
    "expectations/relations/some_claims.sql", "expectations/locale/fi/LC_MESSAGES/expectations.po",
    "exports/2025-12-31/holds.csv", "exports/2025-12-31/vesikanta_asiakkaat.csv", "exports/2025-12-31/keyaqua_asiakkaat.xlsx",
    "worklists/0.csv", "worklists/1.xlsx",
}  # fmt: skip


@pytest.mark.skipif(not hasattr(os, "fork"), reason="cannot fork here")
def test_any_bytes_as_any_file_end_in_time_with_one_message_and_nothing_outside_the_home(tmp_path):
    command = [sys.executable, "-m", "tests.fuzz.whole", tmp_path, 16, 300, 7]
    done = subprocess.run([*map(str, command)], check=False, capture_output=True, text=True, cwd=whole.worlds.ROOT)
    assert done.returncode == 0, (done.stdout, done.stderr)
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["draws"] == 7 and len(told["codes"]) > 1 and told["wrong"] == 0, done.stdout
    assert set(told["files"]) >= EVERY_KIND


SEEN = {"exports": "a"}
FINE = (0, "", SEEN, SEEN)


@pytest.mark.parametrize(
    ("code", "text", "before", "after"),
    [
        (None, "", SEEN, SEEN), (-9, "", SEEN, SEEN), (70, "vahti: unexpected fault\n  Remedy", SEEN, SEEN), (0, "Traceback", SEEN, SEEN),
        (4, "vahti: a\nvahti: b\n  Remedy", SEEN, SEEN), (4, "vahti: a", SEEN, SEEN), (0, "", SEEN, SEEN | {"here/x": "b"}),
        (0, "", SEEN, {"exports": "c"}),
    ],
)  # fmt: skip
def test_the_fuzzer_knows_what_is_wrong(code, text, before, after):
    assert whole.problem(code, text, before, after)
    assert not whole.problem(*FINE) and not whole.problem(4, "vahti: a\n  Remedy: b", SEEN, SEEN)
