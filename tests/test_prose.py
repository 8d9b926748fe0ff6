"""The notebooks' own prose in the reader's language: every paragraph is in the catalogue, and what she wrote herself stays."""

from __future__ import annotations

import ast
import json
import re
import shutil

import catalogue
import desks
import pandas as pd
import pytest

from pipelines.desk import lab, notebooks, prose
from pipelines.desk.tables import Table
from pipelines.desk.words import Spoken
from pipelines.home import keys, sealed, store
from pipelines.language.languages import language

TRANSLATED = ("fi", "sv")
PATHS = notebooks.notebooks()


def markdown(notebook) -> list[str]:
    return [prose._source(cell) for cell in notebook["cells"] if cell["cell_type"] == "markdown"]


def messages() -> list[str]:
    return list(dict.fromkeys(text for path in PATHS for text in prose.messages(notebooks.read(path))))


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_paragraph_of_every_notebook_is_translated(code):
    said, known = messages(), catalogue.entries(catalogue.path(code))
    assert len(said) > 150
    assert [text for text in said if not known.get((None, text), ("",))[0]] == []
    assert [text for text in said if language(code).gettext(text) == text] == []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_no_paragraph_is_left_out_and_the_way_back_gives_the_source(path):
    """Whatever language a copy was in; what is no prose is not touched."""
    source = notebooks.read(path)
    english = markdown(source)
    paragraphs = {re.sub(r"^#+ ", "", part) for text in english for part in re.split(r"\n\n+", text)}
    assert paragraphs <= set(prose.messages(source))
    turned = prose.turned(notebooks.read(path), "fi")
    assert not set(markdown(turned)) & set(english)
    assert prose.turned(prose.turned(turned, "sv"), "en") == source


def test_a_paragraph_that_nobody_translated_is_named(tmp_path, monkeypatch):
    book = json.loads(PATHS[0].read_text("utf-8"))
    book["cells"][0]["source"] = "# A new heading\n\nA new paragraph."
    (tmp_path / "00_new.ipynb").write_text(json.dumps(book), "utf-8")
    monkeypatch.setattr(notebooks, "FOLDER", tmp_path)
    catalogue.said.cache_clear()
    try:
        assert {"A new heading", "A new paragraph."} <= set(catalogue.missing("fi"))
    finally:
        catalogue.said.cache_clear()


@pytest.mark.parametrize("code", TRANSLATED)
def test_code_within_the_prose_stays_and_no_two_paragraphs_are_said_alike(code):
    said = {text: language(code).gettext(text) for text in messages()}
    assert len(set(said.values())) == len(said)
    facts = {text: re.findall(r"(?<!\{)\{[^}]+\}", text) for text in said if "{" in text}
    assert facts and all(sorted(found) == sorted(re.findall(r"\{[^}]+\}", said[text])) for text, found in facts.items())
    calls = {text: re.findall(r"`\w+\.\w+\([^`]*\)`", text) for text in said}
    assert [
        text for text, found in calls.items() if any(call not in said[text] for call in found if "folder" not in call)
    ] == []
    for path in PATHS:
        for cell in prose.turned(notebooks.read(path), code).cells:
            if cell.cell_type == "code":
                ast.parse(cell.source)


def test_the_lab_shows_the_homes_notebooks_in_her_language_and_leaves_what_she_wrote(tmp_path_factory, tmp_path):
    shutil.copytree(desks.home(tmp_path_factory), tmp_path / "home")
    own = store.open_existing(tmp_path / "home")
    key = keys.key(own)

    def first(code: str) -> dict:
        path = lab.desk(own.path, code) / "30_retention.ipynb"
        return json.loads(sealed.unsealed(path.read_bytes(), key, path))

    book = first("fi")
    assert "# Säilytys" in markdown(book)[0] and "Question" not in json.dumps(book)
    book["cells"].append(
        {"cell_type": "markdown", "id": "own", "metadata": {}, "source": ["What is past\n", "\n", "is hers."]}
    )
    path = own.path / "notebooks" / "30_retention.ipynb"
    path.write_bytes(sealed.seal(json.dumps(book).encode(), key))
    book = first("sv")
    assert "# Lagring" in markdown(book)[0] and markdown(book)[-1] == "What is past\n\nis hers."
    assert "Kysymys" not in json.dumps(book, ensure_ascii=False)


@pytest.mark.parametrize(
    "content", [{}, {"cells": [1]}, {"cells": [{"source": 5}]}, {"cells": [{"cell_type": "markdown"}]}, []]
)
def test_what_is_no_notebook_is_left_as_it_is(tmp_path_factory, tmp_path, content):
    from pipelines.desk import saving

    assert saving._cleaned(json.dumps(content).encode(), lambda book: prose.turned(book, "fi")) is None


def test_what_a_register_holds_is_never_said_in_other_words():
    """A role called `open` is no state of a finding; a day is written as in her country."""
    words = Spoken(language("fi"), {}, {}, {})
    df = pd.DataFrame(
        {"state": ["open"], "role": ["open"], "value": ["open"], "status": ["open"], "first_seen": ["2026-03-31"]}
    )
    shown = repr(Table(df, "x", words=words, data=("status",))).splitlines()[-1]
    assert shown.split("  ") == ["Ennestään avoin", "open", "open", "open", "31.3.2026"]
    assert "Ennestään" not in repr(Table(df, "x", words=words, holds_values=True))
