"""Whatever part of the exports arrives, the period is taken in, everything is made of it, and all of it says what could not
be looked at. `make sweep` goes over far more: pairs, every required column, second and third periods, with every notebook."""

from __future__ import annotations

import contextlib
import os

import pytest
import subsets
from subsets import LANGUAGES

from pipelines.desk import notebooks

SWEEP = bool(os.environ.get("VAHTI_SWEEP"))
BOOKS = tuple(path.name for path in notebooks.notebooks())
# Every notebook and the letter's PDF on these; on each of the others, one notebook in its turn.
EVERYTHING = {"none", "no customers"}
SINGLES = subsets.singles()
# Of the sweep's cases, those that the suite has as well.
SOME = {"customers gone", "ledger late", "nothing, then nothing", "customers without customer_number"}
MORE = [*subsets.later(), *subsets.pairs(40), *subsets.columns()]
CASES = [*SINGLES, *(case for case in MORE if SWEEP or case.name in SOME)]


@pytest.fixture(autouse=True, scope="module")
def quick():
    with subsets.quick():
        yield


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda number: str(CASES[number]))
def test_whatever_arrives_is_taken_in_and_what_does_not_is_named(number, tmp_path):
    """A language and a notebook in their turn; every notebook in a sweep."""
    case, language = CASES[number], LANGUAGES[number % len(LANGUAGES)]
    everything = SWEEP or case.name in EVERYTHING
    books = BOOKS if everything else (BOOKS[number % len(BOOKS)],)
    with contextlib.nullcontext() if everything else subsets.without_letters_pdf():
        subsets.everything(tmp_path, case, language, books)
