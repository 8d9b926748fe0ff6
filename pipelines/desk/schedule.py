"""The periodic run for this machine's own scheduler: a systemd user timer, a crontab line, or a Windows task.

Each starts `vahti schedule --once`: `vahti run`, then `vahti report` if the run did not fail; its exit code is that of the
run (0 clean, 10 findings), or that of the report if it failed. Nothing runs with more rights than the user's own.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from pipelines import outputs
from pipelines.errors import FINDINGS, VahtiError
from pipelines.landing import periods

NAME = "rekisterivahti"
EVERY = {"month": tuple(range(1, 13)), "quarter": (1, 4, 7, 10)}
# By then the exports of a period's last day have arrived.
DAY, HOUR = 2, 6
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
HOURS_AT_MOST = 12
FAILED = "failed_runs.json"


@dataclass(frozen=True)
class Plan:
    """What to run and how often. `arguments`: the command line, program first."""

    every: str
    arguments: tuple[str, ...]


def program() -> str:
    """The `vahti` beside this interpreter."""
    beside = shutil.which("vahti", path=str(Path(sys.executable).parent))
    return beside or str(Path(sys.argv[0]).resolve())


def plan(every: str, home: Path, exports: Path, expectations: Path, lang: str | None = None, pdf: bool = False) -> Plan:
    """The command with absolute paths; VahtiError for one that no scheduler's file can represent."""
    arguments = [program(), "schedule", "--once"]
    for option, path in (("--home", home), ("--exports", exports), ("--expectations", expectations)):
        arguments += [option, str(path.expanduser().resolve())]
    arguments += ["--lang", lang] if lang else []
    arguments += ["--pdf"] if pdf else []
    bad = [word for word in arguments if not word.isprintable()]
    if bad:
        raise VahtiError("a path has letters that no schedule can hold", file=ascii(bad[0]), remedy="rename the folder")
    return Plan(every, tuple(arguments))


def system_here() -> str:
    """The scheduler of this machine."""
    return "windows" if os.name == "nt" else "systemd" if shutil.which("systemctl") else "cron"


# The texts


def systemd(wanted: Plan) -> dict[str, str]:
    """The service and its timer, by file name. A run missed while the machine was off is made up for."""
    command = " ".join(_for_systemd(word) for word in wanted.arguments)
    months = "*" if len(EVERY[wanted.every]) == 12 else ",".join(f"{month:02}" for month in EVERY[wanted.every])
    service = (
        "[Unit]\nDescription=Rekisterivahti: the period's run and report\n\n"
        f"[Service]\nType=oneshot\nExecStart={command}\n# {FINDINGS}: it ran, and found something.\n"
        f"SuccessExitStatus={FINDINGS}\nNice=10\nUMask=0077\n"
    )
    timer = (
        f"[Unit]\nDescription=Rekisterivahti, every {wanted.every}\n\n"
        f"[Timer]\nOnCalendar=*-{months}-{DAY:02} {HOUR:02}:00:00\nPersistent=true\n\n"
        "[Install]\nWantedBy=timers.target\n"
    )
    return {f"{NAME}.service": service, f"{NAME}.timer": timer}


def cron(wanted: Plan) -> str:
    """One line; the name at its end identifies it."""
    months = "*" if len(EVERY[wanted.every]) == 12 else ",".join(map(str, EVERY[wanted.every]))
    command = shlex.join(wanted.arguments).replace("%", "\\%")
    return f"0 {HOUR} {DAY} {months} * {command} # {NAME}\n"


def windows(wanted: Plan) -> str:
    """XML for the Task Scheduler. A run missed while the machine was off is made up for."""
    months = "".join(f"<{MONTHS[month - 1]} />" for month in EVERY[wanted.every])
    arguments = subprocess.list2cmdline(wanted.arguments[1:])
    return f"""<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>Rekisterivahti: the period's run and report</Description></RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>2026-01-{DAY:02}T{HOUR:02}:00:00</StartBoundary>
      <ScheduleByMonth>
        <DaysOfMonth><Day>{DAY}</Day></DaysOfMonth>
        <Months>{months}</Months>
      </ScheduleByMonth>
    </CalendarTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author"><LogonType>InteractiveToken</LogonType><RunLevel>LeastPrivilege</RunLevel></Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT{HOURS_AT_MOST}H</ExecutionTimeLimit>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{escape(wanted.arguments[0])}</Command>
      <Arguments>{escape(arguments)}</Arguments>
    </Exec>
  </Actions>
</Task>
"""


def shown(wanted: Plan, system: str) -> str:
    """What would be given to the scheduler."""
    if system == "systemd":
        return "\n".join(f"# ~/.config/systemd/user/{name}\n{text}" for name, text in systemd(wanted).items())
    return cron(wanted) if system == "cron" else windows(wanted)


def _for_systemd(word: str) -> str:
    for letter, written in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$")):
        word = word.replace(letter, written)
    return f'"{word}"'


# Installing


def install(wanted: Plan, system: str) -> str:
    """Installs it in the scheduler, replacing an earlier one, and returns its place; VahtiError if the scheduler refuses."""
    return {"systemd": _install_systemd, "cron": _install_cron, "windows": _install_windows}[system](wanted)


def _install_systemd(wanted: Plan) -> str:
    folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"
    paths = [outputs.write_text(folder, name, text) for name, text in systemd(wanted).items()]
    _call(["systemctl", "--user", "daemon-reload"], f"the files are in {folder}")
    _call(["systemctl", "--user", "enable", "--now", f"{NAME}.timer"], f"the files are in {folder}")
    return f"{paths[-1]}: every {wanted.every}; loginctl enable-linger lets it run while you are logged out"


def _install_cron(wanted: Plan) -> str:
    listed = _call(["crontab", "-l"], "put the line of `vahti schedule --system cron` in by hand", none_is_fine=True)
    others = [line for line in listed.splitlines() if not line.endswith(f"# {NAME}")]
    table = "".join(f"{line}\n" for line in others) + cron(wanted)
    _call(["crontab", "-"], "put the line of `vahti schedule --system cron` in by hand", given=table)
    return f"crontab: every {wanted.every}"


def _install_windows(wanted: Plan) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = outputs.write_bytes(Path(folder), f"{NAME}.xml", windows(wanted).encode("utf-16"))
        _call(["schtasks", "/create", "/tn", NAME, "/xml", str(path), "/f"], "import the XML by hand")
    return f"Task Scheduler: {NAME}, every {wanted.every}"


def _call(words: list[str], remedy: str, given: str | None = None, none_is_fine: bool = False) -> str:
    """The output of a scheduler's own program."""
    try:
        done = subprocess.run(words, input=given, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        raise VahtiError(f"{words[0]} does not work here", remedy=remedy) from None
    if done.returncode and none_is_fine and "no crontab" in done.stderr.lower():
        return ""
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise VahtiError(f"{' '.join(words)} failed: {said}", remedy=remedy)
    return done.stdout


# What the scheduler starts


def once(
    home: Path,
    exports: Path,
    expectations: Path,
    lang: str | None = None,
    pdf: bool = False,
    call: Callable[[list[str]], int] = subprocess.call,
) -> int:
    """Run, then report where the run did not fail; the exit code is the run's, or the report's where that failed."""
    here = ["--home", str(home), "--expectations", str(expectations)]
    code = call([program(), "run", *here, "--exports", str(exports)])
    if code not in (0, FINDINGS):
        _note_failure(home, exports, code)
        return code
    spoken = ["--lang", lang] if lang else []
    return call([program(), "report", *here, *spoken, *(["--pdf"] if pdf else [])]) or code


# What the next report says about a failed run


def failures(home: Path) -> dict[str, int]:
    """{newest period folder at the time: exit code} of scheduled runs that failed in a home."""
    try:
        noted = json.loads((home / FAILED).read_text("utf-8"))
        return {str(period): int(code) for period, code in noted.items() if periods.is_period(str(period))}
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        return {}


def _note_failure(home: Path, exports: Path, code: int) -> None:
    """In the home, if there is one; without readable exports there is no period to note it for."""
    with contextlib.suppress(VahtiError, OSError):
        newest = periods.find(exports)[-1]
        if (home / "home.json").exists():
            outputs.write_text(home, FAILED, json.dumps(failures(home) | {newest: code}, sort_keys=True) + "\n")
