"""A newcomer's first hour with own exports, one of which is missing, from another folder, with a typing error in every
argument: `python tests/newcomer.py` prints it, run in processes of its own, from a fresh clone with its own `make setup` and a
HOME of its own; with `--installed` the clone uses the packages that are installed here."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import subsets
import worlds

LOST = "claims"
GROUND = ["--reason", "the board keeps these until decided", "--by", "Officer", "--until", "2026-09-01"]


@dataclass(frozen=True)
class Step:
    """What was typed, what came of it. `proposes`: what the message must name."""

    words: list[str]
    code: int
    out: str
    err: str
    expected: tuple[int, ...]
    proposes: str = ""

    def __str__(self) -> str:
        typed = self.words if self.words[0] == "make" else ["vahti", *self.words]
        return f"$ {' '.join(typed)}\n{self.out}{self.err}[exit {self.code}]\n"


def hour(folder: Path, vahti: Callable[[list[str]], tuple[int, str, str]]) -> list[Step]:
    """Every step, in order. `vahti`: runs one, and gives exit code, stdout and stderr."""
    exports, home = folder / "exports", str(folder / "home")
    subsets.write(exports / worlds.PERIOD, subsets.but(LOST))
    steps = [
        (["doctor", "--exports", str(exports), "--home", home], (0,), ""),
        (["run", "--exports", str(folder / "exprots"), "--home", home], (3,), str(exports)),
        (["run", "--exports", str(exports), "--home", home, "--fail-on", "hihg"], (2,), "high"),
        (["run", "--exports", str(exports), "--home", home, "--period", "2026-06-31"], (14,), worlds.PERIOD),
        (["run", "--exports", str(exports), "--home", home], (10,), ""),
        (["use", str(folder / "hoem")], (5,), home),
        (["use", home], (0,), ""),
        (["--version"], (0,), ""),
        (["run", "--home", str(folder / "hoem")], (5,), home),
        (["run", "--expectations", str(worlds.EXPECTATIONS) + "s"], (4,), str(worlds.EXPECTATIONS)),
        (["run"], (10,), ""),
        (["findings", "--rule", "past-retentoin"], (14,), "past-retention"),
        (["findings", "--dataset", "customer"], (14,), "customers"),
        (["findings", "--dataset", LOST, "--rule", "past-retention"], (0,), ""),
        (["findings", "--rule", "past-retention"], (0,), ""),
        (["findings", "--headers", "--dataset", "custmers", "--reason", "headers"], (14,), "customers"),
        (["findings", "--show", "nonesuch", "--reason", "a worklist"], (14,), "no finding"),
        (["findings", "--state", "opne"], (2,), "open"),
        (["explain", "custmers", "A1"], (14,), "customers"),
        (["explain", "invoices", "100l"], (14,), "1001"),
        (["explain", "user_accounts", "T1"], (14,), "t1"),
        (["explain", "customers", "A1"], (14,), "the record is there"),
        (["explain", LOST, "R1"], (14,), f"no export of {LOST}"),
        (["explain", "invoices", "1001"], (0,), ""),
        (["accept", "--rule", "past-retentoin", *GROUND], (14,), "past-retention"),
        (["accept", "--rule", "past-retention", "--keys", str(folder / "kyes"), *GROUND], (1,), "no such file"),
        (["accept", "--rule", "past-retention", *GROUND], (9,), "--second"),
        (["accept", "--withdraw", "A0009", *GROUND[:4]], (9,), "vahti accept --list"),
        (["worklist", "import", str(folder / "exprots")], (11,), str(exports)),
        (["rules", "check", str(folder / "exprots")], (4,), str(exports)),
        (["rules", "chek"], (2,), "check"),
        (["report", "--period", "2026-6-30"], (14,), worlds.PERIOD),
        (["report", "--lang", "fii"], (2,), "fi"),
        (["ropa", "--period", "2026-6-30"], (14,), worlds.PERIOD),
        (["purge", "--home", str(folder / "hoem")], (5,), home),
        (["schedule", "--every", "moth"], (2,), "month"),
        (["schedule", "--once", "--home", str(folder / "hoem")], (5,), home),
        (["key", "statsu"], (2,), "status"),
        (["check", "--period", "2026-6-30"], (14,), worlds.PERIOD),
        (["lab", "--home", str(folder / "hoem")], (5,), home),
        (["notice", "--lang", "fin"], (2,), "fi"),
        (["attest", "N99", "--by", "officer", "--until", "2027-01-01"], (14,), "N24"),
        (["subject", "--customer", "9999999"], (14,), "Searched"),
        (["subject", "somebody unheard of"], (0,), ""),
        (["subject", "lnks"], (0,), ""),
        (["subject", "decide", "customers/A1", "customers/A2", "yse", "--reason", "request TP1"], (14,), "yes"),
        (["subject", "offer", "mesages/V2", "--reason", "request TP1"], (14,), "messages"),
        (["subject", "--customer", "A1"], (0,), ""),
        (["bundle", "--period", "2026-06-03"], (14,), worlds.PERIOD),
        (["lgo", "verify"], (2,), "No such command"),
        (["log", "verify"], (0,), ""),
        (["log", "--who", "nobody who ever looked"], (14,), "there are"),
        (["log", "--customer", "A77"], (14,), "no customer"),
        (["doctor"], (0,), ""),
    ]
    return [Step(words, *vahti(words), expected, proposes) for words, expected, proposes in steps]


def clone(folder: Path) -> Path:
    """The launcher of a fresh clone of what is committed."""
    subprocess.run(["git", "clone", "--quiet", str(worlds.ROOT), str(folder)], check=True)
    return folder / "vahti"


def with_what_is_here(folder: Path) -> None:
    """An environment in a clone with the packages that are installed here, so that `make setup` has nothing left to do."""
    import sysconfig
    import venv

    venv.create(folder / ".venv")
    (own,) = (folder / ".venv" / "lib").glob("python*/site-packages")
    (own / "here.pth").write_text(f"{folder}\n{sysconfig.get_path('purelib')}\n", "utf-8")
    program = folder / ".venv" / "bin" / "vahti"
    program.write_text(f"#!{program.with_name('python')}\nfrom pipelines.commands.main import main\nmain()\n", "utf-8")
    program.chmod(0o755)
    (folder / ".venv" / ".ready").touch()


def main() -> None:
    """The transcript, run by the launcher from another folder."""
    import os
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        folder, launcher = Path(place) / "work", clone(Path(place) / "rekisterivahti")
        folder.mkdir()
        if "--installed" in sys.argv[1:]:
            with_what_is_here(launcher.parent)
        inherited = {name: text for name, text in os.environ.items() if not name.startswith(("VAHTI", "XDG", "PYTHON"))}
        environment = inherited | {"HOME": place, "COLUMNS": "160"}

        def done(*words: str | Path) -> tuple[int, str, str]:
            ended = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
            return ended.returncode, ended.stdout, ended.stderr

        setup = ["make", "--no-print-directory", "-C", str(launcher.parent), "setup"]
        told = [Step(["doctor"], *done(launcher, "doctor"), (0, 2)), Step(setup, *done(*setup), (0,))]
        told += hour(folder, lambda words: done(launcher, *words))
        for step in told:
            print(str(step).replace(place, "~"), flush=True)
        wrong = [step for step in told if step.code not in step.expected or step.proposes not in step.err]
        print(f"{len(told)} steps, {len(wrong)} otherwise than expected")
        sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
