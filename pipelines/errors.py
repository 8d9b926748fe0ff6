"""The mistakes a user can make, each with an exit code and a remedy; shown without a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipelines.sentence import Sentence, said

# Exit codes that belong to no VahtiError; docs/commands.md lists them all.
FINDINGS = 10  # not an error: findings at or above --fail-on
USAGE = 2  # the command line cannot be parsed
FAULT = 70  # a bug in the program
INTERRUPTED = 130


class VahtiError(Exception):
    """A message that names the place and the remedy. Never holds a personal value.

    `facts`: fill %(name)s in problem and remedy, so that a catalogue can translate the sentence around them; or either is a
    `Sentence`, with facts of its own.
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
        """(problem, remedy) as catalogue messages; `shown`: how a fact is written there."""
        facts = {name: shown(value) for name, value in self.facts.items()}
        return _told(self.template[0], facts, gettext), _told(self.template[1], facts, gettext)

    @property
    def sentences(self) -> tuple[Sentence, Sentence]:
        """Problem and remedy, each as a sentence."""
        problem, remedy = (
            text if isinstance(text, Sentence) else Sentence(text, **self.facts) for text in self.template
        )
        return problem, remedy

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.file, self.place) if part)
        text = f"{where}: {self.problem}" if where else self.problem
        return f"{text}\n  Remedy: {self.remedy}" if self.remedy else text

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows in place of a traceback."""
        return [str(self)]


def _told(text: str, facts: dict[str, str], gettext: Callable[[str], str]) -> str:
    if isinstance(text, Sentence) or not text:
        return said(text, gettext)
    return gettext(text) % facts if facts else gettext(text)


class ExportsError(VahtiError):
    """The exports folder or a period's folder does not exist, or a file cannot be opened."""

    exit_code = 3


class ExpectationsError(VahtiError):
    """A contract, rule, disposal schedule or controller file is broken."""

    exit_code = 4


class HomeError(VahtiError):
    """The workbench home cannot be used: created by a newer version, not writable, or damaged."""

    exit_code = 5


class NoMemoryError(HomeError):
    """Out of memory. What is still open is best left alone: the process ends at once."""


class BusyError(VahtiError):
    """Another run holds the home."""

    exit_code = 6


class BooksError(VahtiError):
    """Rows read differ from rows in the registry plus rows rejected: a bug in the program."""

    exit_code = 7


class LogError(VahtiError):
    """The log of look-ups was changed, truncated or removed."""

    exit_code = 8


class DecisionError(VahtiError):
    """An acceptance names something that is not in the ledger, or a day that has passed."""

    exit_code = 9


class WorklistError(VahtiError):
    """A file is not a worklist of this home."""

    exit_code = 11


class AttestationError(VahtiError):
    """A value that cannot be accepted."""

    exit_code = 12


class ReportError(VahtiError):
    """What was found or decided is in force, but the report could not be drawn."""

    exit_code = 13


class UnknownError(VahtiError):
    """A requested name, key, rule, dataset, period, statement or the like does not exist."""

    exit_code = 14


class UnfitError(VahtiError):
    """`vahti doctor` or `vahti check` found something that must be fixed before the workbench can be used."""

    exit_code = 15


def line_of(error: BaseException) -> str:
    """The line of our code that raised an unexpected error, "file.py, line 9": all that can be shown without a value."""
    import traceback  # only for a bug in the program

    if told := getattr(error, "line_of_ours", ""):  # set by the process that raised it
        return told
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "pipelines" in frame.filename]
    return f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else "a library"
