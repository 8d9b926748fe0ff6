"""One word for one thing in Finnish and Swedish: the catalogues keep to docs/terms.md."""

from __future__ import annotations

import re
from pathlib import Path

import catalogue
import foreign
import pytest
import worlds

from pipelines.expectations.load import load

PAGE = Path(__file__).parents[1] / "docs" / "terms.md"
COLUMNS = {"fi": 1, "sv": 2}


def rows() -> list[list[str]]:
    """The cells of the table's lines."""
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")][1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def said(language: str) -> str:
    """All that the product, the sample controller and its notice say in a language."""
    ours = [string for strings in catalogue.entries(catalogue.path(language)).values() for string in strings]
    loaded = load(worlds.EXPECTATIONS)
    assert loaded.notice
    notice = [text.get(language, "") for each in loaded.notice.statements for text in (each.text, each.remark)]
    own = [column.header for contract in loaded.contracts for column in contract.columns]
    texts = [string for string in (*ours, *foreign.controllers(language), *notice) if string not in own]
    return re.sub(r"%\(\w+\)s|\{[^}]*\}|--[a-z-]+", " ", " ".join(texts)).casefold()


@pytest.mark.parametrize("language", COLUMNS)
def test_every_term_is_used_as_the_page_has_it(language):
    text = said(language)
    terms = [row[COLUMNS[language]].casefold() for row in rows()]
    assert len(terms) > 30 and [term for term in terms if not re.search(rf"\b{stem(term)}", text)] == []


def stem(term: str) -> str:
    """A term as far as its endings leave it: the last word may be inflected."""
    return re.escape(term[: max(4, len(term) - 4)] if len(term) > 8 else term[: max(3, len(term) - 2)])


@pytest.mark.parametrize("language", COLUMNS)
def test_no_other_word_is_used_for_it(language):
    text = said(language)
    refused = [word.strip().casefold() for row in rows() for word in row[3].split(",") if word.strip()]
    assert len(refused) > 25 and [word for word in refused if re.search(rf"\b{re.escape(word)}", text)] == []
