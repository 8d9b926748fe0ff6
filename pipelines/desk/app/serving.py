"""`vahti desk`: Voilà on the first notebook's application, and on nothing else of the home.

It shows the packaged notebook up to the cell tagged `desk`: code that somebody wrote into the home's own copies does not
run here.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pipelines import outputs
from pipelines.desk import lab, notebooks
from pipelines.errors import VahtiError

TAG = "desk"


def start(
    home: Path, expectations: Path, browser: bool = True, port: int | None = None, code: str | None = None
) -> int:
    """Runs the application until it is ended; returns its exit code. `code`: the language; the controller's own if not given."""
    return lab.serve(home, expectations, lambda place: command(place, browser, port), code)


def command(home: Path, browser: bool = True, port: int | None = None) -> list[str]:
    """The command line that starts it on a home."""
    more = [*([str(port)] if port else []), *([] if browser else ["--no-browser"])]
    return [sys.executable, "-P", "-m", "pipelines.desk.app.server", str(application(home)), *more]


def application(home: Path) -> Path:
    """The notebook that is shown, written into the home."""
    notebook = notebooks.read(notebooks.FOLDER / lab.START)
    places = [place for place, cell in enumerate(notebook.cells) if TAG in cell.metadata.get("tags", [])]
    if not places:
        raise VahtiError(f"{lab.START} has no cell tagged `{TAG}`", remedy="restore it from the repository")
    cells = [cell for cell in notebook.cells[: places[0] + 1] if cell.cell_type == "code"]
    for cell in cells:
        cell.outputs, cell.execution_count = [], None
    notebook.cells = cells
    return outputs.write_text(lab.own(home) / "desk", lab.START, notebooks.text_of(notebook))
