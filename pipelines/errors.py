"""What a user can do wrong, each with an exit code and a remedy; shown without a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

# Exit codes that are no VahtiError's; docs/commands.md has the table of all.
FINDINGS = 10  # not an error: findings at or above --fail-on
USAGE = 2  # the command line cannot be read
FAULT = 70  # a fault of the program
INTERRUPTED = 130


class VahtiError(Exception):
    """A message that names the place and the remedy. Never holds a personal value.

    `facts`: what stands in problem and remedy as %(name)s, so that a catalogue can have the sentence around it.
    """

    exit_code = 1

    def __init__(
        self, problem: str, *, file: str | Path = "", place: str = "", remedy: str = "", **facts: object
    ) -> None:
        self.template, self.facts = (problem, remedy), facts
        self.problem, self.remedy = (text % facts if facts else text for text in self.template)
        self.file, self.place = str(file), place
        super().__init__(str(self))

    def said(self, gettext: Callable[[str], str], shown: Callable[[Any], str] = str) -> tuple[str, str]:
        """(problem, remedy) as a catalogue has them; `shown`: how a fact is written there."""
        facts = {name: shown(value) for name, value in self.facts.items()}
        problem, remedy = (gettext(text) if text else "" for text in self.template)
        return (problem % facts, remedy % facts) if facts else (problem, remedy)

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.file, self.place) if part)
        text = f"{where}: {self.problem}" if where else self.problem
        return f"{text}\n  Remedy: {self.remedy}" if self.remedy else text

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows in place of a traceback."""
        return [str(self)]


class ExportsError(VahtiError):
    """The exports folder or a period's folder is not there, or a file cannot be opened."""

    exit_code = 3


class ExpectationsError(VahtiError):
    """A contract, rule, disposal schedule or controller file is broken."""

    exit_code = 4


class HomeError(VahtiError):
    """The workbench home cannot be used: newer version, not writable, damaged."""

    exit_code = 5


class NoMemoryError(HomeError):
    """The system gives no more memory. What is still open then is best left alone: the process ends at once."""


class BusyError(VahtiError):
    """Another run holds the home."""

    exit_code = 6


class BooksError(VahtiError):
    """Rows read differ from rows in the registry plus rows rejected: a fault of the program."""

    exit_code = 7


class LogError(VahtiError):
    """The log of look-ups was changed, cut or taken away."""

    exit_code = 8


class DecisionError(VahtiError):
    """An acceptance names something that the ledger does not know, or a day that has passed."""

    exit_code = 9


class WorklistError(VahtiError):
    """A file is no worklist of this home."""

    exit_code = 11


class AttestationError(VahtiError):
    """A word that cannot be taken."""

    exit_code = 12


class ReportError(VahtiError):
    """What was found or decided is in force, but the report could not be drawn."""

    exit_code = 13


class UnknownError(VahtiError):
    """A name, key, rule, dataset, period, statement or the like that was asked for is not among what there is."""

    exit_code = 14


class UnfitError(VahtiError):
    """`vahti doctor` or `vahti check` found something that has to be mended before the workbench can be used."""

    exit_code = 15


def line_of(error: BaseException) -> str:
    """The line of ours in which an unexpected error arose, "file.py, line 9": all that can be shown of it without a value."""
    import traceback  # only for a fault of the program

    if told := getattr(error, "line_of_ours", ""):  # by the process it arose in
        return told
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "pipelines" in frame.filename]
    return f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else "a library"
