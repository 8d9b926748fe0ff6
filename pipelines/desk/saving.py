"""What a notebook of the home keeps when JupyterLab saves it: only outputs with keys, kinds, counts and dates.

`vahti lab` gives `without_values` to the server, which calls it before every save, including automatic ones; outside that
lab (`SHOWN_IN` unset) values revealed for a reason are not shown at all. What is typed into a cell is kept as typed, and may
name a person: therefore the file is sealed (`pipelines.desk.keeping`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from pipelines.desk.tables import ENGLISH, SAVED, Said, Table
from pipelines.desk.words import Words
from pipelines.home import atomic, keys, sealed
from pipelines.home.store import Home
from pipelines.language.languages import N_

# Set by `vahti lab` for its kernels.
SHOWN_IN = "VAHTI_LAB"
MARK = "vahti_revealed"
LEFT = N_("Values were shown here for a stated reason; they are not saved.")
NOT_KEPT = "What was shown here may hold values and is not saved. Run the cell again to see it."
ELSEWHERE = N_("Values are shown in `vahti lab`, which does not save them, and by `vahti subject --reveal`; not here.")


class Revealed:
    """Values to look at: their output is marked, so that it is shown and never saved, and has no other representation."""

    def __init__(self, values: pd.DataFrame, caption: str, note: str, words: Words = ENGLISH) -> None:
        self._table, self.caption, self._words = Table(values, caption, note, rows=None, words=words), caption, words

    def __len__(self) -> int:
        return len(self._table)

    def __repr__(self) -> str:
        rest = LEFT if os.environ.get(SHOWN_IN) else ELSEWHERE
        said = self._words.put(N_("%(caption)s: %(n)s values."), caption=self.caption, n=len(self))
        return f"{said} {self._words.gettext(rest)}"

    def _repr_mimebundle_(self, **_: object) -> tuple[dict, dict]:
        if not os.environ.get(SHOWN_IN):
            return {"text/plain": repr(self), "text/html": Said("", (("", repr(self)),))._repr_html_()}, {SAVED: True}
        return {"text/plain": repr(self), "text/html": self._table._repr_html_()}, {MARK: True}


def without_values(model: dict, **_: object) -> None:
    """Removes from a notebook about to be saved every output that is not marked as keys, kinds, counts and dates only: results
    of `wb.sql()`, revealed values, frames, figures, printed text, tracebacks."""
    if model.get("type") == "notebook" and isinstance(model.get("content"), dict):
        _emptied(model["content"])


def _emptied(book: dict) -> bool:
    """Whether anything was removed from the notebook."""
    changed = bool(book.get("metadata", {}).pop("widgets", None))
    for cell in book.get("cells", []):
        kept = [_kept(output) for output in cell.get("outputs", [])]
        if cell.get("outputs") and kept != cell["outputs"]:
            cell["outputs"], changed = kept, True
    return changed


def _kept(output: dict) -> dict:
    """The output, or a note in its place."""
    marks = output.get("metadata") or {}
    if SAVED in marks:
        return output
    text = LEFT if MARK in marks else NOT_KEPT
    return {"output_type": "display_data", "data": {"text/plain": text}, "metadata": {SAVED: True}}


def clean(home: Home, folder: Path, turned: Callable[[dict], dict] = dict) -> None:
    """Does the same to every notebook in a folder, and seals them all: another program, or an earlier version, may have saved
    it. `turned`: the notebook in another language. HomeError if one was sealed with another key."""
    key = keys.key(home)
    for part in folder.rglob("*.ipynb.part"):  # left by a killed server
        part.unlink()
    for path in sealed.notebooks(folder):
        data = path.read_bytes()
        text = _cleaned(sealed.unsealed(data, key, path), turned)
        if text is not None or not sealed.is_sealed(data):
            atomic.write(path, sealed.seal(data if text is None else text, key), mode=0o600)


def _cleaned(data: bytes, turned: Callable[[dict], dict]) -> bytes | None:
    """The notebook without values, turned; None if nothing is to be changed, or it is no notebook, which JupyterLab will report."""
    try:
        book = json.loads(data)
        before = json.dumps(book)
        _emptied(book)
        book = turned(book)
        return json.dumps(book, ensure_ascii=False, indent=1).encode() + b"\n" if json.dumps(book) != before else None
    except (ValueError, AttributeError, TypeError, RecursionError):
        return None
