"""Whatever part of the exports arrives, the period is taken in, everything is made of it, and all of it says what could not
be looked at. `make sweep` goes over far more: pairs, columns, second and third periods, every notebook and language."""

from __future__ import annotations

import os

import pytest
import subsets
from subsets import LANGUAGES

from pipelines.desk import notebooks

SWEEP = int(os.environ.get("VAHTI_SWEEP", "0"))
BOOKS = tuple(path.name for path in notebooks.notebooks())
# Every notebook on these; on each of the others, one in its turn.
EVERY_BOOK = {"none", "no customers"}
SINGLES = subsets.singles()


@pytest.fixture(autouse=True, scope="module")
def quick():
    with subsets.quick():
        yield


def turn(number: int) -> tuple[str, tuple[str, ...]]:
    """The language and the notebook whose turn it is; all of them in a sweep."""
    return LANGUAGES[number % len(LANGUAGES)], BOOKS if SWEEP else (BOOKS[number % len(BOOKS)],)


@pytest.mark.parametrize("number", range(len(SINGLES)), ids=lambda number: str(SINGLES[number]))
def test_any_export_may_be_missing_or_arrive_alone(number, tmp_path):
    case, (language, books) = SINGLES[number], turn(number)
    subsets.everything(tmp_path, case, language, BOOKS if case.name in EVERY_BOOK else books)
