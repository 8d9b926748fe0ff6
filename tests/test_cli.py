"""The commands: each has help, ends with its own exit code, and says in one message what is wrong and what to do."""

from __future__ import annotations

import datetime as dt
import os
import re
import signal
import subprocess
import sys

import click
import little
import pytest
import typer
import worlds
from little import PERIODS, Place

from pipelines import errors
from pipelines.commands import main as cli
from pipelines.commands import options as reading
from pipelines.expectations.rule import CATEGORIES

COMMANDS = {"run", "sample", "explain", "rules"}
HEAVY = ("duckdb", "pandas", "great_expectations", "matplotlib", "numpy", "jinja2", "holidays", "splink", "yaml")


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    little.quiet(monkeypatch)
    for name in ("VAHTI_HOME", "VAHTI_EXPORTS", "VAHTI_EXPECTATIONS", "VAHTI_DEBUG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def vahti(monkeypatch, capsys):
    return lambda *words: little.command(monkeypatch, capsys, *words)


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory) -> Place:
    """One period in a home. Not to be changed."""
    return little.taken_in(tmp_path_factory.mktemp("taken_in"), PERIODS[0])[0]


@pytest.fixture
def place(taken_in, tmp_path) -> Place:
    return taken_in.copied(tmp_path)


# Help


def commands(group=None, words: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command and group, by its words."""
    group = group or typer.main.get_command(cli.app)
    found = [words]
    for name, command in getattr(group, "commands", {}).items():
        found += commands(command, (*words, name))
    return found


def test_the_commands_of_the_architecture_are_there():
    assert {words[0] for words in commands() if words} >= COMMANDS


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_has_help(vahti, words):
    code, out, err = vahti(*words, "--help")
    assert (code, err) == (0, "")
    assert out.startswith("Usage: vahti")


def options():
    for words in commands():
        command = typer.main.get_command(cli.app)
        for word in words:
            command = command.commands[word]
        yield from (
            (words, option) for option in command.params if isinstance(option, click.Option) or hasattr(option, "help")
        )


def test_every_command_and_option_says_what_it_is_for():
    silent = [(*words, option.name) for words, option in options() if not getattr(option, "help", None)]
    assert silent == []


def test_help_imports_nothing_heavy():
    code = "import contextlib, sys\nfrom pipelines.commands.main import main\nsys.argv = ['vahti', '--help']\n"
    code += "with contextlib.suppress(SystemExit):\n    main()\n"
    code += f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, encoding="utf-8", cwd=worlds.ROOT
    )
    assert (done.returncode, done.stderr.strip()) == (0, "[]")


def test_no_word_at_all_shows_the_help(vahti):
    code, out, err = vahti()
    assert code == 2
    assert "Usage: vahti [OPTIONS] COMMAND" in out + err


# Exit codes


def test_each_kind_of_fault_has_its_own_exit_code():
    """2 is a word that does not parse, 70 a fault of the program, 130 Ctrl-C."""
    modules = (worlds.ROOT / "pipelines").rglob("*.py")
    codes = [
        int(code) for path in modules for code in re.findall(r"(?m)^    exit_code = (\d+)$", path.read_text("utf-8"))
    ]
    assert len(set(codes)) == len(codes) >= 9
    assert not {0, 2, errors.FINDINGS, 70, 130} & set(codes)


@pytest.mark.parametrize(("fail_on", "code"), [("high", 10), ("medium", 10), ("low", 10), ("never", 0)])
def test_findings_at_or_above_the_severity_end_in_10(vahti, place, fail_on, code):
    assert vahti(*place.arguments("--fail-on", fail_on))[0] == code


def test_findings_below_the_severity_end_in_0(vahti, tmp_path):
    place = Place(tmp_path)
    worlds.write(
        place.exports / PERIODS[0],
        customers="customer_number\nA1",
        claims="claim_number | opened_on | description\nR1 | 1.1.2025 | hidas",
    )
    little.expectations(place.expectations)
    rule = little.rule(little.OPEN_CLAIM, severity="low")
    (place.expectations / "rules" / "claim-unanswered.sql").write_text(rule, "utf-8")
    assert vahti(*place.arguments("--fail-on", "medium"))[0] == 0
    assert vahti(*place.arguments("--fail-on", "low"))[0] == 10


def wrong(place: Place) -> dict[str, tuple[list, int, str, str]]:
    """What a user can do wrong: the words, the exit code, and a piece of the problem and of the remedy."""
    home, exports, expectations = place.home, place.exports, place.expectations
    return {
        "no exports": (["run", "--exports", exports / "no", "--home", home], 3, "no such exports folder", "--exports"),
        "no period folder": (
            ["run", "--exports", exports / PERIODS[0], "--home", home],
            3,
            "no period folder",
            "such as 2026-06-30",
        ),
        "no such period": (place.arguments("--period", "2020-01-01"), 14, "no folder '2020-01-01'", PERIODS[0]),
        "no expectations": (
            ["run", "--exports", exports, "--expectations", exports / "no", "--home", home / "new"],
            4,
            "no such folder",
            "--expectations",
        ),
        "a foreign folder as home": (["run", "--exports", exports, "--home", exports], 5, "other things", "--home"),
        "no home": (["explain", "claims", "R1", "--home", home / "no"], 5, "no workbench home", "vahti run"),
        "no such period there": (
            ["explain", "claims", "R1", "--home", home, "--period", "2020-01-01"],
            14,
            "no period '2020-01-01'",
            PERIODS[0],
        ),
        "no such record": (
            ["explain", "claims", "R404", "--home", home],
            14,
            "no retention is known of claims R404",
            "look at the key",
        ),
        "no such dataset": (
            ["explain", "birds", "R1", "--home", home],
            14,
            "no dataset with a retention class 'birds'",
            "claims",
        ),
        "no such rule": (
            ["rules", "check", exports / "no.sql", "--expectations", expectations],
            4,
            "cannot be read",
            "UTF-8",
        ),
        "too few customers": (
            ["sample", "--out", home / "new", "--customers", "5"],
            1,
            "is not between",
            "change the numbers",
        ),
    }


@pytest.mark.parametrize("mistake", wrong(Place(worlds.ROOT)))
def test_a_mistake_is_one_message_with_a_remedy_on_stderr(vahti, place, mistake):
    words, exit_code, problem, remedy = wrong(place)[mistake]
    before = place.state()
    code, out, err = vahti(*words)
    assert (code, out) == (exit_code, "")
    message, remedies = err.rstrip("\n").split("\n  Remedy: ")
    assert message.startswith("vahti: ")
    assert problem in message
    assert remedy in remedies
    assert "Traceback" not in err
    assert place.state() == before


@pytest.mark.parametrize(
    "text", ["2026-06-30", "30.6.2026", "30.06.2026", "30. 6. 2026", "30/6/2026", "30-06-2026", " 30.6.2026 "]
)
def test_a_day_is_read_as_her_country_writes_it(text):
    assert reading.day(text) == dt.date(2026, 6, 30) and reading.period(text) == "2026-06-30"


@pytest.mark.parametrize("text", ["", "30.6.", "31.6.2026", "6.30.2026", "30.6-2026", "30.6.26", "heinäkuu"])
def test_what_is_no_day_is_told_with_both_ways_to_write_one(text):
    with pytest.raises(typer.BadParameter, match=r"YYYY-MM-DD, or the day first, as in 30\.6\.2026"):
        reading.day(text)
    assert reading.period(text) == text, "it is told as no period"


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["run", "--as-of", "31.13.2025"], "YYYY-MM-DD"),
        (["run", "--fail-on", "grave"], "high, medium, low, never"),
        (["run", "--memory", "lots"], "500MB"),
        (["run", "--threads", "0"], "x>=1"),
        (["run", "--no-such-option"], "No such option"),
        (["fly"], "No such command"),
        (["explain", "claims"], "Missing argument"),
    ],
)
def test_words_that_do_not_parse_end_in_2_with_a_hint(vahti, words, hint):
    code, out, err = vahti(*words)
    assert (code, out) == (2, "")
    assert hint in err
    assert "Traceback" not in err


def test_a_home_in_use_ends_in_6(vahti, place, monkeypatch):
    from filelock import FileLock

    monkeypatch.setattr("pipelines.home.store.LOCK_WAIT_SECONDS", 0.1)
    with FileLock(place.home / ".lock"):
        code, _, err = vahti(*place.arguments())
    assert code == 6
    assert "another run is at work" in err


# What is printed


def test_a_run_prints_a_row_per_period_and_where_the_report_is(vahti, place):
    code, out, err = vahti(*place.arguments())
    assert (code, err) == (10, "")
    assert " ".join(next(line for line in out.splitlines() if PERIODS[0] in line).split()) == (
        f"{PERIODS[0]} unchanged 2 of 2 4 4 0 {' '.join(str(place_count) for place_count in severities(place))}"
    )
    assert "Nothing to do." in out
    assert out.rstrip().endswith(f"reports/{PERIODS[0]}/report.html")


def severities(place: Place) -> list[int]:
    from pipelines.home import store

    counts = store.periods(place.opened())[PERIODS[0]]["counts"]
    return [counts[name] for name in ("high", "medium", "low", "not_evaluated")]


def test_no_progress_is_shown_where_nobody_watches(vahti, place):
    assert vahti(*place.arguments())[2] == ""


def test_explain_prints_the_sentence(vahti, taken_in):
    code, out, err = vahti("explain", "vesikanta.claims", "R1", "--home", taken_in.home)
    assert (code, out, err) == (
        0,
        "Claim R1: kept; its period does not run yet: it has no “resolved on” date yet\n",
        "",
    )


def test_the_home_may_be_named_in_the_environment(vahti, taken_in, monkeypatch):
    monkeypatch.setenv("VAHTI_HOME", str(taken_in.home))
    assert vahti("explain", "claims", "R1")[0] == 0


def test_rules_lists_every_rule_by_category(vahti):
    code, out, _ = vahti("rules")
    names = [words[0] for words in map(str.split, out.splitlines()) if len(words) > 2 and words[1] in CATEGORIES]
    assert code == 0
    assert {"duplicate-key", "past-retention", "consent-withdrawn-in-use"} <= set(names)
    assert len(names) == len({rule.id for rule in worlds.expectations().rules})
    assert out.index("rejected-row") < out.index("past-retention")


def test_rules_are_those_of_the_expectations_that_are_named_and_say_where_they_come_from(vahti, taken_in):
    out = vahti("rules", "--expectations", taken_in.expectations)[1]
    rows = {
        words[0]: words[3] for words in map(str.split, out.splitlines()) if len(words) > 4 and words[1] in CATEGORIES
    }
    assert "consent-withdrawn-in-use" not in rows
    assert rows["claim-unanswered"] == "controller"
    assert (rows["past-retention"], rows["orphan-record"], rows["duplicate-person"]) == (
        "schedule",
        "contracts",
        "pack",
    )
    assert (
        vahti(
            "rules",
            "--expectations",
            taken_in.expectations,
            "check",
            taken_in.expectations / "rules" / "claim-unanswered.sql",
        )[0]
        == 0
    )


def test_rules_check_says_that_a_rule_is_fit(vahti, taken_in):
    words = [
        "rules",
        "check",
        taken_in.expectations / "rules" / "claim-unanswered.sql",
        "--expectations",
        taken_in.expectations,
    ]
    assert vahti(*words) == (0, "claim-unanswered: fit to run (staleness, high)\n", "")


def test_rules_check_says_what_is_wrong_with_one(vahti, taken_in, tmp_path):
    path = tmp_path / "a-rule.sql"
    path.write_text(little.rule("select record_key\nfrom raw.claims"), "utf-8")
    code, out, err = vahti("rules", "check", path, "--expectations", taken_in.expectations)
    assert (code, out) == (4, "")
    assert err.startswith(f"vahti: {path}, line 14: reads raw.claims\n  Remedy: read registry")


def test_sample_writes_exports_and_the_answer_key(vahti, tmp_path):
    code, out, _ = vahti("sample", "--out", tmp_path, "--customers", "300", "--periods", "1", "--seed", "3")
    assert (code, out) == (0, f"Wrote 1 periods of 300 customers to {tmp_path}\n")
    assert {path.name for path in tmp_path.iterdir()} >= {"exports", "expected_findings.csv"}


def test_a_process_without_memory_ends_at_its_message(tmp_path):
    """What is taken down at the end of a process may need memory that there is not: DuckDB ended in a segmentation fault."""
    code = (
        "import atexit, os, signal\n"
        "from pipelines.commands import main\n"
        "from pipelines.errors import NoMemoryError\n"
        "atexit.register(lambda: os.kill(os.getpid(), signal.SIGSEGV))\n"
        "def app(**_): raise NoMemoryError('more memory is needed', remedy='add some')\n"
        "main.app = app\n"
        "main.main()\n"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (out.returncode, out.stderr) == (5, "vahti: more memory is needed\n  Remedy: add some\n")


def test_a_run_in_400_megabytes_ends_in_one_message(tmp_path):
    """Or never begins, where the libraries have more threads than fit."""
    limit = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20)); "
    run = f"sys.argv = ['vahti', 'run', '--exports', {str(worlds.ROOT / 'data_samples' / 'exports')!r}, '--home', {str(tmp_path / 'h')!r}]; "
    code = limit + run + "from pipelines.commands.main import main; main()"
    alone = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=worlds.ROOT, env=alone, check=False
    )
    # Where a library of C finds no memory for a thread, the process is ended with the library's own one line.
    ended = out.returncode == 5 and "more memory" in out.stderr
    assert out.returncode != -signal.SIGSEGV, out.stderr
    assert ended or (out.returncode != 0 and len(out.stderr.splitlines()) <= 2), out.stderr
    assert "Traceback" not in out.stderr and not (tmp_path / "h" / "commit.json").exists()
