"""The notebooks: their shape, their committed outputs, and that these are what the samples give today.

Strict nbval compares every output; nbclient runs every cell to its end and must write the committed bytes again. No date
is sanitised away.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import desks
import nbformat
import pytest
import worlds
from nbclient.exceptions import CellExecutionError

from pipelines.desk import notebooks
from pipelines.errors import VahtiError
from pipelines.expectations.contract_reader import load_contracts
from pipelines.home import store
from pipelines.registry import build as registry

PATHS = notebooks.notebooks()
BROKEN = Path(__file__).parent / "data" / "broken.ipynb"
NAMED = ("home", "period", "language", "expectations", "query", "customer", "reason")
PARAMETERS = dict.fromkeys(NAMED)
NAMES = {
    "00_start_here", "10_completeness", "20_staleness", "30_retention", "40_consistency",
    "50_minimisation_and_disclosures", "60_access_review", "65_notice", "70_trends",
    "80_data_subject", "90_periodic_report",
}  # fmt: skip


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Path:
    return desks.home(tmp_path_factory)


def each(function):
    return pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)(function)


def code(notebook) -> list:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def nbval(paths: list[Path], home: Path, *more: str) -> subprocess.CompletedProcess:
    """Strict nbval over notebooks of one folder, in a process of its own; each has a kernel of its own."""
    words = [sys.executable, "-m", "pytest", "-p", "nbval.plugin", "--nbval", "-p", "no:cacheprovider"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [*words, "-c", os.devnull, "--rootdir", str(paths[0].parent), *more, *map(str, paths)],
        env=environment | {"VAHTI_HOME": str(home), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


@pytest.fixture(scope="module")
def strict(home, tmp_path_factory) -> tuple[dict[str, list[bool]], str]:
    """By notebook, whether nbval found each cell as it stands; and what it printed. All notebooks in one process."""
    found = tmp_path_factory.mktemp("nbval") / "cells.xml"
    done = nbval(PATHS, home, f"--junitxml={found}")
    cells: dict[str, list[bool]] = {}
    for case in ElementTree.parse(found).iter("testcase"):
        cells.setdefault(case.get("classname", "").removesuffix(".ipynb"), []).append(not len(case))
    return cells, done.stdout[-3000:]


# What is committed is what the samples give


@each
def test_nbval_finds_every_output_as_committed(path, strict):
    cells, printed = strict
    assert cells.get(path.stem) == [True] * len(code(notebooks.read(path))), printed


@each
def test_a_refresh_writes_the_committed_bytes(path, home):
    """`make notebooks` twice gives the same bytes; and every cell runs to its end, unknown magics included."""
    executed = notebooks.execute(notebooks.read(path), {"VAHTI_HOME": str(home)})
    assert nbformat.writes(executed) + "\n" == path.read_text("utf-8")


def test_nbval_rejects_one_changed_number(home, tmp_path):
    path = notebooks.FOLDER / "60_access_review.ipynb"
    notebook = notebooks.read(path)
    said = code(notebook)[-1].outputs[0].data
    changed = re.sub(r"\d+", lambda number: str(int(number[0]) + 1), said["text/plain"], count=1)
    assert changed != said["text/plain"]
    said["text/plain"] = changed
    nbformat.write(notebook, tmp_path / path.name)
    done = nbval([tmp_path / path.name], home)
    assert done.returncode == 1
    assert "1 failed" in done.stdout


def test_a_broken_notebook_is_rejected_although_nbval_would_pass_it():
    """An unknown magic hides the rest of its cell from nbval (its issue 147): hence the run through nbclient."""
    with pytest.raises(CellExecutionError):
        notebooks.execute(notebooks.read(BROKEN), folder=BROKEN.parent)


# Shape


def test_the_notebooks_are_these():
    assert {path.stem for path in PATHS} == NAMES


@each
def test_it_begins_with_its_question_and_who_decides(path):
    first = notebooks.read(path).cells[0]
    assert first.cell_type == "markdown"
    assert first.source.startswith("# ") and "**Question.**" in first.source and "**Who decides.**" in first.source


@each
def test_cells_are_few_and_short_and_logic_is_elsewhere(path):
    cells = code(notebooks.read(path))
    assert 8 <= len(cells) <= 15
    for cell in cells:
        lines = cell.source.splitlines()
        assert len(lines) <= 5 and all(len(line) <= 120 for line in lines), cell.source
        forbidden = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.With, ast.Try, ast.Lambda)
        assert not any(isinstance(node, forbidden) for node in ast.walk(ast.parse(cell.source))), cell.source
    kinds = [cell.cell_type for cell in notebooks.read(path).cells]
    assert kinds.count("markdown") >= len(cells) - 4


@each
def test_it_ends_with_asserts_of_its_conclusion(path):
    tree = ast.parse(code(notebooks.read(path))[-1].source)
    asserts = [node for node in tree.body if isinstance(node, ast.Assert)]
    assert len(asserts) >= 2 and all(node.msg for node in asserts)


@each
def test_only_the_samples_parameters_are_committed(path):
    cells = code(notebooks.read(path))
    tags = [cell.metadata.get("tags", []) for cell in cells]
    assert [place for place, names in enumerate(tags) if "parameters" in names] == [0]
    assert not any("injected-parameters" in names for names in tags)
    tree = ast.parse(cells[0].source)
    assert {node.targets[0].id: ast.literal_eval(node.value) for node in tree.body}.items() <= PARAMETERS.items()


# Outputs


@each
def test_outputs_are_there_counted_from_one_and_clean(path):
    notebook = notebooks.read(path)
    cells = code(notebook)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        shows = isinstance(ast.parse(cell.source).body[-1], ast.Expr)
        assert [output.output_type for output in cell.outputs] == (["execute_result"] if shows else []), cell.source
        assert set(cell.metadata) <= {"tags"}
    assert notebook.metadata == notebooks.METADATA
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


@each
def test_nothing_is_fetched_and_nothing_is_a_script(path):
    for cell in code(notebooks.read(path)):
        for output in cell.outputs:
            for kind, text in output.data.items():
                assert kind in ("text/plain", "text/html")
                assert not re.search(r"https?://|//cdn|<script|<link|\bon[a-z]+=", text), cell.source


@each
def test_every_picture_and_table_says_what_it_is(path):
    shown = "".join(out.data.get("text/html", "") for cell in code(notebooks.read(path)) for out in cell.outputs)
    for image in re.findall(r"<img\b[^>]*>", shown):
        assert re.search(r'alt="[^"]{20,}"', image)
    if path.stem != "90_periodic_report":  # its page has tests of its own
        assert shown.count("<table>") == shown.count("<caption")
    shown = re.sub(r"<style>.*?</style>", "", shown, flags=re.DOTALL)
    assert len(re.findall(r"<th[ >]", shown)) == shown.count('scope="')


@pytest.fixture(scope="module")
def personal(home) -> dict[str, str]:
    """Every text in a personal column of the samples but keys and numbers, with the column it stands in."""
    configured = (worlds.EXPECTATIONS / "controller.yaml").read_text("utf-8").casefold()
    found: dict[str, str] = {}
    with store.reading(store.open_existing(home), worlds.PERIOD) as connection:
        present = registry.columns_present(connection)
        for contract in load_contracts(worlds.EXPECTATIONS / "contracts"):
            for column in contract.columns:
                plain = column.type == "text" and not column.valid_values
                if not (plain and column.personal and column.name in present.get(contract.dataset, ())):
                    continue
                if column.key or column.references:
                    continue
                query = f'select distinct "{column.name}" from registry."{contract.dataset}" where "{column.name}" is not null'
                for (value,) in connection.execute(query).fetchall():
                    if len(value) >= 5 and value.casefold() not in configured:
                        found[value.casefold()] = f"{contract.dataset}.{column.name}"
    return found


@each
def test_no_personal_value_is_in_any_output(path, personal):
    assert len(personal) > 2000
    outputs = json.dumps([cell.outputs for cell in code(notebooks.read(path))], ensure_ascii=False)
    text = re.sub(r"data:image/svg\+xml;base64,[\w+/=]+", "", outputs).casefold()
    words = set(re.findall(r"[\w@.+-]+", text))
    shown = [place for value, place in personal.items() if (value in text if " " in value else value in words)]
    assert shown == []


# Parameters


def test_parameters_follow_the_cell_that_declares_them_and_replace_earlier_ones():
    notebook = notebooks.read(PATHS[0])
    for home in ("/one", "/two"):
        notebook = notebooks.with_parameters(notebook, {"home": home, "period": "2026-03-31"})
    tags = [cell.metadata.get("tags") for cell in code(notebook)]
    assert tags[:3] == [["parameters"], ["injected-parameters"], None]
    assert code(notebook)[1].source == "home = '/two'\nperiod = '2026-03-31'"


def test_a_notebook_without_the_cell_takes_no_parameters():
    with pytest.raises(VahtiError, match="parameters"):
        notebooks.with_parameters(notebooks.read(BROKEN), {"home": "/"})


def test_a_missing_notebook_is_named(tmp_path):
    with pytest.raises(VahtiError, match="no such notebook"):
        notebooks.read(tmp_path / "99_none.ipynb")


@pytest.mark.parametrize("stem", ["20_staleness", "70_trends"])
def test_they_run_on_an_earlier_period_too(stem, home):
    """The oldest period that is kept has nothing to be compared with any more, and lacks an export."""
    period = "2026-03-31"
    notebook = notebooks.read(notebooks.FOLDER / f"{stem}.ipynb")
    executed = notebooks.execute(notebooks.with_parameters(notebook, {"home": str(home), "period": period}))
    assert period in code(executed)[2].outputs[0].data["text/plain"]
