"""What a notebook of the home keeps when JupyterLab saves it: everything but values revealed for a reason.

`vahti lab` gives `without_revealed` to the server, which calls it before every save, automatic ones too; outside of that
lab (`SHOWN_IN` unset) values are not shown at all.
"""

from __future__ import annotations

import os

import pandas as pd

from pipelines.desk.tables import Said, Table

# Set by `vahti lab` for its kernels.
SHOWN_IN = "VAHTI_LAB"
MARK = "vahti_revealed"
LEFT = "Values were shown here for a stated reason; they are not saved."
ELSEWHERE = "Values are shown in `vahti lab`, which does not save them, and by `vahti subject --reveal`; not here."


class Revealed:
    """Values for the eye: their output is marked, so that it is shown and never saved, and no other form of them is had."""

    def __init__(self, values: pd.DataFrame, caption: str, note: str):
        self._table, self.caption = Table(values, caption, note, rows=None), caption

    def __len__(self) -> int:
        return len(self._table)

    def __repr__(self) -> str:
        return f"{self.caption}: {len(self)} values. {LEFT if os.environ.get(SHOWN_IN) else ELSEWHERE}"

    def _repr_mimebundle_(self, **_: object):
        if not os.environ.get(SHOWN_IN):
            return {"text/plain": repr(self), "text/html": Said("", (("", repr(self)),))._repr_html_()}
        return {"text/plain": repr(self), "text/html": self._table._repr_html_()}, {MARK: True}


def without_revealed(model: dict, **_: object) -> None:
    """Takes marked outputs out of a notebook that is about to be saved."""
    if model.get("type") != "notebook" or not isinstance(model.get("content"), dict):
        return
    for cell in model["content"].get("cells", []):
        for output in cell.get("outputs", []):
            if MARK in (output.get("metadata") or {}):
                output["data"], output["metadata"] = {"text/plain": LEFT}, {}
