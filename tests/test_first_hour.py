"""The first hour: the README's commands as printed, from any folder; the launcher; what a home remembers; the doctor; and a
newcomer who mistypes everything. `python tests/newcomer.py` prints the newcomer's hour as a transcript."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import little
import newcomer
import pytest
import subsets
import worlds
from little import PERIODS, Place

from pipelines.errors import HomeError
from pipelines.job import arrived, doctor, remembered

README = (worlds.ROOT / "README.md").read_text("utf-8")
# Commands of the README that end in findings, or wait for somebody.
CODES = {"run": (0, 10)}


@pytest.fixture(autouse=True)
def no_settings(monkeypatch, tmp_path):
    for name in ("VAHTI_HOME", "VAHTI_EXPORTS", "VAHTI_EXPECTATIONS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VAHTI_SETTINGS", str(tmp_path / "settings" / "settings.json"))


@pytest.fixture
def elsewhere(monkeypatch, tmp_path) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def printed() -> list[str]:
    """Every command of the README's blocks."""
    blocks = re.findall(r"^```\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines() if line.startswith("vahti ")]


# The README


def test_every_command_of_the_readme_works_as_printed(tmp_path_factory, tmp_path, elsewhere, monkeypatch, capsys):
    home = tmp_path / "home"
    shutil.copytree(worlds.home_of_samples(tmp_path_factory), home)
    real = {
        "/path/to/exports": str(worlds.SAMPLES / "exports"),
        "/path/to/home": str(home),
        "DIR": str(tmp_path / "answer"),
    }
    assert len(printed()) >= 6
    little.command(monkeypatch, capsys, "use", home)
    monkeypatch.setenv("VAHTI_WORKLIST_PASSWORD", "kolme pientä lintua")
    for line in printed():
        words = [real.get(word, word) for word in shlex.split(line, comments=True)[1:]]
        code, out, err = little.command(monkeypatch, capsys, *words)
        assert code in CODES.get(words[0], (0,)), f"{line}: {code} {err}"
        assert "Nobody was found" not in out and " 0 findings" not in out, line
    assert (tmp_path / "answer" / "certificate.json").exists()


def test_make_report_ends_with_the_commands_of_the_readme():
    said = subprocess.run(["make", "-n", "report"], cwd=worlds.ROOT, capture_output=True, text=True, check=True).stdout
    last = re.findall(r"'  ([^']+)'", said.partition("How to go on")[2])
    block = README.partition("The first then says how to go on")[2].split("```")[1].strip().splitlines()
    commands = [line.partition("#")[0].strip() for line in block]
    assert last[0].startswith("export PATH=") and commands[0] == 'export PATH="$PWD:$PATH"'
    assert last[1:] == commands[1:]


def test_benchmarks_come_after_where_to_go_next():
    assert README.index("## Where to go next") < README.index("<!-- benchmarks -->")


def test_the_launcher_works_from_any_folder_and_through_a_link(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "vahti").symlink_to(worlds.ROOT / "vahti")
    environment = os.environ | {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["vahti", "--help"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.startswith("Usage: vahti")) == (0, True), done.stderr


def test_the_launcher_of_a_clone_that_is_not_set_up_says_what_to_do(tmp_path):
    shutil.copy(worlds.ROOT / "vahti", tmp_path)
    done = subprocess.run([tmp_path / "vahti", "run"], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and f"make -C '{tmp_path}' setup" in done.stderr


# What is remembered


@pytest.fixture
def place(tmp_path, monkeypatch) -> Place:
    little.quiet(monkeypatch)
    place = Place(tmp_path)
    little.exports(place.exports, PERIODS[0])
    little.expectations(place.expectations)
    return place


@pytest.fixture
def vahti(monkeypatch, capsys):
    return lambda *words: little.command(monkeypatch, capsys, *words)


def test_a_home_remembers_its_exports_and_expectations(place, vahti, elsewhere):
    vahti(*place.arguments("--fail-on", "never"))
    code, out, _ = vahti("run", "--home", place.home, "--fail-on", "never")
    assert code == 0 and "Nothing to do." in out
    assert remembered.of_home(place.home)["controller"] == "A small one"


def test_the_home_of_use_is_meant_where_none_is_named(place, vahti, elsewhere):
    vahti(*place.arguments("--fail-on", "never"))
    assert vahti("use", place.home)[1] == f"Home: {place.home} (vahti use)\n"
    assert PERIODS[0] in vahti("findings")[1]
    assert "repository's own" in vahti("use", "--forget")[1]


def test_other_expectations_are_refused_unless_adopted(place, vahti, tmp_path):
    vahti(*place.arguments("--fail-on", "never"))
    other = little.expectations(tmp_path / "others")
    (other / "rules" / "claim-unanswered.sql").write_text(little.rule(little.OPEN_CLAIM, severity="low"), "utf-8")
    words = ["run", "--home", place.home, "--exports", place.exports, "--expectations", other, "--fail-on", "never"]
    code, _, err = vahti(*words)
    assert code == HomeError.exit_code and str(place.expectations) in err and "--adopt" in err
    assert "(rules/claim-unanswered.sql differ)" in err
    assert vahti(*words, "--adopt")[0] == 0
    assert remembered.of_home(place.home)["expectations"] == str(other)


def test_the_same_expectations_in_another_place_are_the_same(place, vahti, tmp_path):
    vahti(*place.arguments("--fail-on", "never"))
    shutil.copytree(place.expectations, tmp_path / "moved")
    assert vahti("run", "--home", place.home, "--expectations", tmp_path / "moved", "--fail-on", "never")[0] == 0


def test_edited_expectations_are_the_homes_own_still(place, vahti):
    vahti(*place.arguments("--fail-on", "never"))
    path = place.expectations / "controller.yaml"
    path.write_text(path.read_text("utf-8") + "# edited\n", "utf-8")
    code, out, _ = vahti("run", "--home", place.home, "--fail-on", "never")
    assert code == 0 and "the expectations have changed since" in out


def another_controller(place: Place) -> None:
    """The same folder is another controller's now."""
    path = place.expectations / "controller.yaml"
    path.write_text(path.read_text("utf-8").replace("A small one", "Somebody else"), "utf-8")


OPENING = [
    ("report",),
    ("ropa",),
    ("run",),
    ("notice",),
    ("subject", "find", "A1"),
    ("purge",),
    ("lab", "--no-browser"),
    ("accept", "--list"),
]


@pytest.mark.parametrize("words", OPENING, ids=lambda words: words[0])
def test_another_controllers_expectations_are_refused_by_every_command(remembering, vahti, words):
    """In the same place and elsewhere; what the home knows of itself stays."""
    before = remembering.state()
    for more in ([], ["--expectations", remembering.expectations]):
        code, out, err = vahti(*words, "--home", remembering.home, *more)
        assert (code, out) == (HomeError.exit_code, ""), err
        assert "“A small one”" in err and "“Somebody else”" in err and "--adopt" in err
    assert remembering.state() == before


@pytest.fixture(scope="module")
def remembering(tmp_path_factory) -> Place:
    """A home, taken in by no command, of which the expectations became another controller's."""
    place, _ = little.taken_in(tmp_path_factory.mktemp("whose"), PERIODS[0])
    another_controller(place)
    return place


def test_the_desk_refuses_them_too(remembering):
    from pipelines import open_workbench

    for given in (None, remembering.expectations):
        with pytest.raises(HomeError, match="is the home of “A small one”"):
            open_workbench(remembering.home, expectations=given)


def test_the_doctor_says_whose_home_it_is(remembering, vahti):
    code, out, _ = vahti("doctor", "--home", remembering.home)
    (row,) = [row for row in out.splitlines() if "whose home" in row]
    assert code == 15 and "is the home of “A small one”" in row


def test_a_controller_that_goes_by_another_name_is_adopted(remembering, vahti, tmp_path):
    place = remembering.copied(tmp_path)
    words = ["run", "--home", place.home, "--expectations", place.expectations, "--exports", place.exports]
    assert vahti(*words, "--fail-on", "never", "--adopt")[0] == 0
    assert remembered.of_home(place.home)["controller"] == "Somebody else"


def test_a_home_that_does_not_know_its_expectations_asks_for_them(remembering, vahti, tmp_path):
    """Never those of the repository, whose controller's name would stand on the report."""
    place = remembering.copied(tmp_path)
    (place.home / remembered.MADE_WITH).unlink()
    code, out, err = vahti("report", "--home", place.home)
    assert (code, out) == (HomeError.exit_code, "") and "does not say which expectations" in err


def test_a_list_of_rules_opens_no_home_and_asks_none(remembering, vahti, tmp_path, monkeypatch):
    monkeypatch.setitem(remembered.OTHERWISE, "home", remembering.home)
    assert vahti("rules", "--expectations", remembering.expectations)[0] == 0


def test_exports_without_any_period_of_the_home_are_refused(place, vahti, tmp_path):
    vahti(*place.arguments("--fail-on", "never"))
    little.exports(tmp_path / "others", PERIODS[2])
    words = ["run", "--home", place.home, "--exports", tmp_path / "others", "--fail-on", "never"]
    code, _, err = vahti(*words)
    assert code == HomeError.exit_code and "none of its periods" in err
    assert vahti(*words, "--adopt")[0] == 0


# The doctor


@pytest.fixture(scope="module")
def odd(tmp_path_factory) -> Path:
    """Exports of one period: one missing, one without a column, one with a column too many, whose header is a person's."""
    exports = tmp_path_factory.mktemp("odd")
    period = subsets.write(exports / worlds.PERIOD, subsets.but("claims"))
    subsets.without_column(period, "messages", "phone")
    path = period / "suostumukset.csv"
    first, *rest = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([first + ";Virtanen Matti", *(line + ";x" for line in rest)]) + "\n", "utf-8")
    return exports


def test_the_doctor_says_of_exports_what_is_missing_and_changed_by_place(odd, tmp_path):
    checks = {check.what: check for check in arrived.what_arrived(odd, worlds.EXPECTATIONS)}
    assert checks[f"exports of {worlds.PERIOD}"].found == "15 of 18 files are as their contracts say"
    assert checks["vesikanta_reklamaatiot.csv"].found == "missing"
    assert checks["keyaqua_viestit.csv"].found == "“Puhelin” is missing"
    assert checks["suostumukset.csv"].found == "column 7 is not declared"
    assert all(check.todo for check in checks.values() if check.what.endswith(".csv"))
    assert "Virtanen" not in repr(checks)


def test_the_doctor_finds_a_fresh_machine_fit(odd, vahti, tmp_path):
    code, out, err = vahti("doctor", "--exports", odd, "--home", tmp_path / "new")
    assert (code, err) == (0, ""), out
    assert "there is none yet" in out and "Nothing has to be mended." in out
    assert not (tmp_path / "new").exists()


def test_the_doctor_names_what_has_to_be_mended(place, vahti, monkeypatch):
    place.run()
    place.home.chmod(0o755)
    monkeypatch.setenv("VAHTI_KEY", "another key")
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 9, 1))
    monkeypatch.setattr(doctor, "LEAST_PYTHON", (3, 99))
    code, out, err = vahti("doctor", "--home", place.home, "--exports", place.exports, "--expectations", place.home)
    assert code == 15
    for what, todo in (
        ("Python", "make setup"),
        ("permissions", "chmod 700"),
        ("disk", "vahti purge"),
        ("key", "VAHTI_KEY"),
    ):
        assert what in err and todo in out, what
    assert "expectations" in err


def test_the_doctor_tells_a_package_that_does_not_fit(monkeypatch):
    version = doctor.metadata.version
    monkeypatch.setattr(doctor.metadata, "version", lambda name: "0.1" if name == "pandas" else version(name))
    (check,) = doctor.packages()
    assert (
        check.state == doctor.FAULT and check.found.startswith("pandas is 0.1, wanted") and check.todo == "make setup"
    )


# A newcomer


def test_a_newcomer_gets_on_although_an_export_is_missing_and_everything_is_mistyped(
    tmp_path, elsewhere, monkeypatch, capsys
):
    """The transcript has one message for every mistake, no traceback, no personal value, and ends in findings."""
    with subsets.quick():
        told = newcomer.hour(tmp_path, lambda words: little.command(monkeypatch, capsys, *words))
    assert [step.words for step in told if step.code not in step.expected] == []
    text = "\n".join(str(step) for step in told)
    assert "Traceback" not in text and "unexpected fault" not in text
    assert "Virtanen" not in text and "131052" not in text
    mistakes = [step for step in told if step.proposes]
    assert len(mistakes) >= 10
    assert [step.words for step in mistakes if step.proposes not in step.err] == []
