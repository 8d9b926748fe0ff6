"""Whatever part of the exports arrives, the period is taken in, everything is made of it, and all of it says what could not
be looked at. `make sweep` goes over far more: pairs, every required column, second and third periods, with every notebook."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
import subsets
from subsets import LANGUAGES

from pipelines.desk import notebooks

SWEEP = bool(os.environ.get("VAHTI_SWEEP"))
BOOKS = tuple(path.name for path in notebooks.notebooks())
# The letter's PDF and every notebook on these, one for each language; on each of the others, one notebook in its turn.
EVERYTHING = {"none": "fi", "no customers": "sv", "customers gone": "en"}
# Of the sweep's cases, those that the suite has as well.
SOME = {"customers gone", "ledger late", "nothing, then nothing", "first of all", "customers without customer_number"}
MORE = [*subsets.later(), *subsets.pairs(40), *subsets.columns()]
PAIRS = [str(case) for case in subsets.pairs(3)]
CASES = [*subsets.singles(), *(case for case in MORE if SWEEP or case.name in SOME or case.name in PAIRS)]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory) -> Path:
    """Homes of earlier periods that several cases go on from."""
    return tmp_path_factory.mktemp("earlier")


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda number: str(CASES[number]))
def test_whatever_arrives_is_taken_in_and_what_does_not_is_named(number, tmp_path, shelf):
    """A language and a notebook in their turn; every notebook in a sweep."""
    case = CASES[number]
    language = EVERYTHING.get(case.name, LANGUAGES[number % len(LANGUAGES)])
    everything = SWEEP or case.name in EVERYTHING
    books = BOOKS if everything else (BOOKS[number % len(BOOKS)],)
    with subsets.quick(language), contextlib.nullcontext() if everything else subsets.without_letters_pdf():
        subsets.everything(tmp_path, case, language, books, shelf)
