"""Values revealed on the desk are for the eye: no notebook keeps them, and nobody's record is opened without being asked for."""

from __future__ import annotations

import types

import nbformat
import pandas as pd
import pytest

from pipelines.desk import lab, people, saving
from pipelines.errors import VahtiError

VALUE = "Topeekantie 3"


def revealed() -> saving.Revealed:
    return saving.Revealed(
        pd.DataFrame({"field": ["street_address"], "value": [VALUE]}), "Values held of customer A1", ""
    )


def test_a_saved_notebook_holds_no_revealed_value(tmp_path, monkeypatch):
    """Through the contents manager of JupyterLab, with the option that `vahti lab` gives it."""
    from jupyter_server.services.contents.largefilemanager import LargeFileManager
    from traitlets.config import Config

    monkeypatch.setenv(saving.SHOWN_IN, "1")
    option = next(word for word in lab.QUIET if "pre_save_hook" in word)
    settings = Config({"ContentsManager": {"pre_save_hook": option.partition("=")[2]}})
    manager = LargeFileManager(root_dir=str(tmp_path), config=settings)
    data, metadata = revealed()._repr_mimebundle_()
    assert VALUE in data["text/html"] and VALUE not in data["text/plain"]
    shown = nbformat.v4.new_output("execute_result", data=data, metadata=metadata, execution_count=1)
    kept = nbformat.v4.new_output("execute_result", data={"text/plain": "7 records"}, execution_count=2)
    cells = [
        nbformat.v4.new_code_cell("person.reveal(reason)", outputs=[shown]),
        nbformat.v4.new_code_cell("7", outputs=[kept]),
    ]
    book = nbformat.v4.new_notebook(cells=cells)
    manager.save({"type": "notebook", "format": "json", "content": book}, "book.ipynb")
    manager.create_checkpoint("book.ipynb")
    written = "".join(path.read_text("utf-8") for path in tmp_path.rglob("*.ipynb"))
    assert VALUE not in written and saving.LEFT in written and "7 records" in written


def test_outside_of_the_lab_nothing_is_shown(monkeypatch):
    monkeypatch.delenv(saving.SHOWN_IN, raising=False)
    assert VALUE not in str(revealed()._repr_mimebundle_()) + repr(revealed())
    with pytest.raises(AttributeError):
        revealed().df  # noqa: B018


def desk(synthetic: bool):
    return types.SimpleNamespace(controller=types.SimpleNamespace(synthetic_data=synthetic))


@pytest.mark.parametrize(("query", "why"), [(None, None), ("1000123", None), (None, "request TP1"), ("", "")])
def test_nobodys_record_opens_without_a_person_and_a_reason(monkeypatch, query, why):
    monkeypatch.setattr("getpass.getpass", lambda question: "")
    with pytest.raises(VahtiError, match="nobody is named"):
        people.whom(desk(synthetic=False), query, why)


def test_both_are_asked_for_and_samples_have_an_example(monkeypatch):
    asked = []
    monkeypatch.setattr("getpass.getpass", lambda question: asked.append(question) or f"answer {len(asked)}")
    assert people.whom(desk(synthetic=False), None, None) == ("answer 1", "answer 2") and len(asked) == 2
    assert people.whom(desk(synthetic=False), "A1", "request TP1") == ("A1", "request TP1") and len(asked) == 2
    assert people.whom(desk(synthetic=True), "A1", None) == ("A1", "")


def test_which_of_several_is_asked(monkeypatch):
    found = pd.DataFrame({"customer_number": ["A1", "A2", ""]})
    monkeypatch.setattr("getpass.getpass", lambda question: "A2")
    assert people.choose(desk(synthetic=False), found, None) == "A2"
    assert people.choose(desk(synthetic=False), found, "A1") == "A1"
    assert people.choose(desk(synthetic=True), found, None) == "A1"
    monkeypatch.setattr("getpass.getpass", lambda question: "A9")
    with pytest.raises(VahtiError, match="none of those found"):
        people.choose(desk(synthetic=False), found, None)
