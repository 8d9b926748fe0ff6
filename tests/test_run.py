"""The main job: what is new is taken in, once; what goes wrong ends in one message and leaves the home as it was."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import little
import pytest
from filelock import FileLock
from little import PERIODS, PLANTED, Place

from pipelines.errors import BusyError, ExpectationsError, ExportsError, HomeError, UnknownError
from pipelines.home import store
from pipelines.job import run
from pipelines.landing import periods

NEWEST = PERIODS[-1]
PLANTED_WORDS = {
    word for value in (*PLANTED.values(), little.NOTE, "131052-308X") for word in value.split() if len(word) > 6
}


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    little.quiet(monkeypatch)


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> Place:
    """Three periods taken in. Not to be changed."""
    place, place.outcomes = little.taken_in(tmp_path_factory.mktemp("filled"))
    return place


@pytest.fixture(scope="module")
def begun(filled, tmp_path_factory) -> Place:
    """One period taken in, with one more to come. Not to be changed."""
    place = Place(tmp_path_factory.mktemp("begun"))
    shutil.copytree(filled.expectations, place.expectations)
    for period in PERIODS[:2]:
        shutil.copytree(filled.exports / period, place.exports / period)
    with pytest.MonkeyPatch.context() as patch:
        little.quiet(patch)
        place.run(period=PERIODS[0])
    return place


@pytest.fixture
def place(filled, tmp_path) -> Place:
    return filled.copied(tmp_path)


@pytest.fixture
def half(begun, tmp_path) -> Place:
    return begun.copied(tmp_path)


def change(path: Path) -> None:
    """Another cell, one byte longer."""
    path.write_bytes(path.read_bytes().replace(b"Aalto Liisa", b"Aaltos Liisa"))


def is_one_message(error) -> bool:
    """A problem and a remedy, no traceback."""
    return str(error.value).count("\n  Remedy: ") == 1 and "Traceback" not in str(error.value)


# What is new, and only that


def test_periods_are_taken_in_oldest_first(filled):
    assert [(one.period, one.new) for one in filled.outcomes] == [(period, True) for period in PERIODS]
    assert [one.counts["high"] for one in filled.outcomes] == [4, 4, 4]  # a name, a claim, a number in two free texts
    assert b"open,2025-12-31,2026-06-30" in filled.findings(NEWEST)


def test_rows_read_are_rows_registered_and_rejected(filled):
    for one in filled.outcomes:
        assert one.counts["rows_read"] == one.counts["rows_registered"] + one.counts["rows_rejected"] == 4


def test_a_second_run_does_nothing_and_reads_no_contract(place, monkeypatch):
    def refuse(*arguments):
        raise AssertionError("contracts were read")

    monkeypatch.setattr("pipelines.expectations.load.load", refuse)
    before = place.state()
    again = place.run()
    assert [(one.new, one.notes) for one in again] == [(False, ())] * 3
    assert [one.counts for one in again] == [store.periods(place.opened())[period]["counts"] for period in PERIODS]
    assert place.state() == before


def test_a_second_run_is_quick(place):
    started = time.process_time()
    place.run()
    assert time.process_time() - started < 2


def test_a_period_that_comes_later_is_compared_with_the_one_before(half):
    assert [one.new for one in half.run()] == [False, True]
    assert b"new,2026-03-31" in half.findings(PERIODS[1])  # claim R2
    assert b"open,2025-12-31" in half.findings(PERIODS[1])


# Files and expectations that change


def test_a_changed_file_is_refused_until_replace(place):
    change(place.exports / NEWEST / "vesikanta_asiakkaat.csv")
    before = place.state()
    with pytest.raises(ExportsError, match="changed since it was taken in: vesikanta_asiakkaat.csv") as error:
        place.run()
    assert f"--replace --period {NEWEST}" in str(error.value)
    assert place.state() == before
    assert [one.new for one in place.run(period=NEWEST, replace=True)] == [True]
    assert [one.new for one in place.run()] == [False] * 3


@pytest.mark.parametrize("what", ["gone", "come"])
def test_a_file_that_goes_or_comes_is_a_change(place, what):
    path = place.exports / NEWEST / "vesikanta_reklamaatiot.csv"
    path = path if path.exists() else next((place.exports / NEWEST).glob("*rekl*"))
    if what == "gone":
        path.unlink()
    else:
        known = store.periods(place.opened())[NEWEST]["files"] | {path.name: None}
        assert periods.changed(place.exports / NEWEST, known) == [path.name]
        return
    with pytest.raises(ExportsError, match="changed"):
        place.run()


def test_a_touched_file_is_no_change(place):
    path = place.exports / NEWEST / "vesikanta_asiakkaat.csv"
    os.utime(path, (1_000_000_000, 1_000_000_000))
    assert [one.new for one in place.run()] == [False] * 3


def test_a_file_of_the_same_size_and_another_time_is_read(place):
    path = place.exports / NEWEST / "vesikanta_asiakkaat.csv"
    path.write_bytes(path.read_bytes().replace(b"Liisa", b"Laura"))
    os.utime(path, (1_000_000_000, 1_000_000_000))
    with pytest.raises(ExportsError, match="changed"):
        place.run()


def test_a_file_that_no_contract_names_is_no_change(place):
    (place.exports / NEWEST / "readme.txt").write_text("hello", "utf-8")
    assert [one.new for one in place.run()] == [False] * 3


def test_changed_expectations_are_a_note(place):
    path = place.expectations / "controller.yaml"
    path.write_text(path.read_text("utf-8") + "country: FI\n", "utf-8")
    notes = [note for one in place.run() for note in one.notes]
    assert len(notes) == 3
    assert all("expectations have changed" in note and "--replace" in note for note in notes)


def test_replacing_an_earlier_period_notes_that_the_next_was_compared_with_it(place):
    (one,) = place.run(period=PERIODS[1], replace=True)
    assert any(note.startswith(NEWEST) for note in one.notes)


# What the user should know


def test_notes_of_overdue_rules_of_holds_and_of_what_was_not_evaluated(tmp_path):
    place = Place(tmp_path)
    little.exports(place.exports, NEWEST)
    little.expectations(place.expectations)
    shutil.copy(little.worlds.EXPECTATIONS / "holds.odcs.yaml", place.expectations)
    overdue = little.rule(little.OPEN_CLAIM, title="An old rule", review_by="2026-06-29")
    (place.expectations / "rules" / "old-rule.sql").write_text(overdue, "utf-8")
    on_the_day = little.rule(little.OPEN_CLAIM, review_by="2026-06-30")
    (place.expectations / "rules" / "claim-unanswered.sql").write_text(on_the_day, "utf-8")
    (place.exports / NEWEST / "vesikanta_reklamaatiot.csv").unlink()
    little.worlds.write(place.exports / NEWEST, holds="hold_id | customer_number | until_date\nP1 | A9 | 29.6.2026")
    (outcome,) = place.run()
    assert [note for note in outcome.notes if "not evaluated" not in note] == [
        "An old rule (old-rule) should have been reviewed by 2026-06-29",
        "legal hold P1: expired on 2026-06-29",
        "legal hold P1: names nobody that is known",
    ]
    (note,) = [note for note in outcome.notes if "not evaluated" in note]
    assert note.startswith("2026-06-30: not evaluated, wholly or in part, for want of data: ")
    assert {"claim-unanswered", "old-rule", "required-missing"} <= set(note.split(": ")[2].split(", "))


# The day


def test_as_of_replaces_the_folders_date(half):
    (one,) = half.run(period=PERIODS[1], as_of=dt.date(2025, 1, 1))
    assert store.periods(half.opened())[PERIODS[1]]["as_of"] == "2025-01-01"
    assert b"claim-unanswered" not in half.findings(PERIODS[1])
    notes = [note for each in half.run() for note in each.notes]
    assert notes == [f"{PERIODS[1]}: was checked as of 2025-01-01; --replace --period {PERIODS[1]} checks it again"]
    assert one.new


# Exports


def test_no_exports_folder(tmp_path):
    with pytest.raises(ExportsError, match="no such exports folder") as error:
        run.run(tmp_path / "home", tmp_path / "none", tmp_path)
    assert is_one_message(error)
    assert not (tmp_path / "home").exists()


def test_no_period_folder(tmp_path):
    (tmp_path / "2026-6-30").mkdir()
    (tmp_path / "2026-02-30").mkdir()
    (tmp_path / "2026-06-30").write_text("a file", "utf-8")
    with pytest.raises(ExportsError, match="holds no period folder") as error:
        run.run(tmp_path / "home", tmp_path, tmp_path)
    assert is_one_message(error)


def test_exports_that_are_a_file(tmp_path):
    (tmp_path / "exports").write_text("a file", "utf-8")
    with pytest.raises(ExportsError, match="cannot be read"):
        run.run(tmp_path / "home", tmp_path / "exports", tmp_path)


def test_an_unknown_period_names_those_there_are(place):
    with pytest.raises(UnknownError, match=r"no folder '2026-09-30'") as error:
        place.run(period="2026-09-30")
    assert "here are: 2025-12-31, 2026-03-31, 2026-06-30" in str(error.value)


def test_an_export_that_cannot_be_read(half, monkeypatch):
    """Root reads everything: the fault is made where the file is opened."""
    opened = Path.open

    def refuse(path, *arguments, **more):
        if path.name == "vesikanta_asiakkaat.csv":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments, **more)

    before = half.state()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        with pytest.raises(ExportsError, match=r"vesikanta_asiakkaat\.csv.*Permission denied") as error:
            half.run()
    assert is_one_message(error)
    assert half.state() == before
    assert [one.new for one in half.run()] == [False, True]


# Expectations


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("contracts/vesikanta.claims.odcs.yaml", "physicalType: csv", "physicalTyp: csv", "vesikanta.claims.odcs.yaml"),
        ("contracts/vesikanta.claims.odcs.yaml", "kind: DataContract", "kind: [", "vesikanta.claims.odcs.yaml"),
        ("controller.yaml", "controller: ", "kontroller: ", "unknown key"),
        ("retention.yaml", "period: P3Y", "period: 3 years", "no period"),
        ("rules/claim-unanswered.sql", "registry.claims", "raw.claims", "reads raw.claims"),
    ],
)
def test_broken_expectations_leave_the_home_as_it_was(half, file, old, new, problem):
    path = half.expectations / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    before = half.state()
    with pytest.raises(ExpectationsError, match=re.escape(problem)) as error:
        half.run()
    assert path.name in str(error.value)
    assert is_one_message(error)
    assert half.state() == before


def test_no_expectations_folder(half):
    with pytest.raises(ExpectationsError, match="no such folder"):
        run.run(half.home, half.exports, half.folder / "none")


# The home


def test_a_new_home_is_for_its_owner_only(filled):
    assert filled.home.stat().st_mode & 0o777 == 0o700
    assert all((filled.home / name).stat().st_mode & 0o077 == 0 for name in ("periods", "reports"))
    assert not (filled.home / "tmp").exists()


def open_to_others(home) -> list[str]:
    """What in a home, or the home itself, others may do anything with."""
    return [path.name for path in (home, *home.rglob("*")) if path.lstat().st_mode & 0o077 and not path.is_symlink()]


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_what_others_could_read_is_closed_to_them_at_every_start(place):
    """Whoever made it, and however: a copy from a backup, a folder made by hand, a file put in, another umask."""
    place.run()
    assert open_to_others(place.home) == []
    (place.folder / "elsewhere").write_text("x", "utf-8")
    (place.folder / "elsewhere").chmod(0o644)
    (place.home / "a link").symlink_to(place.folder / "elsewhere")
    (place.home / "notebooks" / "mine").mkdir(parents=True)
    (place.home / "notebooks" / "mine" / "a.ipynb").write_text("{}", "utf-8")
    for path in (place.home, *place.home.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert len(open_to_others(place.home)) > 10
    store.open_existing(place.home)
    assert open_to_others(place.home) == []
    assert (place.folder / "elsewhere").stat().st_mode & 0o777 == 0o644
    assert (place.home / "workbench.duckdb").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_a_home_that_cannot_be_closed_to_others_is_refused(place, monkeypatch):
    place.run()
    (place.home / "workbench.duckdb").chmod(0o644)

    def refused(self, mode):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refused)
    with pytest.raises(HomeError, match="cannot be used: Operation not permitted"):
        store.open_existing(place.home)


def test_a_home_of_a_newer_version(place):
    note = place.home / "home.json"
    note.write_text(json.dumps(json.loads(note.read_text("utf-8")) | {"layout": store.LAYOUT_VERSION + 1}), "utf-8")
    with pytest.raises(HomeError, match="newer version") as error:
        place.run()
    assert is_one_message(error)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"layout": "x", "id": 1}'])
def test_a_damaged_note_of_the_home(place, text):
    (place.home / "home.json").write_text(text, "utf-8")
    with pytest.raises(HomeError, match=r"home\.json is damaged"):
        place.run()


def test_a_folder_with_other_things_is_no_home(begun, tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"x")
    with pytest.raises(HomeError, match="other things"):
        run.run(tmp_path, begun.exports, begun.expectations)
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]


def test_a_home_that_is_a_file(begun, tmp_path):
    (tmp_path / "home").write_text("x", "utf-8")
    with pytest.raises(HomeError, match="cannot be used"):
        run.run(tmp_path / "home", begun.exports, begun.expectations)


def test_the_wrong_key(place, monkeypatch):
    monkeypatch.setenv("VAHTI_KEY", "another")
    with pytest.raises(HomeError, match="the key does not fit") as error:
        place.run()
    assert "another" not in str(error.value)
    assert is_one_message(error)


def test_a_missing_key_file_is_no_new_key(place, monkeypatch):
    monkeypatch.delenv("VAHTI_KEY")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(place.folder / "config"))
    with pytest.raises(HomeError, match="key file .* is gone") as error:
        place.run()
    assert "VAHTI_KEY" in str(error.value)
    assert not (place.folder / "config").exists()


def test_databases_are_encrypted(filled):
    for path in (filled.home / "workbench.duckdb", *(filled.home / "periods").iterdir()):
        content = path.read_bytes()
        assert all(word.encode() not in content for word in PLANTED_WORDS)


@pytest.mark.parametrize("size", [0, 1, 5000])
def test_a_truncated_workbench_database(place, size):
    with (place.home / "workbench.duckdb").open("r+b") as file:
        file.truncate(size)
    with pytest.raises(HomeError, match="damaged|does not fit") as error:
        place.run()
    assert is_one_message(error)


def test_two_runs_at_once(half, monkeypatch):
    monkeypatch.setattr(store, "LOCK_WAIT_SECONDS", 0.1)
    before = half.state()
    with FileLock(half.home / ".lock"), pytest.raises(BusyError, match="another run is at work") as error:
        half.run()
    assert is_one_message(error)
    assert half.state() == before
    assert [one.new for one in half.run()] == [False, True]


# Runs that die


class PowerCut(BaseException):
    """Nobody catches it."""


STAGES = [
    "pipelines.landing.land.land",
    "pipelines.rules.findings.evaluate",
    "pipelines.ledger.findings_files.write_findings",
]


@pytest.mark.parametrize("stage", STAGES)
def test_an_interrupted_run_leaves_the_home_as_it_was(half, begun, monkeypatch, stage):
    def interrupt(*arguments, **more):
        raise KeyboardInterrupt

    before = half.state()
    with monkeypatch.context() as patch:
        patch.setattr(stage, interrupt)
        with pytest.raises(KeyboardInterrupt):
            half.run()
    assert half.state() == before
    assert not (half.home / "tmp").exists()
    assert [one.new for one in half.run()] == [False, True]


@pytest.mark.parametrize("target", ["periods", "reports"])
def test_a_period_that_was_committed_is_finished_by_the_next_run(half, filled, monkeypatch, target):
    replace, done = Path.replace, []

    def cut(path, to):
        if Path(to).parent.name == target and not done:
            done.append(to)
            raise PowerCut
        return replace(path, to)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", cut)
        with pytest.raises(PowerCut):
            half.run()
    assert (half.home / "commit.json").exists()
    monkeypatch.setattr("pipelines.job.run._take_in", None)  # nothing is built again
    assert [one.new for one in half.run()] == [False, False]
    assert not (half.home / "commit.json").exists()
    assert half.findings(PERIODS[1]) == filled.findings(PERIODS[1])


def test_a_commit_half_written_does_not_count(half, monkeypatch):
    replace = Path.replace

    def cut(path, to):
        if Path(to).name == "commit.json":
            raise PowerCut
        return replace(path, to)

    before = half.state()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", cut)
        with pytest.raises(PowerCut):
            half.run()
    assert {name: value for name, value in half.state().items() if name != "commit.json.part"} == before
    assert [one.new for one in half.run()] == [False, True]


# A stage at which the process sleeps until it is killed, as if it were cut there.
HALT = """
import sys, time, pipelines.{module}
def halt(*arguments, **more):
    print("here", flush=True)
    time.sleep(600)
pipelines.{module}.{name} = halt
"""


@pytest.mark.parametrize(
    "cut",
    [("rules.findings", "evaluate"), ("ledger.findings_files", "write_findings"), ("home.store", "bring_into_force")],
    ids="-".join,
)
def test_a_killed_run_is_made_good_by_the_next(half, filled, cut):
    code = HALT.format(module=cut[0], name=cut[1]) + little.QUIET
    with subprocess.Popen(
        [sys.executable, "-c", code, *half.arguments()], stdout=subprocess.PIPE, cwd=little.worlds.ROOT
    ) as process:
        assert process.stdout.readline() == b"here\n"
        process.send_signal(signal.SIGKILL)
    assert (half.home / "commit.json").exists() == (cut[0] == "home.store")
    assert [one.new for one in half.run()] == [False, cut[0] != "home.store"]
    assert half.findings(PERIODS[1]) == filled.findings(PERIODS[1])
    assert not (half.home / "tmp").exists()


# The same, in the middle of a query that would take hours.
BUSY = """
import pipelines.rules.findings
def busy(connection, *arguments):
    print("here", flush=True)
    connection.execute("select count(*) from range(10_000_000_000_000) as r(n) where n % 7 = 3")
pipelines.rules.findings.evaluate = busy
"""


# A shell starts what runs in the background without Ctrl-C; the tests may be run so.
LISTEN = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
"""


@pytest.mark.parametrize(
    "code", [HALT.format(module="rules.findings", name="evaluate"), BUSY], ids=["in Python", "in a query"]
)
def test_ctrl_c_ends_in_one_message_and_exit_130(half, code):
    before = half.state()
    with subprocess.Popen(
        [sys.executable, "-c", LISTEN + code + little.QUIET, *half.arguments()],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=little.worlds.ROOT,
    ) as process:
        assert process.stdout.readline() == b"here\n"
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, b"")
    assert err.decode().splitlines() == ["vahti: interrupted; the period at work was not taken in"]
    assert half.state() == before


def test_a_home_that_may_not_be_written(half, small_disk):
    shutil.copytree(half.home, small_disk / "home")
    read_only = Place(half.folder)
    read_only.home = small_disk / "home"
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(HomeError, match="cannot be written: Read-only file system") as error:
        read_only.run()
    assert is_one_message(error)


def test_too_little_memory_is_a_message(half):
    before = half.state()
    with pytest.raises(HomeError, match="more memory") as error:
        half.run(memory="1MB")
    assert "--memory" in str(error.value)
    assert half.state() == before


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 24 megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    command = [mount, "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)]
    if not mount or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("may not mount a small file system here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_is_a_message_and_the_home_stays(begun, small_disk):
    shutil.copytree(begun.home, small_disk / "home")
    place = Place(small_disk)
    place.exports, place.expectations = begun.exports, begun.expectations
    before = place.state()
    filler = small_disk / "filler"
    free = os.statvfs(small_disk)
    filler.write_bytes(b"\0" * (free.f_bavail * free.f_frsize - 300_000))
    with pytest.raises(HomeError, match="cannot be written") as error:
        place.run()
    assert "free disk space" in str(error.value)
    filler.unlink()
    assert place.state() == before


@pytest.mark.parametrize(
    "fault",
    [
        OSError(28, "No space left on device"),
        duckdb.IOException('IO Error: Could not write file "x": No space left on device'),
    ],
    ids=["python", "duckdb"],
)
def test_a_disk_that_fills_while_outputs_are_written(half, monkeypatch, fault):
    def full(*arguments):
        raise fault

    before = half.state()
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.ledger.findings_files.write_findings", full)
        with pytest.raises(HomeError, match="cannot be written") as error:
            half.run()
    assert is_one_message(error)
    assert half.state() == before


# The same for the same


def test_findings_are_the_same_bytes_in_another_home_and_with_other_threads(filled, tmp_path):
    place = Place(tmp_path)
    place.exports, place.expectations = filled.exports, filled.expectations
    place.run(threads=1, memory="500MB")
    for period in PERIODS:
        assert place.findings(period) == filled.findings(period)
        names = ("findings.parquet", "findings.csv")
        here, there = (
            [(one.home / "reports" / period / name).read_bytes() for name in names] for one in (place, filled)
        )
        assert here == there


def test_a_period_taken_in_again_finds_the_same(place, filled):
    place.run(period=NEWEST, replace=True)
    assert place.findings(NEWEST) == filled.findings(NEWEST)


# What is shown


def test_nothing_shown_or_written_holds_a_personal_value(half, monkeypatch, capsys):
    code, out, err = little.command(monkeypatch, capsys, *half.arguments())
    shown = out + err + half.findings(PERIODS[1]).decode()
    assert code == 10
    assert "taken in" in out
    assert [word for word in PLANTED_WORDS if word in shown] == []


def test_an_unexpected_fault_says_what_and_where_but_not_with_what(half, monkeypatch, capsys):
    def stumble(*arguments):
        raise ValueError(f"could not convert {PLANTED}")

    before = half.state()
    monkeypatch.setattr("pipelines.rules.findings.evaluate", stumble)
    code, out, err = little.command(monkeypatch, capsys, *half.arguments())
    assert code == 70
    assert "unexpected fault: ValueError in stages.py, line" in err
    assert "Remedy" in err
    assert "Traceback" not in err
    assert [word for word in PLANTED_WORDS if word in out + err] == []
    assert half.state() == before


def test_a_fault_of_duckdb_that_quotes_a_cell_does_not_show_it(half, monkeypatch, capsys):
    def stumble(connection, *arguments):
        connection.execute("select cast(name as date) from registry.customers")

    monkeypatch.setattr("pipelines.rules.findings.evaluate", stumble)
    code, out, err = little.command(monkeypatch, capsys, *half.arguments())
    assert code == 70
    assert "ConversionException" in err
    assert [word for word in PLANTED_WORDS if word in out + err] == []
