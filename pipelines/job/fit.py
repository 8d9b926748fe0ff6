"""One thing that was looked at, and whether it is fit."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.errors import VahtiError
from pipelines.sentence import Sentence

# fine; a warning; must be fixed.
FINE, NOTE, FAULT = "fine", "note", "fault"


@dataclass(frozen=True)
class Check:
    """`what` was checked, its state, and what to do: names, numbers and places as they are, and sentences."""

    what: str
    state: str
    found: str
    todo: str = ""


def of_error(what: str, error: VahtiError) -> Check:
    """What keeps it from being looked at."""
    (problem, remedy), where = error.sentences, ", ".join(filter(None, (error.file, error.place)))
    return Check(
        what, FAULT, Sentence("%(where)s: %(problem)s", where=where, problem=problem) if where else problem, remedy
    )
