"""`vahti schedule`: what each scheduler is given, how it is given, and what it then starts."""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pipelines.desk import schedule
from pipelines.errors import VahtiError

TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
AWKWARD = "ho me %h $x's"


@pytest.fixture
def plan(tmp_path) -> schedule.Plan:
    return schedule.plan("month", tmp_path / AWKWARD, Path("data_samples/exports"), Path("expectations"), "fi", True)


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Stand-ins for a scheduler's own programs: each notes its words and what it is given, and answers as told."""
    folder, log = tmp_path / "bin", tmp_path / "calls"
    folder.mkdir()
    log.write_text("")
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def stand_in(name: str, answer: str = "", code: int = 0, fault: str = "") -> None:
        lines = [f'echo {name} "$@" >> {shlex.quote(str(log))}']
        lines += [f'case "$1" in -) cat >> {shlex.quote(str(log))};; esac']
        lines += [f"printf %s {shlex.quote(answer)}", f"printf %s {shlex.quote(fault)} >&2", f"exit {code}"]
        path = folder / name
        path.write_text("#!/bin/sh\n" + "\n".join(lines) + "\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    stand_in.log = log
    return stand_in


def test_the_command_has_absolute_paths(plan, tmp_path):
    words = plan.arguments
    assert words[1:3] == ("schedule", "--once")
    options = dict(zip(words[3:-1:2], words[4:-1:2], strict=True))
    assert options.pop("--lang") == "fi" and words[-1] == "--pdf"
    assert options["--home"] == str(tmp_path / AWKWARD)
    assert all(Path(path).is_absolute() for path in (words[0], *options.values()))


def test_a_systemd_timer(plan):
    units = schedule.systemd(plan)
    service, timer = units["rekisterivahti.service"], units["rekisterivahti.timer"]
    assert "Type=oneshot" in service and "SuccessExitStatus=10" in service
    assert "OnCalendar=*-*-02 06:00:00" in timer and "Persistent=true" in timer
    line = next(line for line in service.splitlines() if line.startswith("ExecStart="))
    unquoted = line.removeprefix("ExecStart=").replace("%%", "%").replace("$$", "$")
    assert shlex.split(unquoted) == list(plan.arguments)


def test_a_systemd_quarter():
    plan = schedule.Plan("quarter", ("vahti",))
    assert "OnCalendar=*-01,04,07,10-02 06:00:00" in schedule.systemd(plan)["rekisterivahti.timer"]


def test_a_crontab_line(plan):
    line = schedule.cron(plan)
    assert line.startswith("0 6 2 * * ") and line.endswith(" # rekisterivahti\n") and line.count("\n") == 1
    command = line.removeprefix("0 6 2 * * ")
    assert "%" not in command.replace("\\%", "")
    assert shlex.split(command.replace("\\%", "%"), comments=True) == list(plan.arguments)
    assert schedule.cron(schedule.Plan("quarter", ("vahti",))).startswith("0 6 2 1,4,7,10 * vahti")


def test_a_windows_task(plan):
    task = ElementTree.fromstring(schedule.windows(plan).encode("utf-16"))
    assert task.findtext(f".//{TASK}Command") == plan.arguments[0]
    assert task.findtext(f".//{TASK}Arguments") == subprocess.list2cmdline(plan.arguments[1:])
    assert len(task.find(f".//{TASK}Months")) == 12
    assert task.findtext(f".//{TASK}RunLevel") == "LeastPrivilege"
    assert task.findtext(f".//{TASK}StartWhenAvailable") == "true"


@pytest.mark.parametrize("system", ["systemd", "cron", "windows"])
def test_what_is_shown_names_the_command(plan, system):
    assert "schedule" in schedule.shown(plan, system) and "--once" in schedule.shown(plan, system)


@pytest.mark.parametrize("letter", ["\n", "\r", "\x07", "\u202e"])
def test_a_path_that_no_schedule_can_hold_is_refused(tmp_path, letter):
    with pytest.raises(VahtiError, match="no schedule can hold"):
        schedule.plan("month", tmp_path / f"a{letter}b", Path("exports"), Path("expectations"))


# Installing


def test_installing_a_timer(plan, programs, tmp_path):
    programs("systemctl")
    schedule.install(plan, "systemd")
    folder = tmp_path / "config" / "systemd" / "user"
    assert {path.name: path.read_text("utf-8") for path in folder.iterdir()} == schedule.systemd(plan)
    calls = programs.log.read_text("utf-8").splitlines()
    assert calls == ["systemctl --user daemon-reload", "systemctl --user enable --now rekisterivahti.timer"]


def test_installing_a_crontab_line_keeps_the_others_and_replaces_its_own(plan, programs):
    programs("crontab", "5 4 * * * other\n0 1 1 1 * old # rekisterivahti\n")
    schedule.install(plan, "cron")
    calls = programs.log.read_text("utf-8")
    assert calls == f"crontab -l\ncrontab -\n5 4 * * * other\n{schedule.cron(plan)}"


def test_a_crontab_that_cannot_be_read_is_not_overwritten(plan, programs):
    programs("crontab", code=1, fault="you are not allowed to use this program")
    with pytest.raises(VahtiError, match="not allowed"):
        schedule.install(plan, "cron")
    assert programs.log.read_text("utf-8") == "crontab -l\n"


def test_a_scheduler_that_is_not_here_is_said(plan, programs):
    with pytest.raises(VahtiError, match="schtasks does not work here"):
        schedule.install(plan, "windows")


def test_a_scheduler_that_refuses_is_said(plan, programs):
    programs("systemctl", code=1, fault="Failed to connect to bus")
    with pytest.raises(VahtiError, match="Failed to connect to bus"):
        schedule.install(plan, "systemd")


# What it starts


@pytest.mark.parametrize(
    ("run", "report", "kept", "started"),
    [(0, 0, 0, 2), (10, 0, 10, 2), (0, 70, 70, 2), (10, 70, 70, 2), (2, 0, 2, 1), (70, 0, 70, 1)],
    ids=["clean", "findings", "report failed", "findings, report failed", "exports at fault", "run failed"],
)
def test_the_exit_code_is_kept(tmp_path, run, report, kept, started):
    calls = []

    def call(words: list[str]) -> int:
        calls.append(words[1:])
        return run if words[1] == "run" else report

    code = schedule.once(tmp_path / "home", tmp_path, Path("expectations"), "sv", True, call=call)
    assert (code, [words[0] for words in calls]) == (kept, ["run", "report"][:started])
    assert all(words[1:3] == ["--home", str(tmp_path / "home")] for words in calls)
    if started == 2:
        assert calls[1][-3:] == ["--lang", "sv", "--pdf"]


def test_a_failed_run_is_kept_for_the_next_report(tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "home.json").write_text("{}")
    (tmp_path / "exports" / "2026-03-31").mkdir(parents=True)
    (tmp_path / "exports" / "2026-06-30").mkdir()
    schedule.once(tmp_path / "home", tmp_path / "exports", Path("expectations"), call=lambda words: 70)
    assert schedule.failures(tmp_path / "home") == {"2026-06-30": 70}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"x": 1}', '{"2026-06-30": "much"}', '{"2026-06-30": null}'])
def test_a_damaged_note_of_failures_says_nothing(tmp_path, text):
    (tmp_path / schedule.FAILED).write_text(text)
    assert schedule.failures(tmp_path) == {}
