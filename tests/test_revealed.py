"""Values revealed on the desk are for the eye: no notebook keeps them, and nobody's record is opened without being asked for."""

from __future__ import annotations

import json
import shutil
import types
from pathlib import Path

import nbformat
import pandas as pd
import pytest
import worlds
from subject_homes import home_of
from test_subject import WORLD
from traitlets import import_item

from pipelines import person
from pipelines.desk import lab, people, saving
from pipelines.desk.tables import ENGLISH, Said, Table
from pipelines.desk.workbench import Workbench
from pipelines.errors import HomeError, VahtiError
from pipelines.home import keys, rotation, sealed, store

VALUE = "Topeekantie 3"


def revealed() -> saving.Revealed:
    return saving.Revealed(
        pd.DataFrame({"field": ["street_address"], "value": [VALUE]}), "Values held of customer A1", ""
    )


def option(name: str) -> str:
    """What `vahti lab` gives the server for a setting."""
    return next(word.partition("=")[2] for word in lab.QUIET if f".{name}=" in word)


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A home with a database, and no period; its key is in a file."""
    monkeypatch.delenv("VAHTI_KEY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    home = store.open_home(tmp_path / "own")
    with store.locked(home), store.workbench(home):
        pass
    (home.path / "notebooks").mkdir()
    return home


@pytest.fixture
def manager(own):
    """JupyterLab's files, with the options that `vahti lab` gives it."""
    from traitlets.config import Config

    settings = Config({"ContentsManager": {"pre_save_hook": option("pre_save_hook")}})
    keeper = import_item(option("contents_manager_class"))
    return keeper(root_dir=str(own.path / "notebooks"), config=settings)


def lying_there(home: store.Home) -> dict[str, bytes]:
    """Every file of the home's notebooks as it lies on the disk."""
    folder = home.path / "notebooks"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def text_of(home: store.Home, data: bytes) -> str:
    """What a sealed file says."""
    assert sealed.is_sealed(data)
    return sealed.unsealed(data, keys.key(home), Path("it")).decode("utf-8")


@pytest.fixture
def saved(own, manager):
    """Text of what JupyterLab writes of cells, by source."""

    def save(**outputs: object) -> str:
        cells = [nbformat.v4.new_code_cell(source, outputs=[output]) for source, output in outputs.items()]
        book = nbformat.v4.new_notebook(cells=cells, metadata={"widgets": {"state": VALUE}})
        manager.save({"type": "notebook", "format": "json", "content": book}, "book.ipynb")
        manager.create_checkpoint("book.ipynb")
        nbformat.validate(manager.get("book.ipynb")["content"])
        return "".join(text_of(own, data) for data in lying_there(own).values())

    return save


def cells(*sources: str) -> dict:
    return {
        "type": "notebook",
        "format": "json",
        "content": nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(each) for each in sources]),
    }


TYPED = "wb.subject('Virtanen Matti')"


def test_what_is_typed_into_a_cell_is_on_the_disk_under_the_homes_key_alone(own, manager):
    manager.new_untitled(type="notebook")
    manager.save(cells(TYPED, "wb.findings(rule='past-retention')"), "Untitled.ipynb")
    manager.create_checkpoint("Untitled.ipynb")
    manager.save(cells(TYPED), "Untitled.ipynb")
    manager.copy("Untitled.ipynb", "other.ipynb")
    manager.rename("Untitled.ipynb", "mine.ipynb")
    assert {".ipynb_checkpoints/mine-checkpoint.ipynb", "mine.ipynb", "other.ipynb"} <= set(lying_there(own))
    assert all(sealed.is_sealed(data) and b"Virtanen" not in data for data in lying_there(own).values())
    assert [cell.source for cell in manager.get("mine.ipynb")["content"].cells] == [TYPED]
    assert TYPED in manager.get("mine.ipynb", type="file")["content"]  # as it is downloaded
    manager.restore_checkpoint("checkpoint", "mine.ipynb")
    assert [cell.source for cell in manager.get("mine.ipynb")["content"].cells][
        1
    ] == "wb.findings(rule='past-retention')"
    manager.delete("other.ipynb")
    assert "other.ipynb" not in lying_there(own) and option("delete_to_trash") == "False"


def test_a_notebook_brought_along_is_read_as_it_is_and_sealed_when_it_is_saved(own, manager):
    (own.path / "notebooks" / "theirs.ipynb").write_text(nbformat.writes(cells(TYPED)["content"]), "utf-8")
    content = manager.get("theirs.ipynb")["content"]
    assert content.cells[0].source == TYPED
    manager.save({"type": "notebook", "format": "json", "content": content}, "theirs.ipynb")
    assert (own.path / "notebooks" / "theirs.ipynb").stat().st_mode & 0o077 == 0
    assert sealed.is_sealed(lying_there(own)["theirs.ipynb"])


def test_after_another_key_notebooks_open_with_it_and_not_with_the_old_one(own, manager, monkeypatch):
    manager.save(cells(TYPED), "a.ipynb")
    (own.path / "notebooks" / "mine").mkdir()
    manager.save(cells("2"), "mine/a.ipynb")
    old, before = keys.key(own), lying_there(own)
    rotation.rotate(own)
    after = lying_there(own)
    assert [cell.source for cell in manager.get("a.ipynb")["content"].cells] == [TYPED]
    assert [cell.source for cell in manager.get("mine/a.ipynb")["content"].cells] == ["2"]
    for name, data in after.items():
        assert data != before[name]
        with pytest.raises(HomeError, match="another key"):
            sealed.unsealed(data, old, Path(name))


def test_a_notebook_is_not_saved_with_a_key_that_is_no_longer_the_homes(own, manager, monkeypatch):
    """As in a lab that was begun with a typed key, while that was changed elsewhere."""
    from tornado.web import HTTPError

    manager.save(cells("1"), "a.ipynb")
    before = lying_there(own)
    other = shutil.copytree(own.path, own.path.parent / "other")  # the same databases, another file
    own.workbench.unlink()
    (other / "workbench.duckdb").replace(own.workbench)
    monkeypatch.setenv("VAHTI_KEY", "ab12" * 16)
    with pytest.raises(HTTPError, match="the key does not fit"):
        manager.save(cells(TYPED), "a.ipynb")
    monkeypatch.delenv("VAHTI_KEY")
    assert lying_there(own) == before and manager.get("a.ipynb")["content"].cells[0].source == "1"


@pytest.mark.parametrize("place", [5, len(sealed.MARK) + 3, -1])
def test_a_sealed_notebook_that_was_changed_is_one_message(own, manager, place):
    from tornado.web import HTTPError

    manager.save(cells(TYPED), "a.ipynb")
    path = own.path / "notebooks" / "a.ipynb"
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    with pytest.raises(HTTPError) as error:
        manager.get("a.ipynb")
    assert "Virtanen" not in str(error.value)


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


def test_notebooks_that_others_saved_are_emptied_and_sealed_when_the_lab_begins(own):
    folder = lab.desk(own.path)
    (folder / "mine").mkdir()
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(TYPED, outputs=[shown(VALUE)])])
    (folder / "mine" / "a.ipynb").write_text(nbformat.writes(book), "utf-8")
    (folder / "mine" / "b.ipynb").write_text("[" * 20_000, "utf-8")
    (folder / "mine" / "c.ipynb").symlink_to(own.path / "home.json")
    (folder / "d.ipynb.part").write_text(TYPED, "utf-8")
    lab.desk(own.path)
    before = lying_there(own)
    assert not any(name.endswith(".part") for name in before)
    a, b = (text_of(own, before[f"mine/{name}.ipynb"]) for name in "ab")
    assert VALUE not in a and saving.NOT_KEPT in a and TYPED in json.loads(a)["cells"][0]["source"]
    assert b == "[" * 20_000
    assert json.loads((own.path / "home.json").read_text("utf-8"))["id"] == own.id
    lab.desk(own.path)
    assert lying_there(own) == before


def test_outside_of_the_lab_nothing_is_shown(monkeypatch):
    monkeypatch.delenv(saving.SHOWN_IN, raising=False)
    assert VALUE not in str(revealed()._repr_mimebundle_()) + repr(revealed())
    with pytest.raises(AttributeError):
        revealed().df  # noqa: B018


def desk(synthetic: bool):
    return types.SimpleNamespace(controller=types.SimpleNamespace(synthetic_data=synthetic), words=ENGLISH)


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
