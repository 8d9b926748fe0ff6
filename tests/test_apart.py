"""Great Expectations in a process of its own: the same outcome, whatever becomes of that process."""

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import little
import pytest
from little import PERIODS, Place

from pipelines import second_opinion as checkpoint
from pipelines.errors import HomeError, line_of
from pipelines.home import store
from pipelines.second_opinion import apart

WRITTEN = ("gx", "data-docs", "report.html")


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Place:
    made = Place(tmp_path_factory.mktemp("apart"))
    little.exports(made.exports, *PERIODS[:2])
    little.expectations(made.expectations)
    return made


@pytest.fixture
def in_another_process(monkeypatch):
    monkeypatch.setattr(apart, "MOST_BYTES", 10**6)


def home_of(place: Place, folder: Path) -> Place:
    """The same exports, with a home of its own."""
    other = Place(place.folder)
    other.home = folder / "home"
    return other


def written(place: Place) -> dict[str, bytes]:
    """What Great Expectations had a part in, by path."""
    files = [path for path in place.home.joinpath("reports").rglob("*") if path.is_file()]
    names = {path.relative_to(place.home / "reports"): path for path in files}
    return {str(name): path.read_bytes() for name, path in names.items() if name.parts[1] in WRITTEN}


def agreement(place: Place) -> list[tuple]:
    with store.reading(place.opened(), PERIODS[1]) as connection:
        return connection.execute("select * from results.expectations order by all").fetchall()


@pytest.fixture(scope="module")
def in_a_thread(place, tmp_path_factory) -> Place:
    made = home_of(place, tmp_path_factory.mktemp("thread"))
    made.run()
    return made


def test_another_process_comes_to_the_same_and_to_the_byte(
    place, in_a_thread, tmp_path, in_another_process, monkeypatch
):
    monkeypatch.setattr(checkpoint, "run", None)  # nothing of it in this one
    made = home_of(place, tmp_path)
    made.run()
    one, other = written(made), written(in_a_thread)
    assert len(one) >= 20
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
    assert agreement(made) == agreement(in_a_thread) != []
    assert not (made.home / "tmp").exists()  # the copy least of all
    assert apart._helpers == []


@pytest.mark.parametrize("moment", ["before", "during"])
def test_what_was_ended_from_outside_is_done_here(
    place, in_a_thread, tmp_path, in_another_process, monkeypatch, moment
):
    send = apart.Helper.send

    def ended(self, job):
        if moment == "during":
            send(self, job)
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if moment == "before":
            send(self, job)

    monkeypatch.setattr(apart.Helper, "send", ended)
    made = home_of(place, tmp_path)
    made.run()
    assert written(made) == written(in_a_thread)


def test_a_fault_in_it_is_raised_here_with_the_line_it_arose_in_and_no_value(
    place, tmp_path, in_another_process, monkeypatch
):
    enter = apart.Apart.__enter__

    def over_a_copy_that_is_gone(self):
        unlinked = apart.Helper.send

        def send(helper, job):
            job.databases["period"].write_bytes(b"x" * 5000)
            unlinked(helper, job)

        monkeypatch.setattr(apart.Helper, "send", send)
        return enter(self)

    monkeypatch.setattr(apart.Apart, "__enter__", over_a_copy_that_is_gone)
    made = home_of(place, tmp_path)
    with pytest.raises(HomeError, match="damaged") as caught:
        made.run()
    assert line_of(caught.value).startswith("connections.py, line ")
    assert store.periods(made.opened()) == {}


def test_it_ends_with_the_process_that_began_it(tmp_path):
    program = "import os, time; from pipelines.second_opinion import apart; print(apart.start().process.pid, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        child = int(parent.stdout.readline())
        assert child in processes()
        parent.kill()
    assert ends(child)


def processes() -> dict[int, int]:
    """The parent of every process that has not ended; one that nobody has buried yet has."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent = stat.read_text("utf-8", "replace").rpartition(")")[2].split()[:2]
            found |= {int(stat.parent.name): int(parent)} if state != "Z" else {}
    return found


def ends(child: int) -> bool:
    """Whether a process ends within ten seconds, by itself."""
    until = time.monotonic() + 10
    while child in processes() and time.monotonic() < until:
        time.sleep(0.02)
    if child in processes():
        os.kill(child, signal.SIGKILL)
        return False
    return True


def test_a_run_killed_while_both_work_leaves_no_process_and_a_home_for_the_next(
    place, in_a_thread, tmp_path, in_another_process
):
    made = home_of(place, tmp_path)
    program = [sys.executable, "-c", "from pipelines.commands.main import main; main()", *made.arguments()]
    with subprocess.Popen(
        program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=little.worlds.ROOT
    ) as parent:
        while (
            parent.poll() is None and not (made.home / "tmp" / "apart").exists()
        ):  # the other process makes it when it begins
            time.sleep(0.01)
        helpers = [child for child, above in processes().items() if above == parent.pid]
        parent.kill()
    assert parent.returncode == -signal.SIGKILL and helpers  # a process that reads exports may still be there as well
    assert all(ends(one) for one in helpers)
    made.run()
    assert written(made) == written(in_a_thread)


def test_it_imports_nothing_from_the_folder_it_was_called_in(tmp_path):
    (tmp_path / "great_expectations.py").write_text("raise SystemExit('taken from the folder')", "utf-8")
    program = textwrap.dedent("""
        import time
        from pipelines.second_opinion import apart
        helper = apart.start()
        time.sleep(0.5)
        helper.send("no job")
        try:
            helper.answer()
        except AttributeError:  # it is there, and says that a text is no job
            print("alive")
    """)
    script = tmp_path / "elsewhere" / "script.py"
    script.parent.mkdir()
    script.write_text(program, "utf-8")
    done = subprocess.run(
        [sys.executable, script], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.stdout, done.stderr) == ("alive\n", "")


@pytest.mark.parametrize(
    ("limits", "most", "sizes", "expected"),
    [
        ({}, 10, (4, 6), True), ({}, 10, (5, 6), False), ({}, 0, (), False), ({"memory": "1GB"}, 10, (1,), False),
        ({"threads": 1}, 10, (1,), False), ({"threads": 2}, 10, (1,), True),
    ],
)  # fmt: skip
def test_it_is_for_small_exports_without_a_limit_on_memory_or_threads(
    limits, most, sizes, expected, tmp_path, monkeypatch
):
    monkeypatch.setattr(apart, "MOST_BYTES", most)
    for number, size in enumerate(sizes):
        (tmp_path / f"{number}.csv").write_bytes(b"x" * size)
    assert apart.fits(store.Home(Path("home"), **limits), tmp_path) is expected
    assert not apart.fits(store.Home(Path("home"), **limits), tmp_path / "none")


def test_a_run_that_fails_leaves_no_work_behind_and_the_next_one_begins_anew(
    place, tmp_path, in_another_process, monkeypatch
):
    made = home_of(place, tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(
            "pipelines.ledger.findings_files.write_findings",
            lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")),
        )
        with pytest.raises(HomeError, match="No space left"):
            made.run()
    assert apart._helpers == []
    made.run()
    assert list(store.periods(made.opened())) == list(PERIODS[:2])
