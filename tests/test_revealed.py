"""Values revealed on the desk are for the eye: no notebook keeps them, and nobody's record is opened without being asked for."""

from __future__ import annotations

import types

import nbformat
import pandas as pd
import pytest
import worlds
from subject_homes import home_of
from test_subject import WORLD

from pipelines import person
from pipelines.desk import lab, people, saving
from pipelines.desk.tables import Said, Table
from pipelines.desk.workbench import Workbench
from pipelines.errors import VahtiError

VALUE = "Topeekantie 3"


def revealed() -> saving.Revealed:
    return saving.Revealed(
        pd.DataFrame({"field": ["street_address"], "value": [VALUE]}), "Values held of customer A1", ""
    )


@pytest.fixture
def saved(tmp_path):
    """Text of what JupyterLab writes of cells, by source; with the options that `vahti lab` gives it."""
    from jupyter_server.services.contents.largefilemanager import LargeFileManager
    from traitlets.config import Config

    option = next(word for word in lab.QUIET if "pre_save_hook" in word)
    settings = Config({"ContentsManager": {"pre_save_hook": option.partition("=")[2]}})
    manager = LargeFileManager(root_dir=str(tmp_path), config=settings)

    def save(**outputs: object) -> str:
        cells = [nbformat.v4.new_code_cell(source, outputs=[output]) for source, output in outputs.items()]
        book = nbformat.v4.new_notebook(cells=cells, metadata={"widgets": {"state": VALUE}})
        manager.save({"type": "notebook", "format": "json", "content": book}, "book.ipynb")
        manager.create_checkpoint("book.ipynb")
        nbformat.validate(nbformat.read(tmp_path / "book.ipynb", as_version=4))
        return "".join(path.read_text("utf-8") for path in tmp_path.rglob("*.ipynb"))

    return save


def shown(what: object) -> nbformat.NotebookNode:
    """The output of a cell that ends with it, as IPython makes it."""
    from IPython.core.formatters import DisplayFormatter

    data, metadata = DisplayFormatter().format(what)
    return nbformat.v4.new_output("execute_result", data=data, metadata=metadata, execution_count=1)


VALUES = pd.DataFrame({"name": [VALUE]})


@pytest.mark.parametrize(
    "output",
    [
        lambda: shown(saving.Revealed(VALUES, "Values held of customer A1", "")),
        lambda: shown(Table(VALUES, f"select '{VALUE}'", holds_values=True)),
        lambda: shown(Table(VALUES, holds_values=True).all()),
        lambda: shown(Table(VALUES, holds_values=True).count("name")),
        lambda: shown(Table(VALUES, holds_values=True).browse()),
        lambda: shown(VALUES),
        lambda: shown(VALUE),
        lambda: nbformat.v4.new_output("stream", text=VALUE),
        lambda: nbformat.v4.new_output("display_data", data={"image/png": VALUE}),
        lambda: nbformat.v4.new_output("error", ename="KeyError", evalue=VALUE, traceback=[VALUE]),
    ],
)
def test_a_saved_notebook_holds_no_value(saved, monkeypatch, output):
    monkeypatch.setenv(saving.SHOWN_IN, "1")
    made = output()
    assert VALUE in str(made) or "name" in str(made)
    text = saved(cell=made)
    assert VALUE not in text and text.count("not saved") == 2


def test_what_has_no_values_is_saved(saved):
    text = saved(
        one=shown(Table(pd.DataFrame({"rule": ["past-retention"]}))), two=shown(Said("", (("", "7 records"),)))
    )
    assert "past-retention" in text and "7 records" in text and "not saved" not in text


def test_a_query_and_undeclared_headers_are_marked_as_values(tmp_path, saved):
    home = home_of(tmp_path / "home", **WORLD)
    with person.at(home, worlds.expectations()) as place:
        bench = Workbench(place.opened, "en")
    assert "Virtanen" in str(shown(bench.sql("select name from registry.customers")))
    text = saved(
        sql=shown(bench.sql("select name from registry.customers")),
        frame=shown(bench.sql("select name from registry.customers").df),
        headers=shown(bench.headers()),
        schedule=shown(bench.timeline()),
    )
    assert "Virtanen" not in text and "What falls due" in text and text.count("may hold values") == 6


def test_notebooks_that_others_saved_are_emptied_when_the_lab_begins(tmp_path):
    folder = lab.desk(tmp_path)
    (folder / "mine").mkdir()
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=[shown(VALUE)])])
    (folder / "mine" / "a.ipynb").write_text(nbformat.writes(book), "utf-8")
    (folder / "mine" / "b.ipynb").write_text("[" * 20_000, "utf-8")
    lab.desk(tmp_path)
    text = (folder / "mine" / "a.ipynb").read_text("utf-8")
    assert VALUE not in text and saving.NOT_KEPT in text
    assert (folder / "mine" / "b.ipynb").read_text("utf-8") == "[" * 20_000


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
