"""Runs notebooks: with parameters, for a report; over the samples, to refresh the committed outputs.

    python -m pipelines.desk.notebooks [FILE …]    executes notebooks/*.ipynb on the samples and writes their outputs

Kernels talk over IPC, run this interpreter, and leave no times or machine details in the notebook.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pipelines.desk.lighter  # noqa: F401  # before nbformat
from pipelines.errors import VahtiError
from pipelines.job import remembered
from pipelines.job.run import run

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager
    from nbformat import NotebookNode

FOLDER = remembered.ROOT / "notebooks"
CELL_SECONDS = 600
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


@cache
def _library() -> ModuleType:
    """nbformat. Imported when a notebook is read, not whenever a workbench is opened."""
    import nbformat

    return nbformat


def text_of(notebook: NotebookNode) -> str:
    """A notebook as in its file."""
    return str(_library().writes(notebook)) + "\n"


def notebooks() -> list[Path]:
    """The project's notebooks, in their order."""
    return sorted(FOLDER.glob("[0-9]*.ipynb"))


def read(path: Path) -> NotebookNode:
    """A notebook; VahtiError if it does not exist."""
    try:
        return _library().read(path, as_version=4)
    except FileNotFoundError:
        raise VahtiError("no such notebook", file=path, remedy="restore it from the repository") from None


def with_parameters(notebook: NotebookNode, parameters: Mapping[str, object]) -> NotebookNode:
    """The notebook with a cell that sets parameters after the one tagged `parameters`, like papermill."""
    cells = [cell for cell in notebook.cells if "injected-parameters" not in cell.metadata.get("tags", [])]
    places = [place for place, cell in enumerate(cells) if "parameters" in cell.metadata.get("tags", [])]
    if not places:
        raise VahtiError("the notebook has no cell tagged `parameters`", remedy="tag the cell that sets its parameters")
    source = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
    cell = _library().v4.new_code_cell(source, id="injected", metadata={"tags": ["injected-parameters"]})
    notebook.cells = [*cells[: places[0] + 1], cell, *cells[places[0] + 1 :]]
    return notebook


def execute(
    notebook: NotebookNode, environment: Mapping[str, str] | None = None, folder: Path = FOLDER
) -> NotebookNode:
    """The notebook, executed from its first cell on; nbclient's CellExecutionError if a cell fails."""
    from nbclient import NotebookClient

    sockets = Path(tempfile.mkdtemp(prefix="vahti-"))  # a socket's path must be short
    try:
        client = NotebookClient(
            notebook,
            km=_kernel(sockets),
            timeout=CELL_SECONDS,
            record_timing=False,
            resources={"metadata": {"path": str(folder)}},
        )
        client.owns_km = True  # so that it ends the kernel, too
        # Neither the user's startup files nor their history.
        client.execute(env=os.environ | dict(environment or {}) | {"IPYTHONDIR": str(sockets)})
    finally:
        shutil.rmtree(sockets, ignore_errors=True)
    return cleaned(notebook)


def _kernel(sockets: Path) -> AsyncKernelManager:
    from jupyter_client.manager import AsyncKernelManager

    manager = AsyncKernelManager(transport="ipc", connection_file=str(sockets / "kernel.json"))
    assert manager.kernel_spec
    manager.kernel_spec.argv = [sys.executable, "-P", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    return manager


def cleaned(notebook: NotebookNode) -> NotebookNode:
    """Without anything that depends on the machine or the time."""
    notebook.metadata = _library().from_dict(METADATA)
    for cell in notebook.cells:
        cell.metadata = _library().from_dict({"tags": cell.metadata["tags"]} if cell.metadata.get("tags") else {})
        for output in cell.get("outputs", []):
            if "metadata" in output:
                output["metadata"] = {}
    return notebook


def refresh(paths: Iterable[Path], home: Path) -> None:
    """Executes notebooks on the samples in `home` (created if there is none) and writes them back."""
    run(home, remembered.OTHERWISE["exports"], remembered.OTHERWISE["expectations"])
    for path in paths:
        print(path.name, flush=True)
        _library().write(execute(read(path), {"VAHTI_HOME": str(home)}), path)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VAHTI_KEY"] = secrets.token_hex(32)
        refresh([Path(name) for name in sys.argv[1:]] or notebooks(), Path(folder) / "home")
